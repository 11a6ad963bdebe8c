import type { CheckResult } from '../strategies/checks/check.ts'
import type { CriterionScore } from './evaluation.ts'

const DECIMAL = 10

/**
 * The score of an answer, 0..100 with one decimal: `(1 - share) * weighted mean of the criteria + share * mean of the checks`;
 * the criteria alone where no check had anything to look at.
 */
export function weighScores(
  criteria: readonly CriterionScore[],
  checks: readonly CheckResult[],
  checkShare: number,
): number {
  const weights = criteria.reduce((sum, { weight }) => sum + weight, 0)
  const rated = criteria.reduce((sum, { score, weight }) => sum + score * weight, 0) / weights
  const share = checks.length === 0 ? 0 : checkShare
  const checked = checks.reduce((sum, { score }) => sum + score, 0) / Math.max(1, checks.length)
  return Math.round(((1 - share) * rated + share * checked) * DECIMAL) / DECIMAL
}
