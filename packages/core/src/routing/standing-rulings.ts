import type { ActionSpecification } from '../actions/registered-action.ts'
import { compareFingerprints } from '../agents/fingerprint.ts'
import type { Policy } from '../policy/policy.ts'
import type { Attempt } from './attempt.ts'
import type { AgentFacts, Facts } from './facts.ts'
import type { LimitCheck, Ruling } from './ruling.ts'

/**
 * Rulings on attempts of one agent that rest on nothing but facts that are kept, the action and the policy: made once and
 * found again for as long as the facts are kept. They live in the facts, so that what forgets the facts forgets them too.
 */
export interface StandingRulings {
  /** What they rest on: facts that say otherwise have none of them. */
  readonly agent: AgentFacts
  readonly policy: Policy
  readonly byAction: Map<ActionSpecification, Ruling>
}

/** The place of what was ruled before; undefined for an attempt that says more than who acts and what on. */
export function standingRulings(
  { trigger, actor, question }: Attempt,
  { standing, agents, policy, stops, bypasses }: Facts,
  limits: readonly LimitCheck[],
): StandingRulings['byAction'] | undefined {
  if (standing === undefined || standing.policy !== policy) return undefined
  if (agents.get(trigger.agent) !== standing.agent) return undefined
  if (stops.length > 0 || limits.length > 0 || bypasses !== undefined) return undefined
  if ((trigger.delegation?.length ?? 0) > 0 || trigger.type !== undefined) return undefined
  if (compareFingerprints(standing.agent.fingerprint, trigger.fingerprint).result === 'changed') return undefined
  return actor.source === 'manual' || question !== undefined ? undefined : standing.byAction
}

/** Whether a ruling holds for every such attempt: a condition is held against the args and the time of each. */
export function isStanding({ rule }: Ruling): boolean {
  return rule !== null && rule.when === null
}
