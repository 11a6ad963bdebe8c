import type { Tx } from '@preceptor/core/plugin'
import type { CollaborationTurn } from '../../client/collaboration.ts'
import type { CollaborationPorts } from '../../ports/collaboration-ports.ts'
import { addDelegation } from '../delegations/add-delegation.ts'
import { advanceDelegations } from '../delegations/advance-delegations.ts'
import { endCollaboration } from '../end-collaboration.ts'
import { giveTurn } from '../give-turn.ts'
import { findLead, isCalled } from '../members.ts'
import type { StoredCollaboration } from '../stored-collaboration.ts'
import { failureOf } from './failure-of.ts'
import { parsePlan } from './parse-plan.ts'

/** Asks the lead for a plan. */
export async function beginHierarchical(
  ports: CollaborationPorts,
  tx: Tx,
  session: StoredCollaboration,
): Promise<void> {
  const lead = findLead(session.members)
  if (lead === undefined || !isCalled(lead)) return
  const members = session.members
    .filter(({ role }) => role === 'member')
    .map(({ name, kind, id }) => ({ name, kind, id }))
  await giveTurn(ports, tx, session, { member: lead, told: { phase: 'plan', members } })
}

/** Delegates what the lead planned. */
export async function planTurnEnded(
  ports: CollaborationPorts,
  tx: Tx,
  session: StoredCollaboration,
  turn: CollaborationTurn,
): Promise<void> {
  if (turn.state !== 'succeeded') {
    await endCollaboration(ports, tx, session, { state: 'failed', failure: failureOf(turn) })
    return
  }
  const plan = parsePlan(turn.output, session.members)
  if (plan.state === 'invalid') {
    const failure = {
      member: turn.member,
      code: 'STEP_FAILED',
      message: `The plan cannot be used. ${plan.problem}`,
    } as const
    await endCollaboration(ports, tx, session, { state: 'failed', failure })
    return
  }
  for (const delegation of plan.delegations) {
    await addDelegation(ports, tx, session, { ...delegation, from: turn.member })
  }
  await advanceDelegations(ports, tx, session)
}

/** Ends with what the lead made of the results. */
export async function aggregateTurnEnded(
  ports: CollaborationPorts,
  tx: Tx,
  session: StoredCollaboration,
  turn: CollaborationTurn,
): Promise<void> {
  await endCollaboration(
    ports,
    tx,
    session,
    turn.state === 'succeeded'
      ? { state: 'completed', output: turn.output }
      : { state: 'failed', failure: failureOf(turn) },
  )
}
