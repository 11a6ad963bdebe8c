import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { demote } from './demote.ts'
import { dueLevel } from './due-level.ts'
import { eachRecord } from './each-record.ts'
import { compareMaturity } from './levels.ts'
import { promotionPolicyOf } from './promotion-policy.ts'
import { listOutOfBand, lockRecord, type RecordKey } from './store.ts'
import { transition } from './transition.ts'

const ACTOR = 'system:check-promotion'

/**
 * Brings the agents of a workspace to the level that is due by the policy as it is now: an incident was closed, or the
 * policy was changed, and nothing was counted since. Gives how many changed.
 */
export function checkPromotion(context: GovernorContext, workspace: string): Promise<number> {
  return eachRecord(context, workspace, {
    name: 'check-promotion',
    list: async (tx, page) => listOutOfBand(tx, { trust: (await promotionPolicyOf(tx)).trust, ...page }),
    act: (tx, key) => bringToLevel(context, tx, key),
  })
}

async function bringToLevel(context: GovernorContext, tx: Tx, key: RecordKey): Promise<boolean> {
  const record = await lockRecord(tx, key)
  if (record === undefined) return false
  const due = await dueLevel(tx, { record, policy: await promotionPolicyOf(tx) })
  if (due === null) return false
  const change = { record, ...due, actor: ACTOR, evidence: [] }
  await (compareMaturity(due.to, record.maturity) > 0 ? transition : demote)(context, tx, change)
  return true
}
