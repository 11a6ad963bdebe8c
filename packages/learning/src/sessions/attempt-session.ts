import { redactText } from '@preceptor/core/plugin'
import type { Example } from '../client/feedback.ts'
import type { Evaluation } from '../client/trainer.ts'
import type { Evaluation as ScoredAnswer } from '../evaluation/evaluation.ts'
import { clip } from '../feedback/texts.ts'
import { storable } from '../models/storable.ts'
import type { TrainerCall, TrainerParts } from '../options/open-trainer-parts.ts'
import type { SessionEnd, StoredSession, TriedWay } from './stored-session.ts'
import type { Way } from './ways.ts'

/** What a session works with. */
export interface SessionWork {
  readonly session: StoredSession
  /** In the order in which they are preferred where none has a score. */
  readonly ways: readonly Way[]
  /** The best fitting first. */
  readonly examples: readonly Example[]
}

/** What came of a session, without its times. */
export type SessionResult = Omit<SessionEnd, 'at' | 'durationMs'>

interface Candidate {
  readonly way: Way
  readonly answer: string
  readonly improvedBy: string | null
}

type Attempt = Candidate | { readonly way: Way; readonly failure: string }

const LONGEST_FAILURE = 1_000
const LONGEST_IMPROVED = 1_000_000
const UNSTORABLE = /\0|\p{Surrogate}/gu
const TENTHS = 10

/** Improves an answer in each of the ways, scores what came of them, and keeps the best; never throws for what a model does. */
export async function attemptSession(
  parts: TrainerParts,
  workspace: string,
  work: SessionWork,
): Promise<SessionResult> {
  const { session, ways, examples } = work
  const attempts = await Promise.all(ways.map((way) => improveBy(parts, { workspace, work, way })))
  const candidates = attempts.filter((attempt) => 'answer' in attempt)
  const scores = await scoreTexts(parts, { workspace, session, candidates })
  const before = scores.get(session.originalResponse) ?? null
  const kept = bestOf(candidates, scores)
  const tried = attempts.map((attempt) => triedWay(attempt, before, scores))
  const used = (kept ?? attempts[0])?.way
  const shown = examples.slice(0, used?.examples ?? 0)
  const common = {
    strategy: used === undefined ? session.strategy : parts.strategies.strategyFor(used.strategy).agentType,
    adaptationId: used?.adaptationId ?? null,
    tried: [...tried].sort((one, other) => Number(isOf(other, used)) - Number(isOf(one, used))),
    examples: shown.map(({ id }) => id),
    tags: [...new Set(shown.flatMap(({ tags }) => tags))],
  }
  if (kept === undefined) {
    const reasons = attempts.flatMap((attempt) => ('failure' in attempt ? [attempt.failure] : []))
    const failure = clip([...new Set(reasons)].join(' '), LONGEST_FAILURE)
    return { ...common, improved: null, before: null, after: null, improvement: null, model: null, failure }
  }
  const after = scores.get(kept.answer) ?? null
  return {
    ...common,
    improved: clip(redactText(kept.answer), LONGEST_IMPROVED),
    before: before && shownEvaluation(before),
    after: after && shownEvaluation(after),
    improvement: improvementOf(before, after),
    model: kept.improvedBy,
    failure: null,
  }
}

async function improveBy(
  parts: TrainerParts,
  { workspace, work, way }: { readonly workspace: string; readonly work: SessionWork; readonly way: Way },
): Promise<Attempt> {
  const { session, examples } = work
  const call: TrainerCall = {
    workspace,
    agentType: session.agentType,
    format: session.format,
    strategy: way.strategy,
    guidance: way.guidance,
    ...(session.template === null ? {} : { template: session.template }),
  }
  const shown = examples.slice(0, way.examples).map(({ input, correction }) => ({ task: input, answer: correction }))
  const { originalResponse: original, correction, context: task } = session
  try {
    const improved = await parts.improve(call, { task, original, correction: correction ?? '', examples: shown })
    if (improved.state === 'improved') {
      if (improved.answer.search(UNSTORABLE) >= 0) return { way, failure: 'The answer cannot be stored as a text.' }
      return { way, answer: improved.answer, improvedBy: storable(improved.improvedBy) }
    }
    return improved.state === 'unchanged'
      ? { way, answer: original, improvedBy: null }
      : { way, failure: storable(improved.reason) }
  } catch (error) {
    // A strategy or a format of the host may throw, or name a template that is not there.
    return { way, failure: storable(error instanceof Error ? error.message : String(error)) }
  }
}

/**
 * Scores each text by itself, by the criteria of the type whatever strategy it came from. The order depends on the texts
 * alone: an evaluator is never told which is which.
 */
async function scoreTexts(
  parts: TrainerParts,
  {
    workspace,
    session,
    candidates,
  }: { readonly workspace: string; readonly session: StoredSession; readonly candidates: readonly Candidate[] },
): Promise<ReadonlyMap<string, ScoredAnswer>> {
  if (candidates.length === 0) return new Map()
  const { agentType, format, context: task, correction } = session
  const texts = [...new Set([session.originalResponse, ...candidates.map(({ answer }) => answer)])].sort()
  const shared = { task, ...(correction === null ? {} : { expected: correction }) }
  const scored = texts.map(async (answer): Promise<readonly [string, ScoredAnswer]> => {
    const call = { workspace, agentType, format }
    return [answer, await parts.evaluate(call, { ...shared, answer }).catch(unscored)]
  })
  return new Map(await Promise.all(scored))
}

function unscored(error: unknown): ScoredAnswer {
  return { state: 'unscored', reason: error instanceof Error ? error.message : String(error), checks: [] }
}

/** The one with the highest score; where none has a score, the first one. */
function bestOf(candidates: readonly Candidate[], scores: ReadonlyMap<string, ScoredAnswer>): Candidate | undefined {
  const scoreOf = ({ answer }: Candidate): number => {
    const score = scores.get(answer)
    return score?.state === 'scored' ? score.score : -1
  }
  return candidates.toSorted((one, other) => scoreOf(other) - scoreOf(one))[0]
}

function triedWay(attempt: Attempt, before: ScoredAnswer | null, scores: ReadonlyMap<string, ScoredAnswer>): TriedWay {
  const { strategy, adaptationId } = attempt.way
  const after = 'answer' in attempt ? (scores.get(attempt.answer) ?? null) : null
  return { strategy, adaptationId, improvement: improvementOf(before, after) }
}

function isOf(tried: TriedWay, way: Way | undefined): boolean {
  return tried.strategy === way?.strategy && tried.adaptationId === way.adaptationId
}

function improvementOf(before: ScoredAnswer | null, after: ScoredAnswer | null): number | null {
  if (before?.state !== 'scored' || after?.state !== 'scored') return null
  return Math.round((after.score - before.score) * TENTHS) / TENTHS
}

function shownEvaluation(evaluation: ScoredAnswer): Evaluation {
  const checks = evaluation.checks.map((check) => ({ ...check, reason: storable(check.reason) }))
  if (evaluation.state === 'unscored') return { state: 'unscored', reason: storable(evaluation.reason), checks }
  const criteria = Object.fromEntries(evaluation.criteria.map(({ name, score }) => [name, score]))
  return { state: 'scored', score: evaluation.score, criteria, checks }
}
