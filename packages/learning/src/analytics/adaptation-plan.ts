import type { AdaptationReason } from './adaptation-rules.ts'
import { LEAST_SESSIONS } from './recent-sessions.ts'

/** What an adaptation does differently, as the trainer reads it. */
export type AdaptationPlan =
  | { readonly kind: 'strategy'; readonly strategy: string }
  | { readonly kind: 'guidance'; readonly guidance: readonly string[]; readonly examples: number }

/** How answers by one strategy came out. */
export interface StrategyResult {
  readonly strategy: string
  /** Points. */
  readonly improvement: number
}

/** What a plan is made from. */
export interface PlanQuestion {
  readonly cause: AdaptationReason
  /** Name of the strategy that is in force. */
  readonly strategy: string
  /** The ways that were tried lately, each with what came of it. */
  readonly results: readonly StrategyResult[]
  /** What the criteria of the improved answers were given lately, 0 to 100. */
  readonly criteria: readonly { readonly name: string; readonly score: number }[]
  /** What each criterion means, one sentence. */
  readonly meanings: Readonly<Record<string, string>>
  /** What people corrected most often, most frequent first. */
  readonly tags: readonly string[]
}

/** A plan, and what it is in one sentence. */
export interface PlannedAdaptation {
  readonly plan: AdaptationPlan
  readonly change: string
}

const MORE_EXAMPLES = 5
const MOST_CRITERIA = 2
const MOST_TAGS = 3
// Below it a criterion is one that answers fail.
const GOOD = 80
const REREAD = 'Before you reply, compare each sentence of the correction with the answer, and leave none of it out.'

/**
 * Plans what is done differently: another strategy where one did better in five sessions at least, else guidance on what
 * fails most often, with more examples.
 *
 * @example
 * ```ts
 * planAdaptation({ cause: 'declining', strategy: 'qa', results: [], criteria: [], meanings: {}, tags: ['refunds'] })
 * ```
 */
export function planAdaptation(question: PlanQuestion): PlannedAdaptation {
  const better = betterStrategy(question)
  if (better !== undefined) {
    const { strategy, gain } = better
    const change = `Uses the strategy ${strategy}, which improved answers by ${gain.toFixed(1)} points more than ${question.strategy}.`
    return { plan: { kind: 'strategy', strategy }, change }
  }
  const failing = failingCriteria(question.criteria)
  const tags = question.tags.slice(0, MOST_TAGS)
  const guidance = [
    REREAD,
    ...failing.map((name) => `Attend to ${name} above all: ${question.meanings[name] ?? 'it was rated low lately.'}`),
    ...(tags.length === 0 ? [] : [`People corrected answers of this kind for: ${tags.join(', ')}.`]),
  ]
  const named = [...failing, ...tags].join(', ')
  const about = named === '' ? '' : `, about ${named}`
  const change = `Shows ${MORE_EXAMPLES} examples and gives more guidance${about}.`
  return { plan: { kind: 'guidance', guidance, examples: MORE_EXAMPLES }, change }
}

/** The strategy that did best, by how many points more than that in force; undefined where none did better. */
function betterStrategy({
  strategy: current,
  results,
}: PlanQuestion): { readonly strategy: string; readonly gain: number } | undefined {
  const tried = results.map(({ strategy, improvement }) => ({ name: strategy, value: improvement }))
  const means = meansOf(tried).filter(({ count }) => count >= LEAST_SESSIONS)
  const known = means.find(({ name }) => name === current)
  const best = means.at(-1)
  if (known === undefined || best === undefined || best.mean <= known.mean) return undefined
  return { strategy: best.name, gain: best.mean - known.mean }
}

function failingCriteria(criteria: PlanQuestion['criteria']): readonly string[] {
  return meansOf(criteria.map(({ name, score }) => ({ name, value: score })))
    .filter(({ mean }) => mean < GOOD)
    .slice(0, MOST_CRITERIA)
    .map(({ name }) => name)
}

/** The mean of the values under each name, the lowest first. */
function meansOf(values: readonly { readonly name: string; readonly value: number }[]) {
  const sums = new Map<string, { sum: number; count: number }>()
  for (const { name, value } of values) {
    const { sum, count } = sums.get(name) ?? { sum: 0, count: 0 }
    sums.set(name, { sum: sum + value, count: count + 1 })
  }
  return [...sums]
    .map(([name, { sum, count }]) => ({ name, count, mean: sum / count }))
    .sort((one, other) => one.mean - other.mean || (one.name < other.name ? -1 : 1))
}
