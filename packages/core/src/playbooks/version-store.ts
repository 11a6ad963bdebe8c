import type { PlaybookExample, PlaybookTest, PlaybookVersion, PlaybookVersionSummary } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { countOf, isoOf, isThere, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

interface SummaryRow {
  readonly playbook_id: string
  readonly agent_type: string
  readonly version: number
  readonly parent: number | null
  readonly note: string | null
  readonly created_by: string
  readonly created_at: string
  readonly test: PlaybookTest | null
}

interface VersionRow extends SummaryRow {
  readonly instructions: string
  readonly examples: readonly PlaybookExample[]
}

/** Writes a version. */
export async function insertVersion(tx: Tx, version: Omit<PlaybookVersion, 'agentType' | 'test'>): Promise<void> {
  await countOf(
    tx,
    sql`insert into playbook_versions (workspace_id, playbook_id, version, parent, instructions, examples, note,
          created_by, created_at)
        values (${tx.workspace}, ${version.playbook}, ${version.version}, ${version.parent}, ${version.instructions},
          ${JSON.stringify(version.examples)}::jsonb, ${version.note}, ${version.createdBy}, ${version.createdAt})`,
  )
}

/** Records the test of a version; false when it has one, or is not there. */
export async function insertTest(
  tx: Tx,
  { playbook, version }: Pick<PlaybookVersion, 'playbook' | 'version'>,
  test: PlaybookTest,
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update playbook_versions set test = ${JSON.stringify(test)}::jsonb
        where workspace_id = ${tx.workspace} and playbook_id = ${playbook} and version = ${version} and test is null`,
  )
  return changed === 1
}

/** Whether a playbook has a version. */
export function hasVersion(tx: Tx, playbook: string, version: number): Promise<boolean> {
  return isThere(
    tx,
    sql`select from playbook_versions
        where workspace_id = ${tx.workspace} and playbook_id = ${playbook} and version = ${version}`,
  )
}

/** Finds a version. */
export async function findVersion(tx: Tx, playbook: string, version: number): Promise<PlaybookVersion | undefined> {
  const row = await rowOf<VersionRow>(
    tx,
    sql`select v.*, p.agent_type from playbook_versions v
          join playbooks p on p.workspace_id = v.workspace_id and p.id = v.playbook_id
        where v.workspace_id = ${tx.workspace} and v.playbook_id = ${playbook} and v.version = ${version}`,
  )
  if (row === undefined) return undefined
  return { ...toSummary(row), instructions: row.instructions, examples: row.examples }
}

/** Reads a page of versions without their texts, newest first, one more than the limit. */
export async function listVersions(
  tx: Tx,
  query: { readonly playbook: string; readonly before: number | undefined; readonly limit: number },
): Promise<readonly PlaybookVersionSummary[]> {
  const before = query.before ?? null
  const rows = await rowsOf<SummaryRow & { readonly examples: number }>(
    tx,
    sql`select v.playbook_id, p.agent_type, v.version, v.parent, v.note, v.created_by, v.created_at, v.test,
          jsonb_array_length(v.examples) as examples
        from playbook_versions v join playbooks p on p.workspace_id = v.workspace_id and p.id = v.playbook_id
        where v.workspace_id = ${tx.workspace} and v.playbook_id = ${query.playbook}
          and (${before}::integer is null or v.version < ${before})
        order by v.version desc limit ${query.limit + 1}`,
  )
  return rows.map((row) => ({ ...toSummary(row), examples: row.examples }))
}

function toSummary(row: SummaryRow): Omit<PlaybookVersionSummary, 'examples'> {
  return {
    playbook: row.playbook_id,
    agentType: row.agent_type,
    version: row.version,
    parent: row.parent,
    note: row.note,
    createdBy: row.created_by,
    createdAt: isoOf(row.created_at),
    test: row.test,
  }
}
