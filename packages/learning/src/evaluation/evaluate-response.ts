import type { Format } from '../formats/format.ts'
import { runChecks } from '../strategies/checks/check.ts'
import { checksFor } from '../strategies/checks-for.ts'
import type { Strategy } from '../strategies/strategy.ts'
import { criteriaOf } from './criteria.ts'
import type { Evaluation, EvaluationRequest, EvaluationSubject, Evaluator, Rating } from './evaluation.ts'
import { weighScores } from './weigh-scores.ts'

/** What an answer is evaluated with. */
export interface EvaluationTools {
  /** Null where there is none: the answer then has no score. */
  readonly evaluator: Evaluator | null
  readonly strategy: Strategy
  readonly format: Format
  /** Share of the checks in the score, 0..1. */
  readonly checkShare: number
  readonly signal?: AbortSignal | undefined
}

/** Evaluates an answer by its evaluator and the checks; what is no complete rating gives no score. Never throws. */
export async function evaluateResponse(given: EvaluationSubject, tools: EvaluationTools): Promise<Evaluation> {
  const { evaluator, strategy, format, checkShare, signal } = tools
  const subject = { ...given, answer: format.unwrap(given.answer) }
  const checks = runChecks(checksFor(strategy, format), { ...subject, format: format.name })
  if (evaluator === null) return { state: 'unscored', reason: 'There is no evaluator.', checks }
  const criteria = criteriaOf(strategy)
  const rating = await rate(evaluator, { subject, strategy, format, criteria, signal })
  if (rating.state === 'unrated') return { state: 'unscored', reason: rating.reason, checks }
  const scored = criteria.map(({ name, weight }) => ({ name, weight, score: scoreOf(rating.scores, name) }))
  const wrong = scored.find(({ score }) => !(score >= 0 && score <= 100))
  if (wrong !== undefined) {
    return { state: 'unscored', reason: `The evaluator gave no score from 0 to 100 for ${wrong.name}.`, checks }
  }
  const score = weighScores(scored, checks, checkShare)
  return { state: 'scored', score, criteria: scored, checks, evaluatedBy: evaluator.name }
}

/**
 * Evaluates the answers before and after an improvement, each by itself and in the same words: an evaluator is never told which is which,
 * and the order of the two depends on their texts alone.
 */
export async function evaluatePair(
  { before, after, ...shared }: Omit<EvaluationSubject, 'answer'> & { readonly before: string; readonly after: string },
  tools: EvaluationTools,
): Promise<{ readonly before: Evaluation; readonly after: Evaluation }> {
  const evaluate = (answer: string): Promise<Evaluation> => evaluateResponse({ ...shared, answer }, tools)
  const isSwapped = after < before
  const [first, second] = await Promise.all([
    evaluate(isSwapped ? after : before),
    evaluate(isSwapped ? before : after),
  ])
  return isSwapped ? { before: second, after: first } : { before: first, after: second }
}

async function rate(evaluator: Evaluator, request: EvaluationRequest): Promise<Rating> {
  try {
    return await evaluator.rate(request)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { state: 'unrated', reason: `The evaluator failed: ${reason.slice(0, 500)}` }
  }
}

/** Not a number for what is none, which is within no bounds. */
function scoreOf(scores: Readonly<Record<string, unknown>>, name: string): number {
  const score = Object.hasOwn(scores, name) ? scores[name] : undefined
  return typeof score === 'number' ? score : Number.NaN
}
