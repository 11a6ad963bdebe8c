import type { Tx } from '@preceptor/core/plugin'
import type { CollaborationTurn } from '../../client/collaboration.ts'
import type { CollaborationPorts } from '../../ports/collaboration-ports.ts'
import { endCollaboration } from '../end-collaboration.ts'
import { giveTurn } from '../give-turn.ts'
import { isCalled } from '../members.ts'
import type { StoredCollaboration } from '../stored-collaboration.ts'
import { listTurns } from '../turn-store.ts'
import { aggregateOutputs } from './aggregate-outputs.ts'

const DEFAULTS = { result: 'collect', onFailure: 'fail' } as const

/** Calls all members that are called, at once. */
export async function beginParallel(ports: CollaborationPorts, tx: Tx, session: StoredCollaboration): Promise<void> {
  for (const member of session.members.filter(isCalled)) {
    await giveTurn(ports, tx, session, { member, told: { phase: 'work', previous: [] } })
  }
}

/** Ends when the outputs make one, or when a failure decides it. */
export async function parallelTurnEnded(
  ports: CollaborationPorts,
  tx: Tx,
  session: StoredCollaboration,
  _: CollaborationTurn,
): Promise<void> {
  const turns = await listTurns(tx, session.id)
  const standing = aggregateOutputs(
    session.settings.parallel ?? DEFAULTS,
    turns.filter(({ phase }) => phase === 'work'),
  )
  if (standing.state !== 'open') await endCollaboration(ports, tx, session, standing)
}
