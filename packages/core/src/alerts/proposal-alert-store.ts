import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { mayDecide } from '../proposals/approver-store.ts'
import type { RuleMoment } from './standing-rule.ts'

const SECOND_MS = 1_000

/** Approved proposals that a worker should have claimed so many seconds ago. */
export function unclaimedProposals(tx: Tx, { now, thresholds }: RuleMoment): SQL {
  const since = isoTime(now - (thresholds.seconds ?? 0) * SECOND_MS)
  return sql`select p.id as subject, p.agent_id as agent, jsonb_build_object('action', p.action) as facts from proposals p
    where p.workspace_id = ${tx.workspace} and p.state = 'approved' and p.executor = 'registered'
      and greatest(p.updated_at, p.runnable_at) <= ${since}::timestamptz`
}

/** Proposals that have been pending for so many seconds while too few members may decide on them, where there are members at all. */
export function undecidableProposals(tx: Tx, { now, thresholds, separationOfDuties }: RuleMoment): SQL {
  const since = isoTime(now - (thresholds.seconds ?? 0) * SECOND_MS)
  return sql`select id as subject, agent, jsonb_build_object('needed', needed, 'eligible', eligible) as facts from (
      select p.id, p.agent_id as agent, p.required_approvals as needed, (
        select count(*)::int from memberships m
        where m.workspace_id = p.workspace_id and ${mayDecide(separationOfDuties)}) as eligible
      from proposals p join agents a on a.workspace_id = p.workspace_id and a.id = p.agent_id
      where p.workspace_id = ${tx.workspace} and p.state = 'pending' and p.created_at <= ${since}::timestamptz
    ) as pending
    where eligible < needed and exists (select from memberships m where m.workspace_id = ${tx.workspace})`
}
