import type { FindingRule } from '../alerts/check-alerts.ts'
import type { Cause, RuleMoment } from '../alerts/standing-rule.ts'
import type { Tx } from '../database/transaction.ts'
import { listBoundReviewers } from './reviewer-drift-store.ts'
import type { Judged } from './reviewer-standing.ts'
import { readJudged } from './reviewer-store.ts'

// As many as decide on its suspension: people are told before that.
const WINDOW = 20

/** The rule of reviewers that people agree with less and less. */
export const REVIEWER_DRIFT: FindingRule = { code: 'REVIEWER_DRIFT', find: findDrifting }

async function findDrifting(tx: Tx, { thresholds }: RuleMoment): Promise<readonly Cause[]> {
  const found: Cause[] = []
  for (const { reviewer, by } of await listBoundReviewers(tx)) {
    const drift = driftOf(await readJudged(tx, { reviewer, by }), thresholds)
    if (drift !== undefined) found.push({ subject: reviewer, agent: reviewer, facts: drift })
  }
  return found
}

/** How often people came to the same of late; undefined where that is often enough, or too little is known. */
export function driftOf(
  judged: readonly Judged[],
  { percent = 0, verdicts = 0 }: RuleMoment['thresholds'],
): { readonly agreed: number; readonly count: number } | undefined {
  const recent = judged.slice(0, WINDOW)
  const agreed = recent.filter((one) => one.agreed).length
  if (recent.length < verdicts || agreed * 100 >= percent * recent.length) return undefined
  return { agreed, count: recent.length }
}
