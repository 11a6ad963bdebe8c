import type { JsonObject, Proposal, Risk } from '@preceptor/client'
import { maskArgs } from '../journal/mask-sensitive.ts'
import type { EffectiveRule, Policy } from '../policy/policy.ts'
import type { LimitUse } from '../routing/limit-rule.ts'
import { matrixFor } from '../routing/matrix.ts'
import type { CardAction, Precedent } from './card-store.ts'

/** What the reasons for a risk are found in. */
export interface RiskFacts {
  readonly proposal: Proposal
  /** Null when its definition is no more in the catalogue. */
  readonly action: CardAction | null
  readonly policy: Policy
  readonly rule: EffectiveRule | null
  readonly limits: readonly LimitUse[]
  readonly isFirst: boolean
  readonly precedents: readonly Precedent[]
}

const NEAR = 0.2
const ENOUGH = 3

/** Says what made a proposal as risky as it is: the rules first, then what is unusual about it. */
export function riskReasons(facts: RiskFacts): readonly string[] {
  return [
    ...declared(facts),
    ...ruled(facts),
    ...(facts.isFirst ? ['No earlier proposal of this agent is for this action.'] : []),
    ...outliers(facts),
    ...facts.limits.flatMap(nearlyUsedUp),
  ]
}

function declared({ proposal, action, rule }: RiskFacts): readonly string[] {
  if (action === null) return ['The definition that it was ruled by is not in the catalogue any more.']
  const isStricter = rule !== null && rule.risk !== action.risk
  return [
    `The action is declared to be of ${action.risk} risk.`,
    ...(isStricter ? [`The policy makes it ${rule.risk}.`] : []),
    ...(proposal.risk === (rule?.risk ?? action.risk) ? [] : [`It was ruled on as ${proposal.risk}.`]),
    ...(action.idempotent ? [] : ['Running it twice does it twice: repeating does not undo it.']),
  ]
}

function ruled({ proposal, policy, rule }: RiskFacts): readonly string[] {
  const { maturity, risk, requiredApprovals, policyVersion } = proposal
  const type = proposal.type ?? undefined
  const matrix = matrixFor(type === undefined ? {} : { type }, policy.matrix)
  const ceiling = rule?.ceiling ?? 'autonomous'
  return [
    `In the matrix "${matrix}" an agent that counts as ${maturity} needs approval for ${riskName(risk)}.`,
    ...(ceiling === 'autonomous'
      ? []
      : [`Whatever an agent has earned, it counts as at most ${ceiling} for this action.`]),
    ...(requiredApprovals > 1 ? [`${requiredApprovals} people must approve the same version.`] : []),
    ...(rule?.when ? [`The policy lets it happen only while: ${rule.when.source}.`] : []),
    ...(policy.version === policyVersion
      ? []
      : [
          `The policy is at version ${policy.version} by now, not ${policyVersion}: an approval will be asked for anew.`,
        ]),
  ]
}

function riskName(risk: Risk): string {
  return `an action of ${risk} risk`
}

/** Numbers among the args that are outside of what was approved before; nothing is said after too few of them. */
function outliers({ proposal, precedents }: RiskFacts): readonly string[] {
  const before = precedents.map(({ args, sensitive }) => numbersIn(maskArgs(args, sensitive)))
  return [...numbersIn(proposal.args)].flatMap(([name, value]) => {
    const known = before.flatMap((numbers) => numbers.get(name) ?? [])
    if (known.length < ENOUGH) return []
    const [least, most] = [Math.min(...known), Math.max(...known)]
    if (value >= least && value <= most) return []
    return [
      `${JSON.stringify(name)} is ${value}; in the last ${known.length} that were approved and ran it was ${range(least, most)}.`,
    ]
  })
}

function range(least: number, most: number): string {
  return least === most ? `${least}` : `${least} to ${most}`
}

function numbersIn(args: JsonObject): ReadonlyMap<string, number> {
  return new Map(
    Object.entries(args).flatMap(([name, value]) => (typeof value === 'number' ? [[name, value] as const] : [])),
  )
}

function nearlyUsedUp({ limit, cost, used }: LimitUse): readonly string[] {
  const left = Math.max(0, limit.most - used)
  if (cost === null || left - cost > limit.most * NEAR) return []
  const stated = `The limit "${limit.name}" of ${limit.most} per ${limit.per} has ${left} left`
  return [cost > left ? `${stated}, which is too little for this.` : `${stated} before this.`]
}
