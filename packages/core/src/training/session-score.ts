import { GovernanceError, type TrainingSession } from '@preceptor/client'
import type { StoredRun } from './scenario-run-store.ts'

/** What a session has come to. */
export interface SessionScore {
  /** Basis points. */
  readonly score: number
  readonly typed: boolean
  /** Why a person typed it. */
  readonly reason: string | null
  /** The people whose judgement it rests on. */
  readonly scoredBy: readonly string[]
  readonly developed: readonly string[]
  readonly remaining: readonly string[]
}

const FULL = 10_000
const PASS = 0.7

type ScoredRun = Pick<StoredRun, 'scenario' | 'capability' | 'weight' | 'score' | 'gradedBy'>

/** Whether a score may rest on these runs: not on the word of a chat model alone. */
export function isScorable(runs: readonly Pick<StoredRun, 'gradedBy'>[]): boolean {
  return runs.some(({ gradedBy }) => !isByModel(gradedBy))
}

/**
 * The weighted mean of the scenarios, of which those that a chat model graded are at most a fifth, and the capabilities whose own mean is 0.7 or more.
 *
 * @throws GovernanceError `CONFLICT` while a scenario lacks a score: there is no default one.
 */
export function scoreOfRuns(session: Pick<TrainingSession, 'id' | 'gaps'>, runs: readonly ScoredRun[]): SessionScore {
  const waiting = runs.filter(({ score }) => score === null).map(({ scenario }) => scenario)
  if (waiting.length > 0 || runs.length === 0) {
    throw new GovernanceError('CONFLICT', {
      message: `The training session ${session.id} has ${waiting.length} scenarios without a score.`,
      details: { waiting },
    })
  }
  if (!isScorable(runs)) {
    throw new GovernanceError('CONFLICT', {
      message: `Every score of the training session ${session.id} is that of a chat model.`,
      hint: 'Let a human trainer complete it with a score of their own.',
    })
  }
  const isDeveloped = (gap: string): boolean => {
    const own = runs.filter(({ capability }) => capability === gap)
    return own.length > 0 && meanOf(own) >= PASS
  }
  const people = runs.flatMap(({ gradedBy }) => (gradedBy?.startsWith('user:') === true ? [gradedBy] : []))
  return {
    // Rounded down: a mean just below the pass mark does not pass.
    score: Math.floor(meanOf(runs) * FULL),
    typed: false,
    reason: null,
    scoredBy: [...new Set(people)],
    developed: session.gaps.filter(isDeveloped),
    remaining: session.gaps.filter((gap) => !isDeveloped(gap)),
  }
}

/** A score that a trainer typed; with a pass it stands for every gap. */
export function typedScore(
  { gaps }: Pick<TrainingSession, 'gaps'>,
  { score, reason, trainer }: { readonly score: number; readonly reason: string; readonly trainer: string },
): SessionScore {
  const isPass = score >= PASS
  return {
    score: Math.floor(score * FULL + TINY),
    typed: true,
    reason,
    scoredBy: [trainer],
    developed: isPass ? gaps : [],
    remaining: isPass ? [] : gaps,
  }
}

// What binary fractions lose: 0.7 stays 7,000 and does not become 6,999.
const TINY = 1e-6
// A fifth of all is a quarter of the others.
const FOUR = 4

/** The mean by weight; beside other scores, those of a chat model weigh a quarter of them at most. */
function meanOf(runs: readonly ScoredRun[]): number {
  const [byModel, others] = [true, false].map((wanted) => runs.filter((run) => isByModel(run.gradedBy) === wanted))
  const total = weightOf(others)
  const most = total === 0 ? 1 : Math.min(1, total / FOUR / Math.max(TINY, weightOf(byModel)))
  const sum = scoreSum(others) + most * scoreSum(byModel)
  return sum / (total + most * weightOf(byModel)) + TINY / FULL
}

function weightOf(runs: readonly ScoredRun[] = []): number {
  return runs.reduce((sum, { weight }) => sum + weight, 0)
}

function scoreSum(runs: readonly ScoredRun[] = []): number {
  return runs.reduce((sum, { weight, score }) => sum + weight * (score ?? 0), 0)
}

function isByModel(gradedBy: string | null): boolean {
  return gradedBy?.startsWith('model:') === true
}
