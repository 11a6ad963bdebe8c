import { GovernanceError } from '@preceptor/client'
import { isoTime, type Tx } from '@preceptor/core/plugin'
import type { TurnArgs } from '../client/collaboration.ts'
import type { CollaborationPorts } from '../ports/collaboration-ports.ts'
import { findContext } from './exchange-store.ts'
import type { CalledMember } from './members.ts'
import type { StoredCollaboration } from './stored-collaboration.ts'
import { cancelTurns, countTurns, insertTurn } from './turn-store.ts'

type Told<Args> = Args extends TurnArgs ? Omit<Args, 'collaboration' | 'task' | 'input' | 'context'> : never

/** A call of a member. */
export interface TurnRequest {
  readonly member: CalledMember
  /** What it is told beside the task, the input and the shared context. */
  readonly told: Told<TurnArgs>
  /** Id of the delegation or the vote that it is about. */
  readonly delegation?: string
  readonly consensus?: string
  /** Agents for whom it acts. */
  readonly onBehalfOf?: readonly string[]
}

/** Calls a member, as a step that passes the gate like every attempt of an agent. */
export async function giveTurn(
  { context, steps }: CollaborationPorts,
  tx: Tx,
  session: StoredCollaboration,
  { member, told, delegation, consensus, onBehalfOf = [] }: TurnRequest,
): Promise<void> {
  const { id, task, startedBy } = session
  const shared = await findContext(tx, id, session.contextVersion)
  if (startedBy === null || shared === undefined) throw new GovernanceError('FACT_INVALID')
  const position = await countTurns(tx, id)
  const step = await steps.schedule(tx, {
    owner: { kind: 'collaboration', id },
    agent: member.id,
    action: member.action,
    args: { collaboration: id, task, input: session.input ?? {}, context: shared.value, ...told },
    ...(onBehalfOf.length === 0 ? {} : { delegation: onBehalfOf }),
    key: `${id}/${position}`,
    startedBy,
  })
  await insertTurn(tx, {
    id: step,
    collaboration: id,
    phase: told.phase,
    agent: member.id,
    position,
    delegation: delegation ?? null,
    consensus: consensus ?? null,
    at: isoTime(context.clock.now()),
  })
}

/** Takes back the open calls of a collaboration, or those about one delegation. */
export async function takeTurnsBack(
  { context, steps }: CollaborationPorts,
  tx: Tx,
  open: { readonly collaboration: string; readonly delegation?: string; readonly consensus?: string },
): Promise<void> {
  // Marked first: whoever is told of the end of a step then finds that it counts no more.
  const cancelled = await cancelTurns(tx, open, isoTime(context.clock.now()))
  for (const step of cancelled) await steps.cancel(tx, step)
}
