import type { Maturity, ScenarioRun, TrainingSessionState } from '@preceptor/client'
import { FLOORS, FULL, levelAbove } from '../agents/journey-model.ts'

/** What completing a session would do, as far as its scores go. */
export interface Outlook {
  /** Weighted mean of the scenarios that have a score, 0 to 1; null while none has. */
  readonly score: number | null
  /** Scenarios that still lack a score. */
  readonly waiting: number
  /** Basis points that the score asks for; null without a score. */
  readonly boost: number | null
  /** Confidence after it, in basis points. */
  readonly confidence: number
  /** The level that its confidence would then be enough for; null where that is the present one. */
  readonly enoughFor: Maturity | null
}

interface OutlookQuestion {
  readonly scenarios: readonly Pick<ScenarioRun, 'score' | 'weight'>[]
  /** Basis points. */
  readonly confidence: number
  readonly maturity: Maturity
  readonly policy: 'earned' | 'bands'
}

/** The share of the scenarios that passes. */
const PASS = 0.7

/**
 * Says what a session would come to if it were completed as it is scored now. What a score asks for follows the promotion
 * policy: under `bands` 0.05, 0.10, 0.15 or 0.20 by its quarter (below 0.3, 0.5, 0.7, above), under `earned` 0.20 from 0.7 on
 * and nothing below. The server counts it; its daily caps may make it less.
 */
export function outlookOf({ scenarios, confidence, maturity, policy }: OutlookQuestion): Outlook {
  const scored = scenarios.flatMap(({ score, weight }) => (score === null ? [] : [{ score, weight }]))
  const weights = scored.reduce((sum, { weight }) => sum + weight, 0)
  const score = weights === 0 ? null : scored.reduce((sum, one) => sum + one.score * one.weight, 0) / weights
  const boost = score === null ? null : boostOf(score, policy)
  const after = Math.min(FULL, confidence + (boost ?? 0))
  const next = levelAbove(maturity)
  const enoughFor = next !== undefined && after >= FLOORS[next] && (boost ?? 0) > 0 ? next : null
  return { score, waiting: scenarios.length - scored.length, boost, confidence: after, enoughFor }
}

function boostOf(score: number, policy: 'earned' | 'bands'): number {
  // What binary fractions lose counts neither way.
  const exact = score + 1e-9
  if (exact >= PASS) return 2_000
  if (policy === 'earned' || score === 0) return 0
  if (exact >= 0.5) return 1_500
  return exact >= 0.3 ? 1_000 : 500
}

/** What people can do with a session, in a state. */
export type SessionAct = 'start' | 'pause' | 'resume' | 'cancel' | 'type'

/** What a session in a state offers. */
export function sessionActs(state: TrainingSessionState): readonly SessionAct[] {
  if (state === 'scheduled') return ['start', 'cancel']
  if (state === 'in_progress') return ['pause', 'type', 'cancel']
  return state === 'paused' ? ['resume', 'cancel'] : []
}

/** What a scenario waits for. */
export type RunNeed = 'answer' | 'grader' | 'person' | 'nothing'

/** Whether a scenario lacks an answer, the verdict of its grader, or that of a person. */
export function needOf({
  answeredAt,
  score,
  gradedByPerson,
}: Pick<ScenarioRun, 'answeredAt' | 'score' | 'gradedByPerson'>): RunNeed {
  if (score !== null) return 'nothing'
  if (answeredAt === null) return 'answer'
  return gradedByPerson ? 'person' : 'grader'
}

/** The place of the next scenario that waits for somebody after a place, going round; undefined when none does. */
export function nextOpen(scenarios: readonly ScenarioRun[], after: number): number | undefined {
  const order = scenarios.map((_, index) => (after + 1 + index) % scenarios.length)
  return order.find((index) => {
    const run = scenarios[index]
    return run !== undefined && ['answer', 'person'].includes(needOf(run))
  })
}
