import { type JsonValue, MATURITIES, RISKS } from '@preceptor/client'
import { canonicalJson } from '../kernel/canonical-json.ts'
import type { ActionRule, Breaker, Limit, PolicyDocument, ReviewLimit } from './policy-document.ts'

/**
 * What a change of the policy does: `looser` lets something run that would not have, or with less of a look at it;
 * `stricter` never does; `unclear` may do either, such as another condition; `none` states what held anyhow.
 */
export type PolicyEffect = 'looser' | 'stricter' | 'unclear' | 'none'

/** One field that two policies differ in. */
export interface PolicyChange {
  /** The field, such as `actions.refund.create.when` or `limits.spend`. */
  readonly path: string
  /** Null where it is not there. */
  readonly before: JsonValue
  /** Null where it is not there. */
  readonly after: JsonValue
  readonly effect: PolicyEffect
}

/**
 * Says in which fields two policies differ, and which way each goes, whatever agents, actions and attempts there are. A
 * policy whose changes are all `stricter` or `none` lets nothing run that the one before would not have.
 *
 * @example
 * ```ts
 * import { comparePolicies } from '@preceptor/core'
 *
 * console.log(comparePolicies({ shadow: ['refund'] }, {})) // enforced now: stricter
 * ```
 */
export function comparePolicies(before: PolicyDocument, after: PolicyDocument): readonly PolicyChange[] {
  return [
    ...fields(before, after),
    ...actionChanges(before.actions ?? {}, after.actions ?? {}),
    ...shadowChanges(before.shadow ?? [], after.shadow ?? []),
    ...limitChanges(before.limits ?? [], after.limits ?? []),
    ...reviewLimitChanges(before.review?.limits ?? [], after.review?.limits ?? []),
  ].filter((change) => canonicalJson(change.before) !== canonicalJson(change.after))
}

type Compare<Value> = (before: Value, after: Value) => PolicyEffect

/** The more, the stricter. */
const more: Compare<number> = (before, after) => (before === after ? 'none' : after > before ? 'stricter' : 'looser')
/** The less, the stricter. */
const less: Compare<number> = (before, after) => more(after, before)
/** Either way something runs that did not. */
const other: Compare<unknown> = (before, after) => (before === after ? 'none' : 'unclear')
/** What is on lets more happen by itself. */
const off: Compare<boolean> = (before, after) => less(Number(before), Number(after))
const on: Compare<boolean> = (before, after) => more(Number(before), Number(after))

/** A field, what it is where it is absent, and which way it goes. */
function field<Value extends JsonValue>(
  path: string,
  [before, after]: readonly [Value | undefined, Value | undefined],
  { absent, compare }: { readonly absent: Value; readonly compare: Compare<Value> },
): PolicyChange {
  const effect = compare(before ?? absent, after ?? absent)
  return { path, before: before ?? null, after: after ?? null, effect }
}

function fields(one: PolicyDocument, next: PolicyDocument): readonly PolicyChange[] {
  const of = <Value>(read: (document: PolicyDocument) => Value) => [read(one), read(next)] as const
  return [
    // What is critical runs under the strict matrix where an agent is autonomous; what is safe does under the other one.
    field<string>(
      'matrix.runs',
      of((p) => p.matrix?.runs),
      { absent: 'strict', compare: other },
    ),
    field<string>(
      'matrix.actions',
      of((p) => p.matrix?.actions),
      { absent: 'graduated', compare: other },
    ),
    breakerChange(one.breaker, next.breaker),
    field(
      'proposalTtlMs',
      of((p) => p.proposalTtlMs),
      { absent: 86_400_000, compare: less },
    ),
    field(
      'separationOfDuties',
      of((p) => p.separationOfDuties),
      { absent: true, compare: on },
    ),
    field<string>(
      'promotion.policy',
      of((p) => p.promotion?.policy),
      {
        absent: 'earned',
        compare: byOrder(['bands', 'earned'], more),
      },
    ),
    field(
      'promotion.onePerson',
      of((p) => p.promotion?.onePerson),
      { absent: false, compare: off },
    ),
    field<string>(
      'promotion.trust',
      of((p) => p.promotion?.trust),
      { absent: 'agent', compare: other },
    ),
    field(
      'review.automatic',
      of((p) => p.review?.automatic),
      { absent: false, compare: off },
    ),
    field(
      'review.sample',
      of((p) => p.review?.sample),
      { absent: 0.05, compare: more },
    ),
    field(
      'supervision.reviewers',
      of((p) => p.supervision?.reviewers),
      { absent: false, compare: off },
    ),
  ]
}

