import { assertFinite } from '../statistics/assert-numbers.ts'
import { mean } from '../statistics/describe.ts'
import { leastSquares } from '../statistics/least-squares.ts'
import type { TooFew } from '../statistics/too-few.ts'
import { assertImprovements } from './assert-improvements.ts'
import { DIRECTION_SLOPE } from './direction.ts'
import { LOW_IMPROVEMENT } from './recommendations.ts'

/** Why an adaptation is due. */
export type AdaptationReason = 'low_improvement' | 'declining'

/** Whether the strategy of an agent type is due for an adaptation. */
export type AdaptationNeed =
  | {
      readonly outcome: 'due'
      readonly reasons: readonly AdaptationReason[]
      readonly mean: number
      readonly slope: number
    }
  | { readonly outcome: 'not_due'; readonly mean: number; readonly slope: number }
  | TooFew

/** How well an adaptation did, from 0.7 down to -0.7 for improvements and up to 0.3 for successes. */
export type AdaptationEffectiveness =
  | { readonly outcome: 'measured'; readonly n: number; readonly effectiveness: number }
  | TooFew

/** What becomes of an adaptation. */
export type AdaptationState =
  | { readonly state: 'active'; readonly effectiveness: number | null }
  | { readonly state: 'switched_off'; readonly effectiveness: number }
  | { readonly state: 'removed' }

/** What the fate of an adaptation depends on. */
export interface AdaptationRecord {
  /** When it began, in milliseconds since 1970. */
  readonly startedAt: number
  /** Improvements of the sessions that used it, in points from -100 to 100. */
  readonly improvements: readonly number[]
}

const LOOKED_AT = 10
const LEAST_LATER = 3
const LEAST_EFFECTIVENESS = 0.3
/** How long an adaptation is kept after it began, in milliseconds. */
export const ADAPTATION_KEPT_MS: number = 30 * 86_400_000
const MEAN_WEIGHT = 0.7
const SUCCESS_WEIGHT = 0.3
const FULL = 100
// What binary fractions lose: 0.3 stays 0.3.
const ROUNDING = 1e-9

/**
 * Tells whether an adaptation is due: mean improvement below 5 points, or a slope below -0.5 points a session, over the
 * last 10 sessions. Fewer than 10 are too few.
 *
 * @param improvements of one agent type, oldest first, in points.
 * @throws GovernanceError `INPUT_INVALID` for an improvement that is not from -100 to 100.
 *
 * @example
 * ```ts
 * adaptationNeed([20, 18, 17, 15, 14, 12, 11, 9, 8, 6]) // due: declining
 * ```
 */
export function adaptationNeed(improvements: readonly number[]): AdaptationNeed {
  assertImprovements(improvements)
  const line = leastSquares(improvements.slice(-LOOKED_AT))
  if (line === undefined || line.n < LOOKED_AT) return { outcome: 'too_few', n: improvements.length, needed: LOOKED_AT }
  const reasons: AdaptationReason[] = []
  if (line.mean < LOW_IMPROVEMENT - ROUNDING) reasons.push('low_improvement')
  if (line.slope < -DIRECTION_SLOPE - ROUNDING) reasons.push('declining')
  const seen = { mean: line.mean, slope: line.slope }
  return reasons.length > 0 ? { outcome: 'due', reasons, ...seen } : { outcome: 'not_due', ...seen }
}

/**
 * How well an adaptation did: `0.7 * mean improvement / 100 + 0.3 * success rate` over the sessions that used it, a
 * success being an improvement above 0. Fewer than 3 are too few.
 *
 * @throws GovernanceError `INPUT_INVALID` for an improvement that is not from -100 to 100.
 *
 * @example
 * ```ts
 * adaptationEffectiveness([20, 30, -10]) // 0.7 * 0.1333 + 0.3 * 0.6667 = 0.2933
 * ```
 */
export function adaptationEffectiveness(improvements: readonly number[]): AdaptationEffectiveness {
  assertImprovements(improvements)
  const n = improvements.length
  const improvement = mean(improvements)
  if (improvement === undefined || n < LEAST_LATER) return { outcome: 'too_few', n, needed: LEAST_LATER }
  const successRate = improvements.filter((value) => value > 0).length / n
  const effectiveness = (MEAN_WEIGHT * improvement) / FULL + SUCCESS_WEIGHT * successRate
  return { outcome: 'measured', n, effectiveness }
}

/**
 * Decides what becomes of an adaptation: removed 30 days after it began, switched off while its effectiveness is below
 * 0.3, active otherwise, also while there are too few sessions to measure it (its effectiveness is null then).
 *
 * @param now milliseconds since 1970.
 * @throws GovernanceError `INPUT_INVALID` for an improvement that is not from -100 to 100, or a time that is no finite
 *   number.
 *
 * @example
 * ```ts
 * adaptationState({ startedAt: 0, improvements: [20, 30, 40] }, 86_400_000) // active, 0.51
 * ```
 */
export function adaptationState({ startedAt, improvements }: AdaptationRecord, now: number): AdaptationState {
  assertFinite([startedAt, now], 'times')
  if (now - startedAt >= ADAPTATION_KEPT_MS) return { state: 'removed' }
  const measured = adaptationEffectiveness(improvements)
  if (measured.outcome === 'too_few') return { state: 'active', effectiveness: null }
  const { effectiveness } = measured
  return { state: effectiveness < LEAST_EFFECTIVENESS - ROUNDING ? 'switched_off' : 'active', effectiveness }
}
