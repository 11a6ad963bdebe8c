import type { Role } from '@preceptor/client'
import { type SQL, sql } from 'drizzle-orm'
import { hadHandIn } from '../agents/store.ts'
import { rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

const MOST = 200

/**
 * Whether the member `m` may decide on the proposal `p` of the agent `a`: supervisors and administrators, without who
 * asked and who has had a hand in the agent, unless the workspace lets them decide.
 */
export function mayDecide(separationOfDuties: boolean): SQL {
  return sql`(m.roles && array['supervisor', 'admin']
    and ((not ${separationOfDuties}::boolean and p.risk <> 'critical')
      or (p.proposed_by <> 'user:' || m.user_id and not ${hadHandIn(sql`array[m.user_id]`)})))`
}

/** Ids of the members who may decide on a proposal, at most 200. */
export async function listApprovers(
  tx: Tx,
  { proposal, separationOfDuties }: { readonly proposal: string; readonly separationOfDuties: boolean },
): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly user_id: string }>(
    tx,
    sql`select m.user_id from proposals p
        join agents a on a.workspace_id = p.workspace_id and a.id = p.agent_id
        join memberships m on m.workspace_id = p.workspace_id
        where p.workspace_id = ${tx.workspace} and p.id = ${proposal} and ${mayDecide(separationOfDuties)}
        order by m.user_id limit ${MOST}`,
  )
  return rows.map((row) => row.user_id)
}

/** Ids of the members who have a role, at most 200. */
export async function listMembersWith(tx: Tx, role: Role): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly user_id: string }>(
    tx,
    sql`select user_id from memberships where workspace_id = ${tx.workspace} and ${role} = any(roles)
        order by user_id limit ${MOST}`,
  )
  return rows.map((row) => row.user_id)
}
