import type { AnalyticsDecisionBucket, AnalyticsOutcome, Route } from '@preceptor/client'
import type { DecisionCount } from './decision-count-store.ts'
import type { SettledCount } from './proposal-count-store.ts'

/** Outcomes, counted. */
export type OutcomeCounts = Record<AnalyticsOutcome, number>

const BY_ROUTE: Readonly<Record<Exclude<Route, 'proposal'>, AnalyticsOutcome>> = {
  execution: 'ran',
  supervision: 'supervised',
  queue: 'supervised',
  training: 'blocked',
  denied: 'blocked',
}

/** What a decision is counted as; undefined where its proposal is counted when it is settled. */
export function outcomeOf({
  route,
  isApproved,
}: Pick<DecisionCount, 'route' | 'isApproved'>): AnalyticsOutcome | undefined {
  return route === 'proposal' || isApproved ? undefined : BY_ROUTE[route]
}

/** No outcome at all. */
export function noOutcomes(): OutcomeCounts {
  return {
    approved: 0,
    edited: 0,
    rejected: 0,
    responded: 0,
    expired: 0,
    cancelled: 0,
    ran: 0,
    supervised: 0,
    blocked: 0,
  }
}

/** Puts what was counted of decisions and proposals into the buckets of a range, and adds it up. */
export function countOutcomes(
  begins: readonly string[],
  counted: { readonly decisions: readonly DecisionCount[]; readonly settled: readonly SettledCount[] },
): { readonly buckets: readonly AnalyticsDecisionBucket[]; readonly total: OutcomeCounts } {
  const byBegin = new Map(begins.map((at) => [at, noOutcomes()]))
  const total = noOutcomes()
  const add = (at: string, outcome: AnalyticsOutcome, count: number): void => {
    const bucket = byBegin.get(at)
    if (bucket !== undefined) bucket[outcome] += count
    total[outcome] += count
  }
  for (const row of counted.decisions) {
    const outcome = outcomeOf(row)
    if (outcome !== undefined) add(row.at, outcome, row.count)
  }
  for (const { at, outcome, count } of counted.settled) add(at, outcome, count)
  return { buckets: [...byBegin].map(([at, outcomes]) => ({ at, outcomes })), total }
}
