import type { PlaybookExample } from '@preceptor/client'
import { isoOf, rowsOf, type Tx } from '@preceptor/core/plugin'
import { sql } from 'drizzle-orm'
import type { OldestQuery } from '../sessions/session-store.ts'

/** A version of a playbook, as it is exported. */
export interface ExportedVersion {
  /** Of the playbook and the version, such as `pbk_1/0000000002`: its place among those of one moment. */
  readonly id: string
  readonly playbook: string
  readonly version: number
  readonly agentType: string
  readonly instructions: string
  readonly examples: readonly PlaybookExample[]
  readonly note: string | null
  readonly test: unknown
  readonly createdBy: string
  readonly createdAt: string
}

/** Lists versions of playbooks, oldest first, up to a time; one more than the limit. */
export async function listOldestVersions(
  tx: Tx,
  { agentType, after, until, limit }: OldestQuery,
): Promise<readonly ExportedVersion[]> {
  const rows = await rowsOf<Omit<ExportedVersion, 'createdAt'> & { readonly created_at: string }>(
    tx,
    sql`with versions as (
          select v.playbook_id || '/' || lpad(v.version::text, 10, '0') as id, v.playbook_id as playbook, v.version,
            p.agent_type as "agentType", v.instructions, v.examples, v.note, v.test, v.created_by as "createdBy",
            v.created_at
          from playbook_versions v join playbooks p on p.workspace_id = v.workspace_id and p.id = v.playbook_id
          where v.workspace_id = ${tx.workspace} and v.created_at <= ${until}
            and (${agentType}::text is null or p.agent_type = ${agentType}))
        select * from versions
        where ${after?.at ?? null}::timestamptz is null
          or (created_at, id) > (${after?.at ?? null}::timestamptz, ${after?.id ?? null}::text)
        order by created_at, id limit ${limit + 1}`,
  )
  return rows.map(({ created_at, ...row }) => ({ ...row, createdAt: isoOf(created_at) }))
}
