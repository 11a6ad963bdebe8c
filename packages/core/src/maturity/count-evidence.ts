import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { countFact } from './count-fact.ts'
import { listAgentsWithDueEvidence, listDueEvidence, markCounted } from './evidence-store.ts'
import { openRecord } from './open-record.ts'
import { promotionPolicyOf } from './promotion-policy.ts'
import { lockRecord } from './store.ts'

const AGENTS = 100
// What an agent attempts meanwhile waits for as many as are counted at once: they take some milliseconds each.
const FACTS = 5

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

/** Counts many facts at once; where one of them fails, those before it one by one. */
async function countDue(context: GovernorContext, of: AgentOf): Promise<{ counted: number; fault?: unknown }> {
  let counted = 0
  try {
    return { counted: await countTogether(context, of, FACTS) }
  } catch {
    // Which one it is shows when they are counted alone.
  }
  try {
    while ((await countTogether(context, of, 1)) > 0) counted += 1
    return { counted }
  } catch (fault) {
    return { counted, fault }
  }
}

/** Counts facts of one agent in one transaction, which holds it alone. */
function countTogether(context: GovernorContext, { workspace, agent }: AgentOf, limit: number): Promise<number> {
  return inWorkspace(context.database, { workspace, retry: true, named: true }, async (tx) => {
    await lockRecord(tx, { agent, capability: '*' })
    const facts = await listDueEvidence(tx, { agent, limit })
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

/** One line for the host's log, however many agents it is about. */
function report(context: GovernorContext, workspace: string, failed: ReadonlyMap<string, unknown>): void {
  const [first] = failed
  if (first === undefined) return
  const [agent, error] = first
  const others = failed.size === 1 ? '' : `, and of ${failed.size - 1} others`
  const message = `Evidence of ${agent}${others} in ${workspace} could not be counted: ${String(error)}`
  context.report({ level: 'error', code: 'NOTICE', message })
}
