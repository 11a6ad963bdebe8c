import { GovernanceError, type GrantUse } from '@preceptor/client'
import type { Tx } from '../database/transaction.ts'
import { takeUse } from './store.ts'

/**
 * Uses a grant that is held, in the transaction that claims the run.
 *
 * @throws GovernanceError `CONFLICT` when it is not held and somebody else used the last of it.
 */
export async function useGrant(tx: Tx, id: string): Promise<GrantUse> {
  const use = await takeUse(tx, id)
  if (use === undefined) throw new GovernanceError('CONFLICT', { message: `The grant ${id} has no use left.` })
  return use
}
