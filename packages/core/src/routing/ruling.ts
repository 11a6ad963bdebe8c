import type { BypassUse, ErrorCode, Maturity, Risk, Route } from '@preceptor/client'
import { compareFingerprints } from '../agents/fingerprint.ts'
import { agentAt } from '../maturity/agent-at.ts'
import { minMaturity } from '../maturity/levels.ts'
import { evaluateCondition } from '../policy/condition.ts'
import type { EffectiveRule } from '../policy/policy.ts'
import type { Attempt } from './attempt.ts'
import { agentsOf } from './attempt.ts'
import { bypassFor } from './bypass-rule.ts'
import type { AgentFacts, Facts, OpenBypass } from './facts.ts'
import { matrixFor, routeFor } from './matrix.ts'
import { isStanding, standingRulings } from './standing-rulings.ts'
import { stopFor } from './stop-for.ts'

/** What the rules say of an attempt, before anything follows from it. */
export interface Ruling {
  readonly route: Exclude<Route, 'queue'>
  /** Null when it may run, or when what follows decides the code. */
  readonly code: ErrorCode | null
  readonly reason: string
  readonly warnings: readonly string[]
  readonly maturity: Maturity | null
  readonly risk: Risk | null
  readonly requiredApprovals: number
  /** Set when the policy only watches the capability: the attempt runs although this would have been the route. */
  readonly shadow: { readonly route: Exclude<Route, 'execution'>; readonly code: ErrorCode | null } | null
  /** Set when an emergency override lets it run, which would have taken another route. */
  readonly bypass: BypassUse | null
  readonly rule: EffectiveRule | null
  readonly agent: AgentFacts | null
}

/** How much of a limit an attempt needs and whether that is left. */
export interface LimitCheck {
  readonly name: string
  readonly sufficient: boolean
  readonly reason: string
}

// One for all, and for every decision that is given out: nobody may add to it.
const NONE: readonly string[] = Object.freeze([])

const LONGEST_DELEGATION = 5
const PAUSED_CODES = { paused: 'AGENT_PAUSED', stopped: 'AGENT_STOPPED', retired: 'AGENT_RETIRED' } as const

/**
 * Rules on an attempt: pure, and in the order of the product: kill switch, agents, lifecycle, action, args, effective
 * maturity, condition and limits, matrix.
 */
export function ruleOn(attempt: Attempt, facts: Facts, limits: readonly LimitCheck[]): Ruling {
  const { resolution } = attempt
  const standing = resolution.status === 'resolved' ? standingRulings(attempt, facts, limits) : undefined
  if (standing === undefined || resolution.status !== 'resolved') return rule(attempt, facts, limits)
  // Nothing else is put there.
  const known = standing.get(resolution.action) as Ruling | undefined
  if (known !== undefined) return known
  const ruling = rule(attempt, facts, limits)
  if (isStanding(ruling)) standing.set(resolution.action, ruling)
  return ruling
}

function rule(attempt: Attempt, facts: Facts, limits: readonly LimitCheck[]): Ruling {
  const refusal = refuse(attempt, facts)
  if (refusal !== null) return denied(refusal.code, refusal.reason)
  const { trigger, resolution } = attempt
  const whole = facts.agents.get(trigger.agent)
  if (whole === undefined || resolution.status !== 'resolved')
    return denied('INTERNAL', 'The attempt could not be resolved.')
  const agent = agentAt(whole, facts.policy.promotion, resolution.action.capability)
  const effective = facts.policy.ruleFor(resolution.action)
  // What only watches has nothing to override.
  const bypasses = effective.shadow ? [] : (facts.bypasses ?? [])
  const ruling = ruleByPolicy({ attempt, facts: { ...facts, bypasses }, limits, agent, rule: effective })
  // Who asks people wants their answer, also where the policy only watches.
  if (!effective.shadow || ruling.route === 'execution' || resolution.action.asksPeople) return ruling
  const shadow = { route: ruling.route, code: ruling.code }
  const reason = `Runs because the policy only watches "${resolution.action.capability}"; otherwise: ${ruling.reason}`
  return { ...ruling, route: 'execution', code: null, reason, shadow }
}

