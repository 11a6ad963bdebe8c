import type { Tx } from '@preceptor/core/plugin'
import type { CollaborationTurn } from '../../client/collaboration.ts'
import type { CollaborationPorts } from '../../ports/collaboration-ports.ts'
import { endCollaboration } from '../end-collaboration.ts'
import { giveTurn } from '../give-turn.ts'
import { isCalled } from '../members.ts'
import type { StoredCollaboration } from '../stored-collaboration.ts'
import { listTurns } from '../turn-store.ts'
import { failureOf } from './failure-of.ts'

/** Calls the first of the members that are called. */
export async function beginSequential(ports: CollaborationPorts, tx: Tx, session: StoredCollaboration): Promise<void> {
  await callNext(ports, tx, session, [])
}

/** Calls the next member with what was given so far, or ends with what the last one gave. */
export async function sequentialTurnEnded(
  ports: CollaborationPorts,
  tx: Tx,
  session: StoredCollaboration,
  turn: CollaborationTurn,
): Promise<void> {
  if (turn.state !== 'succeeded') {
    await endCollaboration(ports, tx, session, { state: 'failed', failure: failureOf(turn) })
    return
  }
  const turns = await listTurns(tx, session.id)
  await callNext(
    ports,
    tx,
    session,
    turns.filter(({ phase }) => phase === 'work'),
  )
}

async function callNext(
  ports: CollaborationPorts,
  tx: Tx,
  session: StoredCollaboration,
  done: readonly CollaborationTurn[],
): Promise<void> {
  const next = session.members.filter(isCalled)[done.length]
  if (next === undefined) {
    await endCollaboration(ports, tx, session, { state: 'completed', output: done.at(-1)?.output ?? null })
    return
  }
  const previous = done.map(({ member, output }) => ({ member, output }))
  await giveTurn(ports, tx, session, { member: next, told: { phase: 'work', previous } })
}
