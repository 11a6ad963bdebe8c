import { recordCapability } from '../maturity/record-capability.ts'
import type { RuledAttempt } from '../routing/consequences.ts'

/**
 * Where the outcome counts: that of an approved proposal, and that of what an autonomous agent runs on its own. What a person
 * sets off by hand, and what the policy only watches or a bypass lets through, is no merit of the agent.
 */
export function earnsAt(ruled: RuledAttempt): string | null {
  const { attempt, ruling, action, policy, proposalId, grantId, sessionId } = ruled
  if (action.asksPeople) return null
  if (attempt.actor.source === 'manual' || ruling.shadow !== null || ruling.bypass !== null) return null
  const isAutonomous = ruling.maturity === 'autonomous' && ruling.route === 'execution'
  const isAlone = isAutonomous && grantId === null && sessionId === null
  return proposalId !== null || isAlone ? recordCapability(policy.promotion, action.capability) : null
}
