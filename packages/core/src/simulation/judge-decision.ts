import type { ErrorCode, SimulatedDifference, UnjudgedReason } from '@preceptor/client'
import type { ActionSpecification } from '../actions/registered-action.ts'
import { REDACTED } from '../journal/redact-text.ts'
import { hashCanonical } from '../kernel/canonical-json.ts'
import type { Policy } from '../policy/policy.ts'
import type { Attempt } from '../routing/attempt.ts'
import type { Facts } from '../routing/facts.ts'
import { type LimitCheck, type Ruling, ruleOn } from '../routing/ruling.ts'
import { ruleUnderWatch } from '../routing/watched-run.ts'
import { agentsThen, bypassesThen, type Past, watchThen } from './past-facts.ts'
import type { RecordedDecision } from './recorded-decision.ts'

/** What a candidate would have made of a decision. */
export type Judgement =
  | { readonly judged: false; readonly reason: UnjudgedReason }
  | { readonly judged: true; readonly difference: SimulatedDifference }

/** What a decision is judged by. */
export interface JudgedBy {
  readonly past: Past
  /** The definition that it named; undefined when it is gone. */
  readonly action: ActionSpecification | undefined
  /** What it was decided by; undefined when it cannot be read. */
  readonly policy: Policy | undefined
  readonly candidate: Policy
}

/** Refusals that come before the policy is asked, whatever it says. */
const BEFORE_POLICY: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'STOPPED',
  'DELEGATION_TOO_DEEP',
  'DELEGATION_CYCLE',
  'AGENT_UNKNOWN',
  'AGENT_PAUSED',
  'AGENT_STOPPED',
  'AGENT_RETIRED',
  'ACTION_UNKNOWN',
  'ACTION_AMBIGUOUS',
  'ARGS_INVALID',
])

const USED_UP: LimitCheck = { name: '', sufficient: false, reason: 'A limit was used up.' }

/**
 * Rules on a decision again by the rules that decide: first by the policy that it was decided by, which must give what is
 * on record, then by the candidate.
 */
export function judgeDecision(made: RecordedDecision, by: JudgedBy): Judgement {
  if (!made.isRuled) {
    const isRefused = made.code !== null && BEFORE_POLICY.has(made.code)
    return isRefused ? differing(made, { route: 'denied', code: made.code, reason: '' }) : unjudged('not_ruled')
  }
  const { action, policy, candidate, past } = by
  const agents = agentsThen(past, made)
  if (action === undefined) return unjudged('action_gone')
  if (policy === undefined) return unjudged('policy_gone')
  if (agents === undefined) return unjudged('not_reproduced')
  const rules = [policy.ruleFor(action), candidate.ruleFor(action)] as const
  if (rules.some(({ when }) => when !== null) && !isWhole(made)) return unjudged('args_hidden')
  const attempt = attemptOf(made, action)
  const facts = { agents, stops: [], bypasses: bypassesThen(past, made) }
  const limits = made.isLimited ? [USED_UP] : []
  const rule = (rulingPolicy: Policy, found: readonly LimitCheck[]): Ruling =>
    ruleUnderWatch(ruleOn(attempt, { ...facts, policy: rulingPolicy } satisfies Facts, found), watchThen(past, made))
  const again = rule(policy, limits)
  if (again.route !== made.route || (again.route === 'denied' && again.code !== made.code)) {
    return unjudged('not_reproduced')
  }
  // A condition that failed hid what was left of the limits, and one that differs was never counted.
  const isSame = JSON.stringify(rules[0].limits) === JSON.stringify(rules[1].limits)
  const isKnown = rules[1].limits.length === 0 || (isSame && made.code !== 'CONDITION_FAILED')
  const known = rule(candidate, isKnown && isSame ? limits : [])
  if (!isKnown && rule(candidate, [USED_UP]).route !== known.route) return unjudged('limit_differs')
  return differing(made, known)
}

/** Whether the record has all that a condition can ask for. */
function isWhole({ args, argsHash, resource }: RecordedDecision): boolean {
  return argsHash !== null && hashCanonical(args) === argsHash && !(resource ?? '').includes(REDACTED)
}

function attemptOf(made: RecordedDecision, action: ActionSpecification): Attempt {
  const { agent, args, argsHash, resource, type, delegation } = made
  return {
    actor: { workspace: '', principal: { kind: 'system', id: 'simulation', roles: [] }, source: made.source },
    trigger: {
      agent,
      action: made.action,
      args,
      ...(resource !== null && { resource }),
      ...(type !== null && { type }),
      ...(delegation.length > 0 && { delegation }),
    },
    keyed: false,
    idempotencyKey: '',
    decisionId: made.id,
    decidedAt: made.decidedAt,
    startedAt: 0,
    resolution: { status: 'resolved', action, args, argsHash: argsHash ?? '' },
  }
}

function unjudged(reason: UnjudgedReason): Judgement {
  return { judged: false, reason }
}

function differing(
  made: RecordedDecision,
  { route, code, reason }: Pick<Ruling, 'route' | 'code' | 'reason'>,
): Judgement {
  const { id, agent, action, decidedAt, route: before } = made
  return {
    judged: true,
    difference: { id, agent, action, decidedAt, before, after: route, code: CODES[route] ?? code, reason },
  }
}

const CODES: Partial<Record<Ruling['route'], ErrorCode>> = {
  proposal: 'APPROVAL_REQUIRED',
  training: 'TRAINING_REQUIRED',
}
