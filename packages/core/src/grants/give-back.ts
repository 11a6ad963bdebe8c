import type { SettledExecution } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { returnUse } from './store.ts'

/** Gives the use of a grant back when nothing ran under the claim, in the transaction that records this. */
export async function giveBack(tx: Tx, { grantId, end }: SettledExecution): Promise<void> {
  if (grantId !== null && end === 'released') await returnUse(tx, grantId)
}