function breakerChange(before: Breaker | undefined, after: Breaker | undefined): PolicyChange {
  const [was, is] = [plain(before), plain(after)]
  const known = { path: 'breaker', before: was, after: is }
  if (before === undefined) return { ...known, effect: after === undefined ? 'none' : 'stricter' }
  if (after === undefined) return { ...known, effect: 'looser' }
  return { ...known, effect: before.per === after.per ? less(before.failures, after.failures) : 'unclear' }
}

type Rules = Readonly<Record<string, ActionRule>>

function actionChanges(before: Rules, after: Rules): readonly PolicyChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names.flatMap((name) => {
    const of = <Value>(read: (rule: ActionRule) => Value) =>
      [read(ruleOf(before, name)), read(ruleOf(after, name))] as const
    const path = `actions.${name}`
    return [
      field<string>(
        `${path}.risk`,
        of((rule) => rule.risk),
        { absent: 'safe', compare: byOrder(RISKS, more) },
      ),
      field<string>(
        `${path}.ceiling`,
        of((rule) => rule.ceiling),
        {
          absent: 'autonomous',
          compare: byOrder(MATURITIES, less),
        },
      ),
      conditionChange(
        `${path}.when`,
        of((rule) => rule.when),
      ),
      field(
        `${path}.requiredApprovals`,
        of((rule) => rule.requiredApprovals),
        { absent: 1, compare: more },
      ),
      field(
        `${path}.waitMs`,
        of((rule) => rule.waitMs),
        { absent: 0, compare: more },
      ),
    ]
  })
}

function ruleOf(rules: Rules, name: string): ActionRule {
  return Object.hasOwn(rules, name) ? (rules[name] ?? {}) : {}
}

function byOrder(order: readonly string[], compare: Compare<number>): Compare<string> {
  return (before, after) => compare(order.indexOf(before), order.indexOf(after))
}

/** Which of two conditions lets more through is not for a table to say. */
function conditionChange(
  path: string,
  [before, after]: readonly [string | undefined, string | undefined],
): PolicyChange {
  const known = { path, before: before ?? null, after: after ?? null }
  if (before === undefined) return { ...known, effect: after === undefined ? 'none' : 'stricter' }
  return { ...known, effect: after === undefined ? 'looser' : other(before, after) }
}

function shadowChanges(before: readonly string[], after: readonly string[]): readonly PolicyChange[] {
  const names = [...new Set([...before, ...after])]
  return names.map((name) =>
    field(`shadow.${name}`, [before.includes(name), after.includes(name)], { absent: false, compare: off }),
  )
}

function limitChanges(before: readonly Limit[], after: readonly Limit[]): readonly PolicyChange[] {
  return pairs(before, after, ({ name }) => name).map(([name, one, next]) => boundChange(`limits.${name}`, [one, next]))
}

function reviewLimitChanges(before: readonly ReviewLimit[], after: readonly ReviewLimit[]): readonly PolicyChange[] {
  const key = ({ most: _, ...rest }: ReviewLimit): string => canonicalJson(plain(rest))
  return pairs(before, after, key).map(([name, one, next]) => boundChange(`review.limits ${name}`, [one, next]))
}

/** Two bounds of one name: all but the most of them must be the same for it to tell which is stricter. */
function boundChange<Bound extends { readonly most: number }>(
  path: string,
  [one, next]: readonly [Bound | undefined, Bound | undefined],
): PolicyChange {
  const known = { path, before: plain(one), after: plain(next) }
  if (one === undefined) return { ...known, effect: 'stricter' }
  if (next === undefined) return { ...known, effect: 'looser' }
  const isSame = canonicalJson(plain({ ...one, most: 0 })) === canonicalJson(plain({ ...next, most: 0 }))
  return { ...known, effect: isSame ? less(one.most, next.most) : 'unclear' }
}

/** Of each key the least bound that there is: the others say nothing. */
function pairs<Bound extends { readonly most: number }>(
  before: readonly Bound[],
  after: readonly Bound[],
  key: (bound: Bound) => string,
): readonly (readonly [string, Bound | undefined, Bound | undefined])[] {
  const [old, next] = [leastOf(before, key), leastOf(after, key)]
  return [...new Set([...old.keys(), ...next.keys()])].map((name) => [name, old.get(name), next.get(name)])
}

function leastOf<Bound extends { readonly most: number }>(
  bounds: readonly Bound[],
  key: (bound: Bound) => string,
): ReadonlyMap<string, Bound> {
  const least = new Map<string, Bound>()
  for (const bound of bounds) {
    const known = least.get(key(bound))
    if (known === undefined || bound.most < known.most) least.set(key(bound), bound)
  }
  return least
}

/** A part of a document as JSON: what is absent is null. */
function plain(value: object | undefined): JsonValue {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as JsonValue)
}
