import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { type Attempt, agentsOf } from './attempt.ts'
import type { Facts } from './facts.ts'
import type { Gate } from './gate.ts'
import { parseAgentFacts } from './parse-facts.ts'
import { readFacts } from './store.ts'

/** The facts about an attempt as they stand, held until the transaction ends; `changes` is the agent held alone. */
export function currentFacts(gate: Gate, tx: Tx, { trigger }: Attempt, changes?: string): Promise<Facts> {
  const exceptionsAt = isoTime(gate.context.clock.now())
  return factsAbout(gate, tx, { agents: agentsOf(trigger), exceptionsAt, ...(changes !== undefined && { changes }) })
}

/** The facts about some agents as they stand, held until the transaction ends unless it only reads. */
export async function factsAbout(
  gate: Pick<Gate, 'policies'>,
  tx: Tx,
  about: {
    readonly agents: readonly string[]
    readonly changes?: string
    readonly hold?: false
    readonly exceptionsAt?: string
  },
): Promise<Facts> {
  const stored = await readFacts(tx, { hold: true, ...about })
  const policy = await gate.policies.get(tx, stored.policyVersion)
  const agents = new Map(stored.agents.map(parseAgentFacts).map((agent) => [agent.id, agent]))
  const { stops, anyBypass, anyGrant } = stored
  return { agents, stops, policy, anyBypass, anyGrant }
}
