import type { Interval } from '../statistics/interval.ts'
import type { Direction } from './direction.ts'

/** What to do about a prediction, by rule. */
export interface Recommendation {
  readonly kind: 'adapt' | 'review_strategy' | 'collect_sessions' | 'narrow_tasks' | 'resume' | 'keep'
  /** One sentence with the numbers that led to it. */
  readonly text: string
}

/** What the rules look at. */
export interface RecommendationQuestion {
  /** Predicted mean improvement in points. */
  readonly mean: number
  readonly interval: Interval
  readonly direction: Direction
  readonly factors: {
    readonly slope: number
    readonly variance: number
    readonly sampleSize: number
    readonly daysSinceLast: number
  }
}

/** Below this mean improvement, in points, an adaptation is due. */
export const LOW_IMPROVEMENT = 5
// A prediction that leaves more open than this, in points, is one to collect for.
const WIDE = 20
// A standard deviation of 20 points: results of the same type have little in common.
const SCATTERED = 400
const IDLE_DAYS = 7

/** Derives what to do from a prediction, most pressing first; `keep` alone when no rule applies. */
export function recommendationsFor(question: RecommendationQuestion): readonly Recommendation[] {
  const { mean, interval, direction, factors } = question
  const width = interval.high - interval.low
  const found: Recommendation[] = []
  if (mean < LOW_IMPROVEMENT) {
    found.push({
      kind: 'adapt',
      text: `An improvement of ${shown(mean)} points is predicted, below ${LOW_IMPROVEMENT}: adapt the strategy.`,
    })
  }
  if (direction === 'declining') {
    found.push({
      kind: 'review_strategy',
      text: `Improvements change by ${shown(factors.slope)} points a session: review what changed lately.`,
    })
  }
  if (width > WIDE) {
    found.push({
      kind: 'collect_sessions',
      text: `The interval is ${shown(width)} points wide after ${factors.sampleSize} sessions: collect more before deciding on it.`,
    })
  }
  if (factors.variance > SCATTERED) {
    found.push({
      kind: 'narrow_tasks',
      text: `Improvements scatter by ${shown(Math.sqrt(factors.variance))} points: look at tasks of one kind by themselves.`,
    })
  }
  if (factors.daysSinceLast > IDLE_DAYS) {
    found.push({
      kind: 'resume',
      text: `The last session was ${shown(factors.daysSinceLast)} days ago: run new ones before relying on it.`,
    })
  }
  if (found.length > 0) return found
  return [{ kind: 'keep', text: `An improvement of ${shown(mean)} points is predicted: keep the strategy.` }]
}

function shown(value: number): string {
  return value.toFixed(1)
}
