import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { countFact } from './count-fact.ts'
import { listAgentsWithDueEvidence, listDueEvidence, markCounted } from './evidence-store.ts'
import { openRecord } from './open-record.ts'
import { promotionPolicyOf } from './promotion-policy.ts'
import { lockRecord } from './store.ts'

const AGENTS = 100
const FACTS = 50

/** Counts what was noted and waits, agent by agent, each in its order; gives how many facts. */
export async function countEvidence(context: GovernorContext, workspace: string): Promise<number> {
  let total = 0
  for (;;) {
    const agents = await inWorkspace(context.database, { workspace }, (tx) => listAgentsWithDueEvidence(tx, AGENTS))
    let counted = 0
    for (const agent of agents) counted += await countOf(context, workspace, agent)
    total += counted
    if (counted === 0) return total
  }
}

/** Counts facts of one agent in one transaction, which holds it alone. */
function countOf(context: GovernorContext, workspace: string, agent: string): Promise<number> {
  return inWorkspace(context.database, { workspace, retry: true }, async (tx) => {
    await lockRecord(tx, { agent, capability: '*' })
    const facts = await listDueEvidence(tx, { agent, limit: FACTS })
    const policy = await promotionPolicyOf(tx)
    for (const fact of facts) {
      const record = await openRecord(context, tx, fact)
      if (record !== undefined) await countFact(context, tx, { record, fact, policy })
      // There is nothing that it could count for: it must not stand before what comes after it.
      else await markCounted(tx, { id: fact.id, at: isoTime(context.clock.now()) })
    }
    return facts.length
  })
}
