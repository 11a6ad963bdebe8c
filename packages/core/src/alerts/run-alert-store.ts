import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { RuleMoment } from './standing-rule.ts'

const MINUTE_MS = 60_000

/**
 * Runs that began, whose outcome has been unknown for so many minutes: by their proposal or queue entry, where a person says what
 * came of it; one that has neither stands until somebody has looked at it.
 */
export function unknownOutcomes(tx: Tx, { now, thresholds }: RuleMoment): SQL {
  const since = isoTime(now - (thresholds.minutes ?? 0) * MINUTE_MS)
  return sql`select coalesce(e.proposal_id, e.queue_entry_id, e.id) as subject, e.agent_id as agent,
      jsonb_build_object('action', e.action) as facts
    from executions e where e.workspace_id = ${tx.workspace} and e.state = 'outcome_unknown'
      and e.settled_at <= ${since}::timestamptz
      and (e.proposal_id is not null or e.queue_entry_id is not null or not exists (select from alerts k
        where k.workspace_id = e.workspace_id and k.code = 'OUTCOME_UNKNOWN' and k.subject_id = e.id
          and k.acknowledged_by is not null))`
}

/** Alerts about queued runs that are tried no more, while nobody looks at them. */
export function unseenPoison(tx: Tx): SQL {
  return sql`select k.subject_id as subject, k.agent_id as agent, '{}'::jsonb as facts from alerts k
    where k.workspace_id = ${tx.workspace} and k.code = 'QUEUE_POISON' and k.cleared_at is null and k.acknowledged_by is null`
}
