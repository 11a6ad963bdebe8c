import { assertWithin } from '../statistics/assert-numbers.ts'
import { mean, variance } from '../statistics/describe.ts'
import type { Interval } from '../statistics/interval.ts'
import { meanDifference } from '../statistics/mean-difference.ts'
import type { TooFew } from '../statistics/too-few.ts'
import { assertImprovements } from './assert-improvements.ts'
import { LEAST_SESSIONS } from './recent-sessions.ts'

/** A finished session of one agent type. */
export interface MeasuredSession {
  /** After minus before, in points from -100 to 100; null when it got no score. */
  readonly improvement: number | null
  /** Whether it used the type's own strategy or the generic one. */
  readonly strategy: 'own' | 'generic'
  /** Whether what it produced was deployed. */
  readonly isDeployed: boolean
  /** From start to end, in milliseconds. */
  readonly durationMs: number
}

/** What the own strategy of a type is worth, or that there are too few sessions of either to tell. */
export type SpecializationEffectiveness =
  | {
      readonly outcome: 'compared'
      /** Mean improvement with the own strategy, in points. */
      readonly own: number
      /** Mean improvement with the generic strategy, in points. */
      readonly generic: number
      /** `own - generic`, in points. */
      readonly difference: number
      /** The 95 % interval of the difference. */
      readonly interval: Interval
    }
  | TooFew

/** The metrics of an agent type; null where no session gives a value. */
export interface TypeMetrics {
  readonly sessions: number
  /** Those with a score; the others count for time and deployment only. */
  readonly scored: number
  /** Points. */
  readonly meanImprovement: number | null
  /** Share of scored sessions with an improvement above 0. */
  readonly successRate: number | null
  /** Sample variance of the improvements in square points: the less, the more consistent; null for fewer than 2. */
  readonly consistency: number | null
  /** Share of sessions whose result was deployed. */
  readonly deploymentRate: number | null
  /** Mean time of a session in milliseconds. */
  readonly timePerSessionMs: number | null
  readonly specialization: SpecializationEffectiveness
}

/**
 * The metrics of the sessions of one agent type.
 *
 * Specialization effectiveness compares sessions with the type's own strategy and sessions with the generic one, at
 * least 5 of each, by the difference of their means and Welch's interval. It speaks of cause only where the strategy
 * was assigned by chance.
 *
 * @throws GovernanceError `INPUT_INVALID` for an improvement that is not from -100 to 100, or a time below 0.
 *
 * @example
 * ```ts
 * typeMetrics([{ improvement: 12, strategy: 'own', isDeployed: true, durationMs: 900 }]).successRate // 1
 * ```
 */
export function typeMetrics(sessions: readonly MeasuredSession[]): TypeMetrics {
  const durations = sessions.map(({ durationMs }) => durationMs)
  durations.forEach((duration, index) => {
    assertWithin(duration, `durations[${index}]`, { low: 0, high: Number.MAX_VALUE })
  })
  const improvements = improvementsOf(sessions)
  assertImprovements(improvements)
  return {
    sessions: sessions.length,
    scored: improvements.length,
    meanImprovement: mean(improvements) ?? null,
    successRate: share(improvements, (improvement) => improvement > 0),
    consistency: variance(improvements) ?? null,
    deploymentRate: share(sessions, ({ isDeployed }) => isDeployed),
    timePerSessionMs: mean(durations) ?? null,
    specialization: specializationOf(sessions),
  }
}

function specializationOf(sessions: readonly MeasuredSession[]): SpecializationEffectiveness {
  const [own, generic] = (['own', 'generic'] as const).map((wanted) =>
    improvementsOf(sessions.filter(({ strategy }) => strategy === wanted)),
  )
  const fewest = Math.min(own?.length ?? 0, generic?.length ?? 0)
  const compared = fewest < LEAST_SESSIONS ? undefined : meanDifference(own ?? [], generic ?? [])
  if (compared === undefined) return { outcome: 'too_few', n: fewest, needed: LEAST_SESSIONS }
  const { first, second, difference, interval } = compared
  return { outcome: 'compared', own: first, generic: second, difference, interval }
}

function improvementsOf(sessions: readonly MeasuredSession[]): readonly number[] {
  return sessions.flatMap(({ improvement }) => (improvement === null ? [] : [improvement]))
}

function share<Value>(values: readonly Value[], holds: (value: Value) => boolean): number | null {
  return values.length === 0 ? null : values.filter(holds).length / values.length
}
