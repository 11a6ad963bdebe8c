import type { Tx } from '@preceptor/core/plugin'
import type { CollaborationTurn } from '../../client/collaboration.ts'
import type { CollaborationPorts } from '../../ports/collaboration-ports.ts'
import { failureOf } from '../modes/failure-of.ts'
import type { StoredCollaboration } from '../stored-collaboration.ts'
import { findDelegation } from './delegation-store.ts'
import { completeDelegated, missDelegated } from './settle-delegation.ts'

/** Goes on when a member has done, or failed to do, what was delegated to it. */
export async function delegatedTurnEnded(
  ports: CollaborationPorts,
  tx: Tx,
  session: StoredCollaboration,
  turn: CollaborationTurn,
): Promise<void> {
  const delegation = turn.about === null ? undefined : await findDelegation(tx, turn.about)
  if (delegation === undefined) return
  if (turn.state === 'succeeded') {
    await completeDelegated(ports, tx, session, { delegation, output: turn.output, by: turn.member })
    return
  }
  const { code, message } = failureOf(turn)
  await missDelegated(ports, tx, session, { delegation, failure: { code, message } })
}
