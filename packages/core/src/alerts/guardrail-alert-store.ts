import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { RuleMoment } from './standing-rule.ts'

/** Bypasses that are in force. */
export function activeBypasses(tx: Tx, { now }: RuleMoment): SQL {
  return sql`select b.id as subject, b.agent_id as agent, '{}'::jsonb as facts from bypasses b
    where b.workspace_id = ${tx.workspace} and b.lifted_at is null and b.expires_at > ${isoTime(now)}::timestamptz`
}

/** Agents that are paused: one of them may be so because it kept failing. */
export function pausedAgents(tx: Tx): SQL {
  return sql`select a.id as subject, a.id as agent, '{}'::jsonb as facts from agents a
    where a.workspace_id = ${tx.workspace} and a.lifecycle = 'paused'`
}

/** Reviewers that are suspended. */
export function suspendedReviewers(tx: Tx): SQL {
  return sql`select r.agent_id as subject, r.agent_id as agent, '{}'::jsonb as facts from reviewers r
    where r.workspace_id = ${tx.workspace} and r.state = 'suspended'`
}

/** Whom something could be delivered to: webhooks that are active, and channels. What is removed or wants nothing more is not awaited. */
export function reachableTargets(tx: Tx): SQL {
  return sql`select w.id as subject, null::text as agent, '{}'::jsonb as facts from webhooks w
    where w.workspace_id = ${tx.workspace} and w.state = 'active'
    union all select c.channel, null, '{}'::jsonb from notification_cursors c where c.workspace_id = ${tx.workspace}`
}
