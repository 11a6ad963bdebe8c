import { type SQL, sql } from 'drizzle-orm'
import { rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import { mayDecide } from '../proposals/approver-store.ts'

/** An approved proposal that nobody claims. */
export interface UnclaimedProposal {
  readonly id: string
  readonly agent: string
  readonly action: string
}

/** Approved proposals that a worker should have claimed before a time, and of which no alert is open. */
export async function listUnclaimed(
  tx: Tx,
  { since, limit }: { readonly since: string; readonly limit: number },
): Promise<readonly UnclaimedProposal[]> {
  return rowsOf(
    tx,
    sql`select p.id, p.agent_id as agent, p.action from proposals p
        where p.workspace_id = ${tx.workspace} and p.state = 'approved' and p.executor = 'registered'
          and greatest(p.updated_at, p.runnable_at) <= ${since}
          and ${isUnheard('NO_EXECUTOR', since)}
        order by p.updated_at limit ${limit}`,
  )
}

/** A pending proposal that too few may decide on. */
export interface UndecidableProposal {
  readonly id: string
  readonly agent: string
  readonly needed: number
  readonly eligible: number
}

/** Pending proposals of before a time that too few members may decide on, where there are members at all. */
export async function listUndecidable(
  tx: Tx,
  query: { readonly since: string; readonly separationOfDuties: boolean; readonly limit: number },
): Promise<readonly UndecidableProposal[]> {
  return rowsOf(
    tx,
    sql`select * from (
          select p.id, p.agent_id as agent, p.required_approvals as needed, ${eligible(query.separationOfDuties)} as eligible
          from proposals p join agents a on a.workspace_id = p.workspace_id and a.id = p.agent_id
          where p.workspace_id = ${tx.workspace} and p.state = 'pending' and p.created_at <= ${query.since}
            and ${isUnheard('NO_APPROVER', query.since)}
        ) as pending
        where eligible < needed and exists (select from memberships m where m.workspace_id = ${tx.workspace})
        order by id limit ${query.limit}`,
  )
}

/** Open alerts about proposals that have moved on since, or that enough may decide on by now. */
export async function listOutdated(
  tx: Tx,
  { separationOfDuties }: { readonly separationOfDuties: boolean },
): Promise<readonly { readonly code: 'NO_EXECUTOR' | 'NO_APPROVER'; readonly subject: string }[]> {
  return rowsOf(
    tx,
    sql`select l.code, l.subject_id as subject from alerts l
        where l.workspace_id = ${tx.workspace} and l.cleared_at is null and l.code in ('NO_EXECUTOR', 'NO_APPROVER')
          and not exists (
            select from proposals p join agents a on a.workspace_id = p.workspace_id and a.id = p.agent_id
            where p.workspace_id = l.workspace_id and p.id = l.subject_id and case l.code
              when 'NO_EXECUTOR' then p.state = 'approved'
              else p.state = 'pending' and ${eligible(separationOfDuties)} < p.required_approvals end)
        order by l.id`,
  )
}

/** How many members may decide on the proposal `p` of the agent `a`. */
function eligible(separationOfDuties: boolean): SQL {
  return sql`(select count(*)::int from memberships m
    where m.workspace_id = p.workspace_id and ${mayDecide(separationOfDuties)})`
}

/** Whether no alert of a code is open, or muted, about the proposal `p`. */
function isUnheard(code: string, since: string): SQL {
  return sql`not exists (select from alerts l where l.workspace_id = p.workspace_id and l.code = ${code}
    and l.subject_id = p.id and (l.cleared_at is null or l.muted_until > ${since}))`
}

/** Finds the workspaces in which something may be wrong, or is no more. */
export async function findSuspects(tx: Tx): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly workspace_id: string }>(
    tx,
    sql`select workspace_id from proposals where state = 'pending' or (state = 'approved' and executor = 'registered')
        union select workspace_id from alerts where cleared_at is null and code in ('NO_EXECUTOR', 'NO_APPROVER', 'BYPASS_ACTIVE',
          'BREAKER_OPEN')`,
  )
  return rows.map((row) => row.workspace_id)
}