function refuse(attempt: Attempt, facts: Facts): { code: ErrorCode; reason: string } | null {
  const { trigger, resolution } = attempt
  const agents = agentsOf(trigger)
  const stop = stopFor(facts.stops, agents)
  if (stop !== undefined)
    return { code: 'STOPPED', reason: `A kill switch is set for ${stopped(stop.target, stop.agent)}.` }
  if (agents.length > LONGEST_DELEGATION + 1) {
    return {
      code: 'DELEGATION_TOO_DEEP',
      reason: `The delegation chain has ${agents.length - 1} agents; at most 5 are allowed.`,
    }
  }
  if (new Set(agents).size !== agents.length) {
    return { code: 'DELEGATION_CYCLE', reason: 'The delegation chain names an agent twice.' }
  }
  for (const id of agents) {
    const agent = facts.agents.get(id)
    if (agent === undefined)
      return { code: 'AGENT_UNKNOWN', reason: `The agent ${JSON.stringify(id)} is not registered.` }
    if (agent.lifecycle !== 'active') {
      return { code: PAUSED_CODES[agent.lifecycle], reason: `The agent "${id}" is ${agent.lifecycle}.` }
    }
  }
  return resolution.status === 'unresolved' ? resolution : null
}

function stopped(target: 'agent' | 'workspace' | 'all', agent: string | null): string {
  if (target === 'agent') return `the agent "${agent}"`
  return target === 'workspace' ? 'the workspace' : 'everything'
}

interface PolicyInput {
  readonly attempt: Attempt
  readonly facts: Facts
  readonly limits: readonly LimitCheck[]
  readonly agent: AgentFacts
  readonly rule: EffectiveRule
}

function ruleByPolicy(input: PolicyInput): Ruling {
  const { attempt, facts, limits, agent, rule } = input
  const manual = isManual(attempt)
  // A signed-in person answers for what the agent does; only the ceiling of the action still holds.
  const maturity = manual ? rule.ceiling : effectiveMaturity(attempt, facts, rule)
  const known = { maturity: manual ? agent.maturity : maturity, risk: rule.risk, rule, agent }
  const problem = conditionProblem(attempt, rule)
  if (problem !== null) return { ...denied('CONDITION_FAILED', problem), ...known }
  const exhausted = limits.find(({ sufficient }) => !sufficient)
  if (exhausted !== undefined) return { ...denied('LIMIT_EXCEEDED', exhausted.reason), ...known }
  const { resolution } = attempt
  if (resolution.status === 'resolved' && resolution.action.asksPeople) return { ...asked(attempt, rule), ...known }
  if (manual && rule.ceiling === 'autonomous') {
    const warnings = [`Set off by a person: the agent itself is ${agent.maturity} and was not asked to earn this.`]
    return { ...allowed('A signed-in person set it off.'), ...known, warnings }
  }
  const matrix = matrixFor(attempt.trigger, facts.policy.matrix)
  const { route, requiredApprovals } = routeFor({ matrix, maturity, risk: rule.risk })
  if (route !== 'execution' && !manual) {
    const chain = chainOf(attempt, facts)
    const bypass = bypassFor({ ...input, matrix, chain, mostAllowed: mostAllowed(attempt, facts, rule) })
    if (bypass !== undefined) return { ...bypassed(bypass, route), ...known }
  }
  return {
    ...known,
    route,
    code: null,
    reason: routeReason({ route, maturity, risk: rule.risk, agent: agent.id }),
    warnings: NONE,
    requiredApprovals: route === 'proposal' ? Math.max(requiredApprovals, rule.requiredApprovals) : 0,
    shadow: null,
    bypass: null,
  }
}

/** What a person sets off directly; what one agent then has another do is theirs. */
function isManual({ actor, trigger }: Attempt): boolean {
  return actor.source === 'manual' && (trigger.delegation ?? []).length === 0
}

