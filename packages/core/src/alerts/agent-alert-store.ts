import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { RuleMoment } from './standing-rule.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

/**
 * Agents that have gained no confidence for so many days although something has waited all that time: an attempt that was
 * blocked, or a course that nobody decided on.
 */
export function stuckAgents(tx: Tx, { now, thresholds }: RuleMoment): SQL {
  const since = isoTime(now - (thresholds.days ?? 0) * DAY_MS)
  const waits = (table: 'blocked_triggers' | 'training_proposals', isOpen: string): SQL =>
    sql`exists (select from ${sql.raw(table)} o where o.workspace_id = a.workspace_id and o.agent_id = a.id
      and o.${sql.raw(isOpen)} and o.created_at <= ${since}::timestamptz)`
  return sql`select a.id as subject, a.id as agent, '{}'::jsonb as facts from agents a
    where a.workspace_id = ${tx.workspace} and a.lifecycle = 'active'
      and (${waits('blocked_triggers', 'resolved_at is null')} or ${waits('training_proposals', `state = 'proposed'`)})
      and not exists (select from confidence_entries c where c.workspace_id = a.workspace_id and c.agent_id = a.id
        and c.applied > 0 and c.created_at > ${since}::timestamptz)`
}

/** Proposals of courses that nobody has decided on for so many days; they do not expire. */
export function undecidedTraining(tx: Tx, { now, thresholds }: RuleMoment): SQL {
  const since = isoTime(now - (thresholds.days ?? 0) * DAY_MS)
  return sql`select t.id as subject, t.agent_id as agent, '{}'::jsonb as facts from training_proposals t
    where t.workspace_id = ${tx.workspace} and t.state = 'proposed' and t.created_at <= ${since}::timestamptz`
}

/** Whether somebody at supervised has attempted something to be watched since a time. */
export function supervisedAttempts(tx: Tx, { now, thresholds }: RuleMoment): SQL {
  const since = isoTime(now - (thresholds.hours ?? 0) * HOUR_MS)
  return sql`select from maturity_records r
    join agents a on a.workspace_id = r.workspace_id and a.id = r.agent_id and a.lifecycle = 'active'
    where r.workspace_id = ${tx.workspace} and r.maturity = 'supervised'
      and exists (select from decision_counts d where d.workspace_id = r.workspace_id and d.agent_id = r.agent_id
        and d.hour >= date_trunc('hour', ${since}::timestamptz, 'UTC') and d.source <> 'manual')`
}
