import { isAnyRevoked, rolesOf } from '../access/store.ts'
import type { Tx } from '../database/transaction.ts'
import type { Approval } from './approval-store.ts'

/**
 * Whether an approval counts no more: who gave it is no supervisor any more, or the key by which it was given was
 * revoked since. Who never was a member was let in by a verified token, or by the host.
 */
export async function hasLostApprover(tx: Tx, approvals: readonly Approval[]): Promise<boolean> {
  const users = approvals.map(({ reviewer }) => reviewer.slice(reviewer.indexOf(':') + 1))
  const roles = await rolesOf(tx, users)
  if ([...roles.values()].some((held) => !held.includes('supervisor') && !held.includes('admin'))) return true
  const keys = approvals.flatMap(({ credential }) => credential ?? [])
  return keys.length > 0 && isAnyRevoked(tx, keys)
}
