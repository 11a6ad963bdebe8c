import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { demote } from './demote.ts'
import { dueLevel } from './due-level.ts'
import { compareMaturity } from './levels.ts'
import { promotionPolicyOf } from './promotion-policy.ts'
import { listOutOfBand, lockRecord, type MaturityRecord } from './store.ts'
import { transition } from './transition.ts'

const RECORDS = 100
const ACTOR = 'system:check-promotion'

/**
 * Brings the agents of a workspace to the level that is due by the policy as it is now: an incident was closed, or the
 * policy was changed, and nothing was counted since. Gives how many changed.
 */
export async function checkPromotion(context: GovernorContext, workspace: string): Promise<number> {
  let total = 0
  let after: Pick<MaturityRecord, 'agent' | 'capability'> = { agent: '', capability: '' }
  for (;;) {
    const place = after
    const candidates = await inWorkspace(context.database, { workspace }, async (tx) => {
      const { trust } = await promotionPolicyOf(tx)
      return listOutOfBand(tx, { trust, after: place, limit: RECORDS })
    })
    for (const key of candidates) {
      const scope = { workspace, retry: true }
      if (await inWorkspace(context.database, scope, (tx) => bringToLevel(context, tx, key))) total += 1
    }
    const last = candidates.at(-1)
    if (last === undefined) return total
    after = last
  }
}

async function bringToLevel(
  context: GovernorContext,
  tx: Tx,
  key: Pick<MaturityRecord, 'agent' | 'capability'>,
): Promise<boolean> {
  const record = await lockRecord(tx, key)
  if (record === undefined) return false
  const due = await dueLevel(tx, { record, policy: await promotionPolicyOf(tx) })
  if (due === null) return false
  const change = { record, ...due, actor: ACTOR, evidence: [] }
  await (compareMaturity(due.to, record.maturity) > 0 ? transition : demote)(context, tx, change)
  return true
}
