import { GovernanceError } from '@preceptor/client'

/** One finished course of a similar agent. */
export interface PastTraining {
  /** Measured time of its sessions. */
  readonly hours: number
  /** 0 to 1. */
  readonly score: number
}

/** What an estimate is made from. */
export interface EstimateQuestion {
  /** Basis points. */
  readonly confidence: number
  /** Number of capability gaps. */
  readonly gaps: number
  /** Finished courses of agents of the same category. */
  readonly history: readonly PastTraining[]
}

/** How long training is likely to take. */
export interface TrainingEstimate {
  readonly hours: number
  readonly range: { readonly least: number; readonly most: number }
  /** How sure the estimate is, 0.5 without history to 0.9. */
  readonly confidence: number
}

const USUAL_HOURS = 40
const PASS_SCORE = 0.7

/**
 * Estimates the hours of a course: `0.2*40 + 0.2*((0.5-confidence)*50) + 0.25*4*gaps + 0.25*history + 0.1*40/rate`, with
 * the mean hours of the history (40 without one) and the rate of learning `mean(score)/0.7` within 0.5 and 2.
 *
 * @throws GovernanceError `INPUT_INVALID` for numbers that are out of range.
 */
export function estimateTraining({ confidence, gaps, history }: EstimateQuestion): TrainingEstimate {
  assertRange(confidence, 'confidence', 10_000)
  assertRange(gaps, 'gaps', 1_000)
  for (const past of history) {
    assertRange(past.hours, 'hours', 100_000)
    assertRange(past.score, 'score', 1)
  }
  const usual = history.length === 0 ? USUAL_HOURS : mean(history.map(({ hours }) => hours))
  const base = 0.2 * USUAL_HOURS + 0.2 * ((0.5 - confidence / 10_000) * 50)
  const hours = base + 0.25 * 4 * gaps + 0.25 * usual + (0.1 * USUAL_HOURS) / learningRate(history)
  return {
    hours: inTenths(hours),
    range: { least: inTenths(hours * 0.7), most: inTenths(hours * 1.5) },
    confidence: inHundredths(Math.min(0.9, 0.5 + 0.05 * history.length)),
  }
}

function learningRate(history: readonly PastTraining[]): number {
  if (history.length === 0) return 1
  return Math.min(2, Math.max(0.5, mean(history.map(({ score }) => score)) / PASS_SCORE))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function inTenths(value: number): number {
  return Math.round(value * 10) / 10
}

function inHundredths(value: number): number {
  return Math.round(value * 100) / 100
}

function assertRange(value: number, name: string, most: number): void {
  if (value >= 0 && value <= most) return
  throw new GovernanceError('INPUT_INVALID', {
    message: `${name}: a number from 0 to ${most} is needed, not ${value}.`,
  })
}
