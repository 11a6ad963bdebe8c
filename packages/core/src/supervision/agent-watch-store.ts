import type { Risk } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { countOf, isThere, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import { LAPSED } from './store.ts'

/** Whether a reviewer let a step begin as it stands now. */
export async function isStepApproved(
  tx: Tx,
  asked: { readonly step: string; readonly corrections: number; readonly by: string },
): Promise<boolean> {
  return isThere(
    tx,
    sql`select from reviews where workspace_id = ${tx.workspace} and kind = 'step' and step_id = ${asked.step}
          and corrections = ${asked.corrections} and reviewer_id = ${asked.by} and effect = 'approved'`,
  )
}

/** Whether a process said lately that a reviewer of it could watch. */
export async function hasReadyReviewer(
  tx: Tx,
  { except, risk, at }: { readonly except: string; readonly risk: Risk; readonly at: string },
): Promise<boolean> {
  return isThere(
    tx,
    sql`select from reviewers where workspace_id = ${tx.workspace} and state = 'active' and agent_id <> ${except}
          and ready_until > ${at}::timestamptz and (ready_for = 'medium' or ready_for = ${risk})`,
  )
}

/** Whether a reviewer was asked about the same action with the same args and did not let it begin. */
export async function wasLeftToPeople(
  tx: Tx,
  asked: { readonly agent: string; readonly action: string; readonly argsHash: string; readonly since: string },
): Promise<boolean> {
  return isThere(
    tx,
    sql`select from reviews r join session_steps s on s.id = r.step_id
        where r.workspace_id = ${tx.workspace} and r.kind = 'step' and r.agent_id = ${asked.agent}
          and r.state = 'completed' and r.effect <> 'approved' and r.created_at > ${asked.since}
          and s.action = ${asked.action} and s.args_hash = ${asked.argsHash}`,
  )
}

/** Lets reviewers come to watch a step until then; false when that was said before, or it does not wait. */
export async function openStepToReviewers(
  tx: Tx,
  { step, until }: { readonly step: string; readonly until: string },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update session_steps set reviewer_until = ${until}
        where workspace_id = ${tx.workspace} and id = ${step} and state = 'waiting' and reviewer_until is null`,
  )
  return changed === 1
}

/** Finds open sessions that nobody watches, and to which a reviewer may come. */
export async function findWatchable(
  tx: Tx,
  { at, limit }: { readonly at: string; readonly limit: number },
): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly id: string }>(
    tx,
    sql`select w.id from supervision_sessions w where w.workspace_id = ${tx.workspace} and w.ended_at is null
          and (w.supervisor_lease_expires_at is null or w.supervisor_lease_expires_at < ${at}::timestamptz)
          and (w.paused_by is null or w.paused_by = ${LAPSED})
          and exists (select from session_steps s where s.workspace_id = w.workspace_id and s.session_id = w.id
            and s.state = 'waiting' and s.reviewer_until > ${at}::timestamptz)
        order by w.created_at limit ${limit}`,
  )
  return rows.map(({ id }) => id)
}

/** Whether what an agent may not watch is under way in a session, or a reviewer was asked about what waits there. */
export async function isForPeople(tx: Tx, session: string): Promise<boolean> {
  return isThere(
    tx,
    sql`select from session_steps s where s.workspace_id = ${tx.workspace} and s.session_id = ${session} and (
          s.state = 'waiting' and (s.risk not in ('safe', 'medium')
            or exists (select from reviews r where r.step_id = s.id and r.kind = 'step'))
          or s.state = 'started' and s.risk not in ('safe', 'medium') and exists (
            select from executions e where e.session_id = s.session_id and e.decision_id = s.id and e.state = 'claimed'))`,
  )
}

/** Ends the watch of an agent: nobody holds the session then. */
export async function endWatch(
  tx: Tx,
  { session, holder }: { readonly session: string; readonly holder: string },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update supervision_sessions set supervisor_id = null, supervisor_lease_expires_at = null, fence = fence + 1
        where workspace_id = ${tx.workspace} and id = ${session} and supervisor_id = ${holder}`,
  )
  return changed === 1
}
