import type { QueueEntry, Risk } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import { MOST_ATTEMPTS } from './offer-store.ts'

/** An entry that is held until the transaction ends. */
export interface HeldEntry {
  readonly id: string
  readonly agent: string
  readonly decisionId: string
  readonly action: string
  readonly risk: Risk
  readonly state: QueueEntry['state']
  readonly executor: QueueEntry['executor']
  readonly attempt: number
  readonly askedBy: string
  readonly sessionId: string | null
  readonly expiresAt: string
}

interface HeldRow {
  readonly id: string
  readonly agent_id: string
  readonly decision_id: string
  readonly action: string
  readonly risk: Risk
  readonly state: QueueEntry['state']
  readonly executor: QueueEntry['executor']
  readonly attempt: number
  readonly asked_by: string | null
  readonly session_id: string | null
  readonly expires_at: string
}

/** Holds an entry; whoever comes second sees what the first one did. */
export async function lockEntry(tx: Tx, id: string): Promise<HeldEntry | undefined> {
  const row = await rowOf<HeldRow>(
    tx,
    sql`select * from supervised_queue where workspace_id = ${tx.workspace} and id = ${id} for update`,
  )
  return row && toHeld(row)
}

/** Holds an entry that may be claimed, unless another transaction holds it. */
export async function lockClaimable(
  tx: Tx,
  { id, at }: { readonly id: string; readonly at: string },
): Promise<HeldEntry | undefined> {
  const row = await rowOf<HeldRow>(
    tx,
    sql`select * from supervised_queue where workspace_id = ${tx.workspace} and id = ${id} and state = 'pending'
          and expires_at > ${at}::timestamptz and attempt < ${MOST_ATTEMPTS} for update skip locked`,
  )
  return row && toHeld(row)
}

/** Notes that the run of an entry was claimed; undefined when it may not be, else its fence. */
export async function startEntry(
  tx: Tx,
  start: { readonly id: string; readonly sessionId: string; readonly at: string },
): Promise<{ readonly fence: number; readonly attempt: number } | undefined> {
  const row = await rowOf<{ readonly fence: string; readonly attempt: number }>(
    tx,
    sql`update supervised_queue set state = 'executing', attempt = attempt + 1, fence = fence + 1,
          session_id = ${start.sessionId}, offered_to = null, offered_until = null, not_before = null, reason = null,
          started_at = ${start.at}, updated_at = ${start.at}
        where workspace_id = ${tx.workspace} and id = ${start.id} and state = 'pending'
          and expires_at > ${start.at}::timestamptz and attempt < ${MOST_ATTEMPTS}
        returning fence, attempt`,
  )
  return row && { fence: Number(row.fence), attempt: row.attempt }
}

/** Ends an entry; false when it was in none of the states. */
export async function endEntry(
  tx: Tx,
  end: {
    readonly id: string
    readonly from: readonly QueueEntry['state'][]
    readonly to: 'completed' | 'failed' | 'cancelled' | 'outcome_unknown'
    readonly reason: string | null
    readonly at: string
  },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update supervised_queue set state = ${end.to}, reason = ${end.reason}, offered_to = null, offered_until = null,
          updated_at = ${end.at}, settled_at = ${end.to === 'outcome_unknown' ? null : end.at}::timestamptz
        where workspace_id = ${tx.workspace} and id = ${end.id} and state = any(${sql.param(end.from)}::text[])`,
  )
  return changed === 1
}

/** Gives an entry another priority; false when it does not wait. */
export async function setPriority(
  tx: Tx,
  change: { readonly id: string; readonly priority: number; readonly at: string },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update supervised_queue set priority = ${change.priority}, updated_at = ${change.at}
        where workspace_id = ${tx.workspace} and id = ${change.id} and state = 'pending'
          and expires_at > ${change.at}::timestamptz`,
  )
  return changed === 1
}

/** Lets an entry wait again; an attempt under which nothing ran does not count. */
export async function returnEntry(
  tx: Tx,
  back: {
    readonly id: string
    readonly reason: string
    readonly notBefore: string
    readonly counts: boolean
    readonly at: string
  },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update supervised_queue set state = 'pending', reason = ${back.reason}, session_id = null, step_id = null,
          not_before = ${back.notBefore}, attempt = attempt - ${back.counts ? 0 : 1}, updated_at = ${back.at}
        where workspace_id = ${tx.workspace} and id = ${back.id} and state = 'executing'`,
  )
  return changed === 1
}

/** Expires entries that waited too long; what another transaction holds is left. */
export async function expireDueEntries(
  tx: Tx,
  { at, limit }: { readonly at: string; readonly limit: number },
): Promise<readonly HeldEntry[]> {
  const rows = await rowsOf<HeldRow>(
    tx,
    sql`with due as (
          select id from supervised_queue
          where workspace_id = ${tx.workspace} and state = 'pending' and expires_at <= ${at}
          order by expires_at limit ${limit} for update skip locked
        )
        update supervised_queue q set state = 'expired', updated_at = ${at}, settled_at = ${at}, offered_to = null,
          offered_until = null
        from due where q.id = due.id and q.state = 'pending'
        returning q.*`,
  )
  return rows.map(toHeld)
}

/** Whether the run of an entry may be begun again although it began before. */
export async function mayRepeat(tx: Tx, id: string): Promise<boolean> {
  const row = await rowOf<{ readonly idempotent: boolean }>(
    tx,
    sql`select idempotent from executions where workspace_id = ${tx.workspace} and queue_entry_id = ${id}`,
  )
  return row?.idempotent === true
}

function toHeld(row: HeldRow): HeldEntry {
  return {
    id: row.id,
    agent: row.agent_id,
    decisionId: row.decision_id,
    action: row.action,
    risk: row.risk,
    state: row.state,
    executor: row.executor,
    attempt: row.attempt,
    askedBy: row.asked_by ?? `agent:${row.agent_id}`,
    sessionId: row.session_id,
    expiresAt: isoOf(row.expires_at),
  }
}
