import type { Maturity, PromotionExplanation, Risk } from '@preceptor/client'
import type { ActionSpecification } from '../actions/registered-action.ts'
import { own } from '../kernel/own-property.ts'
import { minMaturity } from '../maturity/levels.ts'
import { type Condition, compileCondition } from './condition.ts'
import type { Limit, MatrixName, PolicyDocument, ReviewLimit } from './policy-document.ts'
import { strictestRisk } from './strictest-risk.ts'

/** What holds for one action: the stricter of code and policy. */
export interface EffectiveRule {
  readonly risk: Risk
  readonly ceiling: Maturity
  readonly when: { readonly source: string; readonly condition: Condition } | null
  /** Approvals beyond what the matrix asks for. */
  readonly requiredApprovals: number
  readonly limits: readonly Limit[]
  readonly shadow: boolean
}

/** What the policy looks at of an action. */
export type RuledAction = Pick<ActionSpecification, 'name' | 'risk' | 'ceiling' | 'capability'>

/** One version of the policy, ready to decide by. */
export interface Policy {
  /** 0 is the built-in strict one. */
  readonly version: number
  readonly document: PolicyDocument
  readonly matrix: { readonly runs: MatrixName; readonly actions: MatrixName }
  readonly separationOfDuties: boolean
  readonly promotion: {
    readonly policy: PromotionExplanation['policy']
    readonly onePerson: boolean
    /** What a record of maturity is kept for: the agent as a whole, or each capability of it. */
    readonly trust: 'agent' | 'capability'
  }
  /** What the autonomous reviewer is let do. */
  readonly review: {
    readonly automatic: boolean
    /** Share of its approvals that is left to people. */
    readonly sample: number
    readonly limits: readonly ReviewLimit[]
  }
  /** Whether autonomous reviewers watch where no person does. */
  readonly supervision: { readonly reviewers: boolean }
  /** What holds for an action; made once for each definition. */
  readonly ruleFor: (action: RuledAction) => EffectiveRule
  /** Milliseconds that an approved action waits before it runs, by the name of the action. */
  readonly waitFor: (action: string) => number
}

/** Makes a version of the policy ready to decide by. */
export function createPolicy(version: number, document: PolicyDocument): Policy {
  const rules = new WeakMap<RuledAction, EffectiveRule>()
  return {
    version,
    document,
    matrix: { runs: document.matrix?.runs ?? 'strict', actions: document.matrix?.actions ?? 'graduated' },
    separationOfDuties: document.separationOfDuties ?? true,
    promotion: {
      policy: document.promotion?.policy ?? 'earned',
      onePerson: document.promotion?.onePerson ?? false,
      trust: document.promotion?.trust ?? 'agent',
    },
    review: {
      automatic: document.review?.automatic ?? false,
      sample: document.review?.sample ?? 0.05,
      limits: document.review?.limits ?? [],
    },
    supervision: { reviewers: document.supervision?.reviewers ?? false },
    waitFor: (action) => own(document.actions ?? {}, action)?.waitMs ?? 0,
    ruleFor(action) {
      const known = rules.get(action)
      if (known !== undefined) return known
      const rule = effectiveRule(document, action)
      rules.set(action, rule)
      return rule
    },
  }
}

/** The policy of a workspace that has written none. */
export const BUILT_IN_POLICY: Policy = createPolicy(0, {})

function effectiveRule(document: PolicyDocument, action: RuledAction): EffectiveRule {
  const rule = own(document.actions ?? {}, action.name) ?? {}
  return {
    risk: strictestRisk(action.risk, rule.risk ?? 'safe'),
    ceiling: minMaturity(action.ceiling, rule.ceiling ?? 'autonomous'),
    when: rule.when === undefined ? null : { source: rule.when, condition: compileCondition(rule.when) },
    requiredApprovals: rule.requiredApprovals ?? 1,
    limits: (document.limits ?? []).filter((limit) => limit.action === undefined || limit.action === action.name),
    shadow: (document.shadow ?? []).includes(action.capability),
  }
}
