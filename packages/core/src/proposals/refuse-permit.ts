import { type ErrorCode, GovernanceError, type ProposalState } from '@preceptor/client'
import { actorName } from '../access/actor.ts'
import type { Attempt } from '../routing/attempt.ts'
import type { ClaimFor } from '../routing/consequences.ts'
import { assertResolved } from '../routing/resolve-action.ts'
import type { BoundProposal } from './approval-store.ts'

/** States in which the one run of an approval can be claimed. */
export const CLAIMABLE: readonly ProposalState[] = ['approved', 'outcome_unknown']

/** Why an approval lets nobody run. */
export interface PermitRefusal {
  readonly code: ErrorCode
  readonly reason: string
}

/** Who wants to run what was approved, and when. */
export interface PermitRequest {
  readonly attempt: Attempt
  readonly claimFor: ClaimFor
  /** Milliseconds since 1970. */
  readonly now: number
}

/**
 * Refuses an attempt that an approval was not given for: of somebody else, of other args, on something else, or too late.
 *
 * @throws GovernanceError `IDEMPOTENCY_IN_FLIGHT` where somebody was faster.
 */
export function refusePermit(proposal: BoundProposal, { attempt, claimFor, now }: PermitRequest): PermitRefusal | null {
  const { state, proposedBy, expiresAt, id } = proposal
  if (proposedBy !== actorName(attempt.actor)) {
    return { code: 'PERMIT_REFUSED', reason: `The proposal ${id} is not for ${actorName(attempt.actor)}.` }
  }
  // Somebody was faster since it was found: the decision starts over and finds what that one wrote.
  if (!CLAIMABLE.includes(state)) throw new GovernanceError('IDEMPOTENCY_IN_FLIGHT')
  const { delegation = [], resource = null } = attempt.trigger
  if (resource !== proposal.resource || JSON.stringify(delegation) !== JSON.stringify(proposal.delegation)) {
    return { code: 'PERMIT_REFUSED', reason: `The proposal ${id} is of another resource, or for other agents.` }
  }
  const { action, argsHash } = assertResolved(attempt.resolution)
  if (state === 'outcome_unknown' && !action.idempotent) {
    return { code: 'OUTCOME_UNKNOWN', reason: 'The same attempt was started and its outcome is unknown.' }
  }
  // Who runs it out of sight runs it with its own args.
  const isFixed = claimFor === 'caller' || attempt.trigger.fixedArgs === true
  if (isFixed && argsHash !== proposal.argsHash) {
    return { code: 'ARGS_EDITED', reason: `The proposal ${id} was approved with other arguments.` }
  }
  const isOver = Date.parse(expiresAt) <= now
  return isOver ? { code: 'PROPOSAL_EXPIRED', reason: `The proposal ${id} was not run in time.` } : null
}
