import { assertFinite } from '../statistics/assert-numbers.ts'
import { mean } from '../statistics/describe.ts'
import type { Interval } from '../statistics/interval.ts'
import { assertImprovements } from './assert-improvements.ts'
import { isHit, type JudgedPrediction } from './hit-rate.ts'
import type { ScoredSession } from './prediction.ts'

/** A prediction as it was made. */
export interface MadePrediction {
  readonly interval: Interval
  readonly level: number
  /** How many next sessions it speaks of. */
  readonly sessions: number
  /** Milliseconds since 1970. */
  readonly madeAt: number
  /** Milliseconds since 1970. */
  readonly until: number
}

/** What a prediction is judged by. */
export interface JudgementQuestion {
  readonly prediction: MadePrediction
  /** Sessions of the agent type; those outside of the horizon are passed over. */
  readonly sessions: readonly ScoredSession[]
  /** Milliseconds since 1970. */
  readonly now: number
}

/** What came of a prediction: `open` while it can still come, `nothing_came` when its time passed without a session. */
export type Judgement =
  | ({ readonly outcome: 'judged'; readonly isHit: boolean; readonly sessions: number } & JudgedPrediction)
  | { readonly outcome: 'open' }
  | { readonly outcome: 'nothing_came' }

/**
 * Judges a prediction by the sessions that it speaks of: the first after it was made, as many as it says, up to the end
 * of its horizon. As soon as they are there it is judged, at its end by those that came.
 *
 * @throws GovernanceError `INPUT_INVALID` for an improvement that is not from -100 to 100, or a time that is no finite
 *   number.
 *
 * @example
 * ```ts
 * const prediction = { interval: { low: 5, high: 15 }, level: 0.9, sessions: 2, madeAt: 0, until: 604_800_000 }
 * const sessions = [12, 9].map((improvement, day) => ({ improvement, at: (day + 1) * 86_400_000 }))
 * const judgement = judgePrediction({ prediction, sessions, now: 604_800_000 })
 * if (judgement.outcome === 'judged') console.log(judgement.came, judgement.isHit)
 * ```
 */
export function judgePrediction({ prediction, sessions, now }: JudgementQuestion): Judgement {
  const { interval, level, madeAt, until } = prediction
  assertFinite([now, madeAt, until, ...sessions.map(({ at }) => at)], 'times')
  const within = sessions
    .filter(({ at }) => at > madeAt && at <= until && at <= now)
    .toSorted((first, second) => first.at - second.at)
    .slice(0, prediction.sessions)
  if (within.length < prediction.sessions && now < until) return { outcome: 'open' }
  const improvements = within.map(({ improvement }) => improvement)
  assertImprovements(improvements)
  const came = mean(improvements)
  if (came === undefined) return { outcome: 'nothing_came' }
  return { outcome: 'judged', isHit: isHit({ interval, came }), sessions: within.length, interval, level, came }
}
