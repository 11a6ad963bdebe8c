import type { StepEnd } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { addSessionEvents } from './add-session-events.ts'
import { acknowledgePause } from './pause-session.ts'
import { endStep } from './step-store.ts'
import { lockSession } from './store.ts'
import type { TellContext } from './tell-session.ts'

/** Holds the session of a run whose end is recorded, before its execution is; tells whether it was terminated. */
export async function holdForEnd(tx: Tx, sessionId: string): Promise<{ readonly isTerminated: boolean }> {
  const session = await lockSession(tx, sessionId)
  return { isTerminated: session?.state === 'terminated' }
}

/** Records that a step of a session is over; the last one under way makes a pause true. */
export async function followStep(context: TellContext, tx: Tx, { sessionId, decisionId, end }: StepEnd): Promise<void> {
  const at = isoTime(context.clock.now())
  await endStep(tx, decisionId, at)
  const body = { step: decisionId, end }
  await addSessionEvents(context, tx, { session: sessionId, events: [{ kind: 'step.ended', body }], at })
  const session = await lockSession(tx, sessionId)
  if (session !== undefined) await acknowledgePause(context, tx, session)
}
