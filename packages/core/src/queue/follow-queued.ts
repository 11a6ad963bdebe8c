import { raiseAlert } from '../alerts/raise-alert.ts'
import type { GovernorContext, SettledExecution } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import type { EventKind } from '../journal/event-kinds.ts'
import { isoTime } from '../kernel/clock.ts'
import { endSessionIn } from '../supervision/end-session.ts'
import { endEntry, type HeldEntry, lockEntry, mayRepeat, returnEntry } from './claim-store.ts'
import { MOST_ATTEMPTS } from './offer-store.ts'

const RETRY_AFTER_MS = 5_000

/** Moves a queue entry along with the end of its run, in the transaction that records that end. */
export async function followQueued(context: GovernorContext, tx: Tx, settled: SettledExecution): Promise<void> {
  const { queueEntryId, end, actor, executionId } = settled
  if (queueEntryId === null) return
  const entry = await lockEntry(tx, queueEntryId)
  if (entry?.state !== 'executing') return
  if (end === 'succeeded') {
    await finish(context, tx, { entry, to: 'completed', reason: null, actor, executionId })
    return
  }
  if (end === 'released') {
    const reason = 'The run was claimed and did not begin.'
    await letWait(context, tx, { entry, reason, actor, counts: false })
    return
  }
  const reason = end === 'failed' ? 'The run failed.' : 'The run began and its outcome is unknown.'
  if (await mayRepeat(tx, entry.id)) {
    if (entry.attempt < MOST_ATTEMPTS) await letWait(context, tx, { entry, reason, actor, counts: true })
    else await giveUp(context, tx, { entry, reason, actor, executionId })
  } else {
    const to = end === 'failed' ? 'failed' : 'outcome_unknown'
    await finish(context, tx, { entry, to, reason, actor, executionId })
  }
  // Nobody is left who could end the session of a run that was lost.
  if (end === 'outcome_unknown') await endLostSession(context, tx, entry)
}

interface Ending {
  readonly entry: HeldEntry
  readonly to: 'completed' | 'failed' | 'outcome_unknown'
  readonly reason: string | null
  readonly actor: string
  readonly executionId: string
}

/** Ends an entry, with its journal row. */
async function finish(
  context: GovernorContext,
  tx: Tx,
  { entry, to, reason, actor, executionId }: Ending,
): Promise<void> {
  const { id, agent, attempt } = entry
  if (!(await endEntry(tx, { id, from: ['executing'], to, reason, at: isoTime(context.clock.now()) }))) return
  const kind: EventKind = `queue_entry.${to}`
  await context.journal.append(tx, { kind, subject: id, agent, body: { actor, attempt, executionId, reason } })
}

async function letWait(
  context: GovernorContext,
  tx: Tx,
  {
    entry,
    reason,
    actor,
    counts,
  }: Pick<Ending, 'entry' | 'actor'> & { readonly reason: string; readonly counts: boolean },
): Promise<void> {
  const { id, agent, attempt } = entry
  const now = context.clock.now()
  const notBefore = isoTime(now + RETRY_AFTER_MS * attempt)
  if (!(await returnEntry(tx, { id, reason, notBefore, counts, at: isoTime(now) }))) return
  const body = { actor, attempt, reason, counts, notBefore }
  await context.journal.append(tx, { kind: 'queue_entry.returned', subject: id, agent, body })
}

/** What was tried often enough, also by workers that it killed, is tried no more: people are told. */
async function giveUp(context: GovernorContext, tx: Tx, ending: Omit<Ending, 'to'>): Promise<void> {
  const { entry, reason } = ending
  await finish(context, tx, { ...ending, to: 'failed', reason: `Tried ${entry.attempt} times. ${reason ?? ''}`.trim() })
  const message = `The queued run of ${entry.action} was tried ${entry.attempt} times and is tried no more.`
  await raiseAlert(context, tx, { code: 'QUEUE_POISON', subject: entry.id, agent: entry.agent, message })
}

async function endLostSession(context: GovernorContext, tx: Tx, entry: HeldEntry): Promise<void> {
  // The session of a caller may be that of a longer run.
  if (entry.sessionId === null || entry.executor === 'caller') return
  const reason = 'The run was lost.'
  await endSessionIn(context, tx, { sessionId: entry.sessionId, state: 'failed', reason, actor: 'system:supervision' })
}
