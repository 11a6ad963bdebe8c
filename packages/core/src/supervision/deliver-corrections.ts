import type { SupervisionSession } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { hasCorrections, takeCorrections } from './intervention-store.ts'
import { lockSession, moveSession } from './store.ts'
import { tellSession } from './tell-session.ts'

/** Takes what supervisors said to a run whose step was claimed, each once. */
export async function takeGuidance(
  context: GovernorContext,
  tx: Tx,
  { sessionId, stepId }: { readonly sessionId: string; readonly stepId: string },
): Promise<readonly string[]> {
  const session = await lockSession(tx, sessionId)
  return session === undefined ? [] : deliverCorrections(context, tx, { session, step: stepId })
}

/** Gives a run what supervisors said to it, each once, in a transaction that holds the session. */
export async function deliverCorrections(
  context: GovernorContext,
  tx: Tx,
  { session, step }: { readonly session: SupervisionSession; readonly step: string },
): Promise<readonly string[]> {
  const { id } = session
  const taken = await takeCorrections(tx, { session: id, step, at: isoTime(context.clock.now()) })
  for (const { id: intervention } of taken) {
    const news = { session, kind: 'intervention.applied', actor: 'system:supervision' } as const
    await tellSession(context, tx, { ...news, body: { intervention, step } })
  }
  // Another step may still have its own to take.
  if (session.state === 'correcting' && !(await hasCorrections(tx, id))) {
    await moveSession(tx, { id, from: ['correcting'], to: 'running', pausedBy: null })
  }
  return taken.flatMap(({ guidance }) => (guidance === null ? [] : [guidance]))
}
