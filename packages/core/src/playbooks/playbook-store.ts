import type { Playbook } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { TimePlace } from '../kernel/pagination.ts'

interface PlaybookRow {
  readonly id: string
  readonly agent_type: string
  readonly name: string | null
  readonly latest: number
  readonly created_by: string
  readonly created_at: string
}

/** Makes the playbook of a type of agents, unless there is one. */
export async function insertPlaybook(
  tx: Tx,
  playbook: Pick<Playbook, 'id' | 'agentType' | 'createdBy' | 'createdAt'>,
): Promise<void> {
  const { id, agentType, createdBy, createdAt } = playbook
  await countOf(
    tx,
    sql`insert into playbooks (id, workspace_id, agent_type, created_by, created_at)
        values (${id}, ${tx.workspace}, ${agentType}, ${createdBy}, ${createdAt})
        on conflict (workspace_id, agent_type) do nothing`,
  )
}

/** Holds a playbook until the transaction ends: versions and deployments of it come one after the other. */
export async function holdPlaybook(
  tx: Tx,
  by: { readonly id: string } | { readonly agentType: string },
): Promise<Playbook | undefined> {
  const which = 'id' in by ? sql`id = ${by.id}` : sql`agent_type = ${by.agentType}`
  const row = await rowOf<PlaybookRow>(
    tx,
    sql`select * from playbooks where workspace_id = ${tx.workspace} and ${which} for update`,
  )
  return row && toPlaybook(row)
}

/** Counts one more version of a playbook, and names it where a name is given; false when it has another number by now. */
export async function countVersion(
  tx: Tx,
  { id, latest }: Pick<Playbook, 'id' | 'latest'>,
  name: string | null,
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update playbooks set latest = ${latest + 1}, name = coalesce(${name}, name)
        where workspace_id = ${tx.workspace} and id = ${id} and latest = ${latest}`,
  )
  return changed === 1
}

/** Finds a playbook. */
export async function findPlaybook(tx: Tx, id: string): Promise<Playbook | undefined> {
  const row = await rowOf<PlaybookRow>(
    tx,
    sql`select * from playbooks where workspace_id = ${tx.workspace} and id = ${id}`,
  )
  return row && toPlaybook(row)
}

/** Reads a page of playbooks, newest first, one more than the limit. */
export async function listPlaybooks(
  tx: Tx,
  query: { readonly agentType: string | null; readonly before: TimePlace | null; readonly limit: number },
): Promise<readonly Playbook[]> {
  const { agentType, before, limit } = query
  const rows = await rowsOf<PlaybookRow>(
    tx,
    sql`select * from playbooks where workspace_id = ${tx.workspace}
          and (${agentType}::text is null or agent_type = ${agentType})
          and (${before?.at ?? null}::timestamptz is null
            or (created_at, id) < (${before?.at ?? null}::timestamptz, ${before?.id ?? null}))
        order by created_at desc, id desc limit ${limit + 1}`,
  )
  return rows.map(toPlaybook)
}

function toPlaybook(row: PlaybookRow): Playbook {
  return {
    id: row.id,
    agentType: row.agent_type,
    name: row.name,
    latest: row.latest,
    createdBy: row.created_by,
    createdAt: isoOf(row.created_at),
  }
}
