import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { findTrainingSession } from './session-store.ts'

/** Writes down how far a session is, in the transaction of the answer or the score that brought it there. */
export async function journalProgress(
  context: GovernorContext,
  tx: Tx,
  step: {
    readonly id: string
    readonly scenario: string
    readonly actor: string
    /** Basis points, once it has a score. */
    readonly score?: number
  },
): Promise<void> {
  const { id, scenario, actor, score } = step
  const session = await findTrainingSession(tx, id)
  if (session === undefined) return
  const { progress, agent } = session
  const body = { actor, scenario, ...progress, ...(score === undefined ? {} : { score }) }
  await context.journal.append(tx, { kind: 'training_session.progressed', subject: id, agent, body })
}
