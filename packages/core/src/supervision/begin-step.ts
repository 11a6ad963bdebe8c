import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { StepBegin, StepRequest } from '../routing/consequences.ts'
import { addSessionEvents } from './add-session-events.ts'
import { askHolder, type WatchContext, waitForReviewer } from './agent-watch.ts'
import { isHeld, isOver, leaseEnd } from './held-session.ts'
import { findStep, startStep } from './step-store.ts'
import { lockSession, touchSession } from './store.ts'

/**
 * Lets a step of a session begin where it is running under a live lease; the session stays so until the transaction ends,
 * in which the step is claimed. Under an agent begins what that agent let begin, and nothing of high risk.
 */
export async function beginStep(context: WatchContext, tx: Tx, request: StepRequest): Promise<StepBegin> {
  const { sessionId, stepId, corrections, risk } = request
  const session = await lockSession(tx, sessionId)
  if (session === undefined || isOver(session)) {
    return { result: session?.state === 'terminated' ? 'terminated' : 'unwatched' }
  }
  const step = await findStep(tx, stepId)
  if (step?.state === 'withheld') return { result: 'objected', by: step.objectedBy ?? 'somebody' }
  const now = context.clock.now()
  if (!isHeld(session, now)) {
    // A lease that lapsed since somebody was seen to watch leaves the time to come back, as any other does.
    const mayWait = corrections >= 0 || (await waitForReviewer(context, tx, { session, step, risk }))
    return { result: mayWait ? 'changed' : 'unwatched' }
  }
  const answer = await askHolder(tx, { session, step, risk })
  if (answer !== 'begins') return { result: answer === 'for_people' ? 'unwatched' : 'changed' }
  const isRunning = session.state === 'running' || session.state === 'correcting'
  const isEarly = step?.startsAt !== null && step !== undefined && Date.parse(step.startsAt) > now
  // Paused meanwhile, announced, or corrected anew: what was looked at before is no longer so.
  if (!isRunning || isEarly || !(await startStep(tx, { id: stepId, corrections }))) return { result: 'changed' }
  const at = isoTime(now)
  await touchSession(tx, sessionId, at)
  const body = { step: stepId, action: step?.action ?? '', corrected: corrections > 0 }
  await addSessionEvents(context, tx, { session: sessionId, events: [{ kind: 'step.started', body }], at })
  return { result: 'begun', watchedUntil: leaseEnd(session) }
}
