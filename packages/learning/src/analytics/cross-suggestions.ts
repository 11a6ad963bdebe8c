import type { CrossSuggestion } from '../client/trainer.ts'
import { LOW_IMPROVEMENT } from './recommendations.ts'

/** How answers about one matter came out in one type of agents. */
export interface TagResult {
  readonly agentType: string
  readonly tag: string
  /** Mean improvement of its scored sessions, in points. */
  readonly improvement: number
  readonly sessions: number
  /** Ids of examples of that type about it, most frequent first. */
  readonly examples: readonly string[]
}

/** What suggestions are made from. */
export interface SuggestionQuestion {
  readonly agentType: string
  /** What people correct in answers of that type. */
  readonly corrected: readonly string[]
  readonly results: readonly TagResult[]
}

const LEAST_SESSIONS = 3
const MOST_SUGGESTIONS = 5

/**
 * Suggests what helped another type with what is corrected in this one: three scored sessions at least, and an improvement
 * of five points at least. The greatest improvement first, for each matter the best type only.
 */
export function crossSuggestions({ agentType, corrected, results }: SuggestionQuestion): readonly CrossSuggestion[] {
  const helped = results
    .filter((result) => result.agentType !== agentType && corrected.includes(result.tag))
    .filter(({ sessions, improvement }) => sessions >= LEAST_SESSIONS && improvement >= LOW_IMPROVEMENT)
    .toSorted((one, other) => other.improvement - one.improvement || (one.agentType < other.agentType ? -1 : 1))
  return helped
    .filter(({ tag }, index) => helped.findIndex((other) => other.tag === tag) === index)
    .slice(0, MOST_SUGGESTIONS)
    .map(({ agentType: from, ...result }) => ({ from, ...result }))
}
