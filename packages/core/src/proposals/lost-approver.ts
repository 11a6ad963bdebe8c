import { userOf } from '../access/actor.ts'
import { isAnyRevoked, rolesOf } from '../access/store.ts'
import type { Tx } from '../database/transaction.ts'
import { type Approval, hasLostReviewer } from './approval-store.ts'

/**
 * Whether an approval counts no more: who gave it is no supervisor any more, or the key by which it was given was
 * revoked since; of an agent, that it is no reviewer any more. Who never was a member was let in by a verified token, or by the host.
 */
export async function hasLostApprover(tx: Tx, approvals: readonly Approval[]): Promise<boolean> {
  const users = approvals.flatMap(({ reviewer }) => userOf(reviewer) ?? [])
  const roles = await rolesOf(tx, users)
  if ([...roles.values()].some((held) => !held.includes('supervisor') && !held.includes('admin'))) return true
  const agents = approvals.flatMap(({ reviewer }) =>
    reviewer.startsWith('agent:') ? reviewer.slice('agent:'.length) : [],
  )
  if (agents.length > 0 && (await hasLostReviewer(tx, agents))) return true
  const keys = approvals.flatMap(({ credential }) => credential ?? [])
  return keys.length > 0 && isAnyRevoked(tx, keys)
}
