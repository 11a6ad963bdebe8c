import type { GovernorContext } from '../context.ts'
import { holdForChange } from '../database/hold.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { countFact } from './count-fact.ts'
import { countTogether, type FactsCount } from './count-together.ts'
import { listAgentsWithDueEvidence, listDueEvidence, markCounted } from './evidence-store.ts'
import { openRecord } from './open-record.ts'
import { promotionPolicyOf } from './promotion-policy.ts'

const AGENTS = 100
// What an agent attempts meanwhile waits for as many as are counted at once: some 15 ms on a busy machine, where the few
// that are counted one by one take 10.
const TOGETHER = 64
const ALONE = 5

/**
 * Counts what was noted and waits, agent by agent, each in its order; gives how many facts. A fact that cannot be counted
 * holds up those of its agent that come after it, and no other agent; it is tried again with the next count.
 */
export async function countEvidence(context: GovernorContext, workspace: string): Promise<number> {
  const failed = new Map<string, unknown>()
  let total = 0
  for (;;) {
    const search = { limit: AGENTS, except: [...failed.keys()] }
    const agents = await inWorkspace(context.database, { workspace }, (tx) => listAgentsWithDueEvidence(tx, search))
    let counted = 0
    for (const agent of agents) {
      const due = await countDue(context, { workspace, agent })
      counted += due.counted
      if (due.fault !== undefined) failed.set(agent, due.fault)
    }
    total += counted
    if (agents.length === 0 || (counted === 0 && failed.size === search.except.length)) break
  }
  report(context, workspace, failed)
  return total
}

interface AgentOf {
  readonly workspace: string
  readonly agent: string
}

/** Counts many facts at once; where one of them fails, as many one by one, up to it. */
async function countDue(context: GovernorContext, of: AgentOf): Promise<{ counted: number; fault?: unknown }> {
  try {
    return { counted: await countNext(context, of, TOGETHER) }
  } catch {
    // Which one it is shows when they are counted alone.
  }
  let counted = 0
  try {
    while (counted < TOGETHER && (await countNext(context, of, 1)) > 0) counted += 1
    return { counted }
  } catch (fault) {
    return { counted, fault }
  }
}

/** Counts the next facts of one agent in one transaction, which holds it alone; gives how many. */
function countNext(context: GovernorContext, { workspace, agent }: AgentOf, limit: number): Promise<number> {
  return inWorkspace(context.database, { workspace, retry: true, named: true }, async (tx) => {
    const holding = holdForChange(tx, agent)
    // Behind the hold, and at once: whatever the agent attempts meanwhile waits for it.
    const [facts, policy] = await Promise.all([listDueEvidence(tx, { agent, limit }), promotionPolicyOf(tx), holding])
    if (facts.length === 0) return 0
    const together = limit === 1 ? 0 : await countTogether(context, tx, { agent, facts, policy })
    return together > 0 ? together : countAlone(context, tx, { facts: facts.slice(0, ALONE), policy })
  })
}

/** Counts facts one by one, whatever they lead to. */
async function countAlone(
  context: GovernorContext,
  tx: Tx,
  { facts, policy }: Pick<FactsCount, 'facts' | 'policy'>,
): Promise<number> {
  for (const fact of facts) {
    const record = await openRecord(context, tx, fact)
    if (record !== undefined) await countFact(context, tx, { record, fact, policy })
    // There is nothing that it could count for: it must not stand before what comes after it.
    else await markCounted(tx, { ids: [fact.id], at: isoTime(context.clock.now()) })
  }
  return facts.length
}

/** One line for the host's log, however many agents it is about. */
function report(context: GovernorContext, workspace: string, failed: ReadonlyMap<string, unknown>): void {
  const [first] = failed
  if (first === undefined) return
  const [agent, error] = first
  const others = failed.size === 1 ? '' : `, and of ${failed.size - 1} others`
  const message = `Evidence of ${agent}${others} in ${workspace} could not be counted: ${String(error)}`
  context.report({ level: 'error', code: 'NOTICE', message })
}