/** A question goes to people whoever asks it: what has no effect of its own needs no maturity, and no bypass answers it. */
function asked({ question }: Attempt, rule: EffectiveRule): ReturnType<typeof allowed> {
  const requiredApprovals = Math.max(question?.approvals ?? 1, rule.requiredApprovals)
  return { ...allowed('It is a question to people.'), route: 'proposal', requiredApprovals }
}

function bypassed({ id, expiresAt }: OpenBypass, route: BypassUse['route']): ReturnType<typeof allowed> {
  const reason = `The bypass ${id} lets it run, which the agent has not earned; otherwise: ${EXPLANATIONS[route]}.`
  const warnings = [`Runs under the bypass ${id}, which ends at ${expiresAt} at the latest.`]
  return { ...allowed(reason), warnings, bypass: { id, route, expiresAt } }
}

/** The least of what the agent earned there, what its delegators did, the ceiling, and the cap of a changed build. */
function effectiveMaturity(attempt: Attempt, facts: Facts, rule: EffectiveRule): Maturity {
  const { resolution } = attempt
  // What cannot be resolved is refused before this; were it not, nobody would have earned it.
  if (resolution.status !== 'resolved') return 'student'
  const { capability } = resolution.action
  const earned = chainOf(attempt, facts).map((agent) => agentAt(agent, facts.policy.promotion, capability).maturity)
  return minMaturity(mostAllowed(attempt, facts, rule), ...earned)
}

function chainOf({ trigger }: Attempt, facts: Facts): readonly AgentFacts[] {
  return agentsOf(trigger).flatMap((id) => facts.agents.get(id) ?? [])
}

/** What nobody in the chain passes, whatever they earned: the ceiling, and the cap of a changed build. */
function mostAllowed(attempt: Attempt, facts: Facts, rule: EffectiveRule): Maturity {
  const changed = chainOf(attempt, facts).some(
    (agent, index) => agent.fingerprintCapped || (index === 0 && buildChanged(attempt, agent)),
  )
  return minMaturity(rule.ceiling, changed ? 'intern' : 'autonomous')
}

function buildChanged(attempt: Attempt, agent: AgentFacts): boolean {
  return compareFingerprints(agent.fingerprint, attempt.trigger.fingerprint).result === 'changed'
}

function conditionProblem(attempt: Attempt, rule: EffectiveRule): string | null {
  const { trigger, actor, resolution } = attempt
  if (rule.when === null || resolution.status !== 'resolved') return null
  const variables = {
    args: resolution.args,
    agent: trigger.agent,
    action: trigger.action,
    resource: trigger.resource ?? '',
    source: actor.source,
    type: trigger.type ?? '',
    now: attempt.decidedAt,
  }
  try {
    return evaluateCondition(rule.when.condition, variables)
      ? null
      : `The condition "${rule.when.source}" does not hold.`
  } catch {
    // A condition that cannot be evaluated does not hold: the gate fails closed.
    return `The condition "${rule.when.source}" could not be evaluated on these arguments.`
  }
}

const EXPLANATIONS = {
  execution: 'may run',
  supervision: 'may run under live supervision',
  proposal: 'needs approval',
  training: 'is blocked and trained first',
} as const

function routeReason(input: {
  readonly route: keyof typeof EXPLANATIONS
  readonly maturity: Maturity
  readonly risk: Risk
  readonly agent: string
}): string {
  return `The agent "${input.agent}" counts as ${input.maturity} here; an action of ${input.risk} risk ${EXPLANATIONS[input.route]}.`
}

function allowed(reason: string): Omit<Ruling, 'maturity' | 'risk' | 'rule' | 'agent'> {
  return { route: 'execution', code: null, reason, warnings: NONE, requiredApprovals: 0, shadow: null, bypass: null }
}

function denied(code: ErrorCode, reason: string): Ruling {
  return { ...allowed(reason), route: 'denied', code, maturity: null, risk: null, rule: null, agent: null }
}
