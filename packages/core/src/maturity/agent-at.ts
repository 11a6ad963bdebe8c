import type { Policy } from '../policy/policy.ts'
import type { Standing } from './bands.ts'
import { STARTING_CONFIDENCE } from './levels.ts'
import { recordCapability, WHOLE_AGENT } from './record-capability.ts'

// What was never attempted has no record: it begins as a new agent does.
const NEW: Standing = Object.freeze({ maturity: 'student', confidence: STARTING_CONFIDENCE })

/** What an agent has earned as a whole, and at single capabilities. */
export interface Judged extends Standing {
  readonly earned: ReadonlyMap<string, Standing>
}

/** An agent as it counts at a capability: with what it has earned there, where that is what the policy asks. */
export function agentAt<Agent extends Judged>(agent: Agent, promotion: Policy['promotion'], capability: string): Agent {
  const judged = recordCapability(promotion, capability)
  if (judged === WHOLE_AGENT) return agent
  const { maturity, confidence } = agent.earned.get(judged) ?? NEW
  return { ...agent, maturity, confidence }
}
