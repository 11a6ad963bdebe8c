import type { Fingerprint } from '@preceptor/client'
import { compareFingerprints } from '../agents/fingerprint.ts'
import type { EffectiveRule } from '../policy/policy.ts'
import type { Attempt } from './attempt.ts'
import type { Facts, StandingRulings } from './facts.ts'

/** The place of what was ruled before; undefined for an attempt that says more than who acts and what on. */
export function standingRulings(
  { trigger, actor, question }: Attempt,
  { standing, agents, policy, stops, bypasses }: Facts,
  limits: readonly object[],
): StandingRulings['byAction'] | undefined {
  if (standing === undefined || standing.policy !== policy || standing.agents !== agents) return undefined
  if (trigger.agent !== standing.agent.id) return undefined
  if (stops.length > 0 || limits.length > 0 || bypasses !== undefined) return undefined
  if ((trigger.delegation?.length ?? 0) > 0 || trigger.type !== undefined) return undefined
  if (isChanged(standing.agent.fingerprint, trigger.fingerprint)) return undefined
  return actor.source === 'manual' || question !== undefined ? undefined : standing.byAction
}

function isChanged(recorded: Fingerprint, seen: Fingerprint | undefined): boolean {
  return seen !== undefined && compareFingerprints(recorded, seen).result === 'changed'
}

/** Whether a ruling holds for every such attempt: a condition is held against the args and the time of each. */
export function isStanding({ rule }: { readonly rule: EffectiveRule | null }): boolean {
  return rule !== null && rule.when === null
}
