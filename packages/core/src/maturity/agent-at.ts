import type { Policy } from '../policy/policy.ts'
import type { AgentFacts } from '../routing/facts.ts'
import type { Standing } from './bands.ts'
import { STARTING_CONFIDENCE } from './levels.ts'
import { recordCapability, WHOLE_AGENT } from './record-capability.ts'

// What was never attempted has no record: it begins as a new agent does.
const NEW: Standing = Object.freeze({ maturity: 'student', confidence: STARTING_CONFIDENCE })

/** An agent as it counts at a capability: with what it has earned there, where that is what the policy asks. */
export function agentAt(agent: AgentFacts, promotion: Policy['promotion'], capability: string): AgentFacts {
  const judged = recordCapability(promotion, capability)
  if (judged === WHOLE_AGENT) return agent
  const { maturity, confidence } = agent.earned.get(judged) ?? NEW
  return { ...agent, maturity, confidence }
}
