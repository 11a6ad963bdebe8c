import { GovernanceError } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import type { Tx } from '../database/transaction.ts'
import { type DecidedClaim, findClaimOf } from '../executions/store.ts'

/**
 * The claim that a decision made for a run of the actor in another process.
 *
 * @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED` for a claim of somebody else.
 */
export async function getHeldClaim(
  tx: Tx,
  actor: Actor,
  held: { readonly decisionId: string; readonly agent: string },
): Promise<DecidedClaim> {
  const claim = await findClaimOf(tx, held.decisionId)
  if (claim === undefined || claim.agent !== held.agent) throw recordNotFound('claim of the decision', held.decisionId)
  if (claim.reported || claim.claimant !== actorName(actor)) {
    throw new GovernanceError('PERMISSION_DENIED', { message: 'Only who claimed a run for its guard speaks for it.' })
  }
  return claim
}
