import type { JsonValue } from '@preceptor/client'
import { isoTime, type Tx } from '@preceptor/core/plugin'
import type { CollaborationFailure } from '../client/collaboration.ts'
import type { CollaborationPorts } from '../ports/collaboration-ports.ts'
import { COLLABORATION } from './collaboration-actor.ts'
import { endCollaborationRow } from './collaboration-store.ts'
import { cancelConsensus } from './consensus/consensus-store.ts'
import { cancelDelegations } from './delegations/delegation-store.ts'
import { takeTurnsBack } from './give-turn.ts'
import type { StoredCollaboration } from './stored-collaboration.ts'

/** How a collaboration ends. */
export type CollaborationEnd =
  | { readonly state: 'completed'; readonly output: JsonValue }
  | { readonly state: 'failed'; readonly failure: CollaborationFailure }
  | { readonly state: 'cancelled'; readonly by: string; readonly reason: string }

/** Ends a collaboration and all that is open in it; false when it is not in a state for that. */
export async function endCollaboration(
  ports: CollaborationPorts,
  tx: Tx,
  { id, mode }: StoredCollaboration,
  end: CollaborationEnd,
): Promise<boolean> {
  const { clock, journal } = ports.context
  const at = isoTime(clock.now())
  const output = end.state === 'completed' ? end.output : null
  const failure = end.state === 'failed' ? end.failure : null
  if (!(await endCollaborationRow(tx, id, { state: end.state, output, failure, at }))) return false
  await takeTurnsBack(ports, tx, { collaboration: id })
  const actor = end.state === 'cancelled' ? end.by : COLLABORATION
  await cancelWhatIsOpen(ports, tx, { id, actor, at })
  const why = failure === null ? {} : { member: failure.member, code: failure.code }
  const reason = end.state === 'cancelled' ? { reason: end.reason } : {}
  await journal.append(tx, {
    kind: `collaboration.${end.state}`,
    subject: id,
    body: { actor, mode, ...why, ...reason },
  })
  return true
}

async function cancelWhatIsOpen(
  { context }: CollaborationPorts,
  tx: Tx,
  { id, actor, at }: { readonly id: string; readonly actor: string; readonly at: string },
): Promise<void> {
  for (const delegation of await cancelDelegations(tx, id, at)) {
    await context.journal.append(tx, {
      kind: 'delegation.failed',
      subject: delegation.id,
      ...(delegation.member.kind === 'agent' ? { agent: delegation.member.id } : {}),
      body: { actor, collaboration: id, to: delegation.to, state: 'cancelled' },
    })
  }
  for (const consensus of await cancelConsensus(tx, id, at)) {
    const body = { actor, collaboration: id, outcome: 'cancelled', option: null }
    await context.journal.append(tx, { kind: 'consensus.decided', subject: consensus, body })
  }
}
