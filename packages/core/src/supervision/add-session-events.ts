import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { appendSessionEvents } from './session-event-store.ts'

/** Adds events to a session, and wakes whoever follows it once they are committed. */
export async function addSessionEvents(
  context: Pick<GovernorContext, 'sessionBells'>,
  tx: Tx,
  added: Parameters<typeof appendSessionEvents>[1],
): Promise<void> {
  await appendSessionEvents(tx, added)
  tx.afterCommit(() => context.sessionBells.ring(tx.workspace, added.session))
}
