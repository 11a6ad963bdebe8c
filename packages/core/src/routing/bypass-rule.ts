import type { Maturity } from '@preceptor/client'
import { agentAt } from '../maturity/agent-at.ts'
import { minMaturity } from '../maturity/levels.ts'
import type { EffectiveRule } from '../policy/policy.ts'
import type { MatrixName } from '../policy/policy-document.ts'
import type { Attempt } from './attempt.ts'
import type { AgentFacts, Facts, OpenBypass } from './facts.ts'
import { routeFor } from './matrix.ts'

/** An attempt that has not earned to run, and what nobody passes. */
export interface BypassQuestion {
  readonly attempt: Attempt
  readonly facts: Facts
  readonly rule: EffectiveRule
  readonly matrix: MatrixName
  /** The acting agent and those that delegated to it. */
  readonly chain: readonly AgentFacts[]
  /** The ceiling of the action, and the cap of a changed build. */
  readonly mostAllowed: Maturity
}

/**
 * The bypass that lets an attempt run. It stands for what the agents that it covers have not earned, and for nothing else:
 * ceilings, caps and limits hold as before, and what takes two people is never loosened by one.
 */
export function bypassFor(question: BypassQuestion): OpenBypass | undefined {
  const { attempt, facts, rule } = question
  const { bypasses = [] } = facts
  if (bypasses.length === 0 || attempt.resolution.status !== 'resolved') return undefined
  const { name } = attempt.resolution.action
  if (rule.risk === 'critical' || rule.requiredApprovals > 1 || facts.policy.waitFor(name) > 0) return undefined
  return bypasses.find((bypass) => lets(bypass, question))
}

function lets(bypass: OpenBypass, { attempt, facts, rule, matrix, chain, mostAllowed }: BypassQuestion): boolean {
  if (attempt.resolution.status !== 'resolved') return false
  const { name, capability } = attempt.resolution.action
  if (bypass.action !== null && bypass.action !== name) return false
  if (bypass.capability !== null && bypass.capability !== capability) return false
  const counted = chain.map((agent): Maturity => {
    if (covers(bypass, agent, facts.policy.separationOfDuties)) return 'autonomous'
    return agentAt(agent, facts.policy.promotion, capability).maturity
  })
  const { route } = routeFor({ matrix, maturity: minMaturity(mostAllowed, ...counted), risk: rule.risk })
  return route === 'execution'
}

function covers(bypass: OpenBypass, { id }: AgentFacts, separationOfDuties: boolean): boolean {
  if (bypass.agent !== null && bypass.agent !== id) return false
  // Containment that came later than the bypass stands.
  if (bypass.lapsedFor.includes(id)) return false
  return !(separationOfDuties && bypass.ownOf.includes(id))
}
