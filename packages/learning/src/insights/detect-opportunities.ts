import type { TrainingOpportunity } from '../client/feedback.ts'

/** A correction as it came. */
export interface CorrectionFact {
  readonly agentType: string
  /** Id of the example that came of it. */
  readonly example: string
  readonly tags: readonly string[]
  readonly input: string
  readonly correction: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** How often a correction must come to be a repeated one. */
export const LEAST_REPEATS = 3
/** In how many milliseconds: 30 days. */
export const REPEATS_WITHIN_MS: number = 30 * 86_400_000
/** The share of the words of two corrections that must be the same (Jaccard) for one matter. */
const LEAST_OVERLAP = 0.5

const SHORTEST_TERM = 3
const MOST_TERMS = 10
const MOST_WORDS = 200

/**
 * Finds corrections that say the same again and again: of one agent type, at least three in the last 30 days, with a tag
 * in common or, without one, with half of their words. The most frequent come first.
 */
export function detectOpportunities(
  corrections: readonly CorrectionFact[],
  now: number,
): readonly TrainingOpportunity[] {
  const recent = corrections.filter(({ at }) => at > now - REPEATS_WITHIN_MS && at <= now)
  const types = new Set(recent.map(({ agentType }) => agentType))
  const found = [...types].flatMap((agentType) => {
    const ofType = recent.filter((one) => one.agentType === agentType).map(withWords)
    const tagged = byTag(agentType, ofType)
    const told = new Set(tagged.flatMap(({ examples }) => examples))
    return [
      ...tagged,
      ...byWords(
        agentType,
        ofType.filter(({ example }) => !told.has(example)),
      ),
    ]
  })
  return found.sort((first, second) => second.count - first.count || compare(keyOf(first), keyOf(second)))
}

interface Worded extends CorrectionFact {
  readonly words: ReadonlySet<string>
}

function withWords(one: CorrectionFact): Worded {
  const words = `${one.input} ${one.correction}`.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []
  return { ...one, words: new Set(words.filter(({ length }) => length >= SHORTEST_TERM).slice(0, MOST_WORDS)) }
}

function byTag(agentType: string, corrections: readonly Worded[]): readonly TrainingOpportunity[] {
  const tags = [...new Set(corrections.flatMap((one) => one.tags))]
  return tags.flatMap((tag) =>
    opportunity(
      agentType,
      tag,
      corrections.filter((one) => one.tags.includes(tag)),
    ),
  )
}

/** Each correction joins the first matter whose first correction it shares enough words with. */
function byWords(agentType: string, corrections: readonly Worded[]): readonly TrainingOpportunity[] {
  const matters: [Worded, ...Worded[]][] = []
  for (const one of corrections) {
    const matter = matters.find(([first]) => overlap(first.words, one.words) >= LEAST_OVERLAP)
    if (matter === undefined) matters.push([one])
    else matter.push(one)
  }
  return matters.flatMap((matter) => opportunity(agentType, null, matter))
}

function opportunity(agentType: string, tag: string | null, matter: readonly Worded[]): readonly TrainingOpportunity[] {
  if (matter.length < LEAST_REPEATS) return []
  const examples = [...new Set(matter.map(({ example }) => example))]
  return [{ agentType, tag, terms: sharedTerms(matter), examples, count: matter.length }]
}

/** The words that at least half of the corrections hold, most frequent first. */
function sharedTerms(matter: readonly Worded[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const { words } of matter) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts]
    .filter(([, count]) => count * 2 >= matter.length)
    .sort(([first, one], [second, other]) => other - one || compare(first, second))
    .slice(0, MOST_TERMS)
    .map(([word]) => word)
}

function overlap(first: ReadonlySet<string>, second: ReadonlySet<string>): number {
  const shared = [...first].filter((word) => second.has(word)).length
  const all = first.size + second.size - shared
  return all === 0 ? 0 : shared / all
}

function keyOf({ agentType, tag, terms }: TrainingOpportunity): string {
  return JSON.stringify([agentType, tag, terms])
}

function compare(first: string, second: string): number {
  return first < second ? -1 : Number(first > second)
}
