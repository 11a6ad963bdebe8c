import type { Tx } from '@preceptor/core/plugin'
import type { CollaborationPorts } from '../../ports/collaboration-ports.ts'
import { giveTurn } from '../give-turn.ts'
import { type CalledMember, findLead, findMember, isCalled } from '../members.ts'
import type { StoredCollaboration } from '../stored-collaboration.ts'
import { listTurns } from '../turn-store.ts'
import { beginDelegation, delegationsOf, type StoredDelegation } from './delegation-store.ts'

const DEFAULT_PARALLEL = 5

/**
 * Begins delegations that wait, the highest priority first, as far as there is room; asks the lead for the output once all
 * that it planned has ended.
 */
export async function advanceDelegations(
  ports: CollaborationPorts,
  tx: Tx,
  session: StoredCollaboration,
): Promise<void> {
  const all = await delegationsOf(tx, session.id)
  let room =
    (session.settings.hierarchical?.parallel ?? DEFAULT_PARALLEL) - all.filter((one) => isAtWork(session, one)).length
  for (const delegation of all.filter(({ state }) => state === 'pending')) {
    const member = findMember(session.members, delegation.to)
    if (member === undefined) continue
    if (!isCalled(member)) {
      // Who is never called finds it by itself.
      await beginDelegation(tx, delegation.id)
    } else if (room > 0) {
      room -= 1
      await beginDelegation(tx, delegation.id)
      await call(ports, tx, session, { member, delegation })
    }
  }
  if (!all.some(isOpen)) await askForOutput(ports, tx, session, all)
}

function isOpen({ state }: StoredDelegation): boolean {
  return state === 'pending' || state === 'running'
}

function isAtWork({ members }: StoredCollaboration, { state, to }: StoredDelegation): boolean {
  const member = findMember(members, to)
  return state === 'running' && member !== undefined && isCalled(member)
}

async function call(
  ports: CollaborationPorts,
  tx: Tx,
  session: StoredCollaboration,
  { member, delegation }: { readonly member: CalledMember; readonly delegation: StoredDelegation },
): Promise<void> {
  const { id, task, priority, deadline, from } = delegation
  const delegator = findMember(session.members, from)
  await giveTurn(ports, tx, session, {
    member,
    told: { phase: 'delegated', delegation: { id, task, priority, deadline, from } },
    delegation: id,
    // What an agent delegates is done with no more authority than it has itself.
    onBehalfOf: delegator?.kind === 'agent' ? [delegator.id] : [],
  })
}

async function askForOutput(
  ports: CollaborationPorts,
  tx: Tx,
  session: StoredCollaboration,
  all: readonly StoredDelegation[],
): Promise<void> {
  const lead = findLead(session.members)
  if (session.mode !== 'hierarchical' || lead === undefined || !isCalled(lead)) return
  const turns = await listTurns(tx, session.id)
  const isPlanned = turns.some(({ phase, state }) => phase === 'plan' && state === 'succeeded')
  if (!isPlanned || turns.some(({ phase }) => phase === 'aggregate')) return
  const results = all.map(({ id, to, task, priority, state, output, failure }) => ({
    delegation: id,
    member: to,
    task,
    priority,
    state: state === 'completed' ? ('completed' as const) : ('failed' as const),
    output,
    failure,
  }))
  await giveTurn(ports, tx, session, { member: lead, told: { phase: 'aggregate', results } })
}
