import { GovernanceError } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { hasHadHandIn } from '../agents/store.ts'
import type { Tx } from '../database/transaction.ts'
import { newestPolicyDocument } from '../policy/newest-policy-document.ts'

/**
 * Who owns an agent, has owned it or has changed its owner, does not judge it. A workspace may let an owner send it to
 * training, but never score it.
 *
 * @throws GovernanceError `PERMISSION_DENIED`.
 */
export async function assertNotInvolved(
  tx: Tx,
  actor: Actor,
  { agent, isScore }: { readonly agent: string; readonly isScore: boolean },
): Promise<void> {
  if (actor.principal.kind !== 'user' || !(await hasHadHandIn(tx, agent, actor.principal.id))) return
  if (!isScore && (await newestPolicyDocument(tx)).separationOfDuties === false) return
  throw new GovernanceError('PERMISSION_DENIED', {
    message: `${actorName(actor)} owns the agent "${agent}", has owned it or has handed it over, and does not judge its training.`,
    hint: 'Let somebody else decide.',
  })
}
