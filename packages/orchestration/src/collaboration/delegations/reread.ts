import { GovernanceError } from '@preceptor/client'
import type { Tx } from '@preceptor/core/plugin'
import type { Delegation } from '../../client/delegations.ts'
import { findDelegation, shownDelegation } from './delegation-store.ts'

/** A delegation as it is after a change. */
export async function reread(tx: Tx, id: string): Promise<Delegation> {
  const found = await findDelegation(tx, id)
  if (found === undefined) throw new GovernanceError('FACT_INVALID')
  return shownDelegation(found)
}
