import type { AnalyticsQuery, AnalyticsSummary, Compared } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { type Analysis, analysisOf, periodBefore } from './analysis.ts'
import { countDecisions } from './decision-count-store.ts'
import { outcomeOf } from './outcomes.ts'
import { countSettled, countWaiting, measureDecisionTimes, type SettledOutcome } from './proposal-count-store.ts'
import { countWatched } from './session-count-store.ts'
import { shareOf, sumOf } from './share.ts'

const DECIDED: ReadonlySet<SettledOutcome> = new Set<SettledOutcome>(['approved', 'edited', 'rejected', 'responded'])

/** @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readSummary(
  context: GovernorContext,
  actor: Actor,
  query: AnalyticsQuery,
): Promise<AnalyticsSummary> {
  const analysis = analysisOf(context, actor, { operation: 'analytics.summary', query })
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const waiting = await countWaiting(tx, analysis)
    const value = await measurePeriod(tx, analysis)
    const before = await measurePeriod(tx, periodBefore(analysis))
    return { range: analysis.range, waiting, ...compare(value, before) }
  })
}

/** The numbers of one period. */
type Measured = {
  readonly [Name in Exclude<keyof AnalyticsSummary, 'range' | 'waiting'>]: AnalyticsSummary[Name] extends Compared<
    infer Value
  >
    ? Value
    : never
}

async function measurePeriod(tx: Tx, analysis: Analysis): Promise<Measured> {
  const settled = await countSettled(tx, analysis)
  const decisions = await countDecisions(tx, analysis)
  const times = await measureDecisionTimes(tx, analysis)
  const watched = await countWatched(tx, analysis)
  const all = sumOf(settled)
  const share = (outcome: SettledOutcome) => shareOf(sumOf(settled.filter((row) => row.outcome === outcome)), all)
  const decided = settled.filter(({ outcome }) => DECIDED.has(outcome))
  const byAgents = sumOf(decided.filter(({ isByAgents }) => isByAgents))
  // What people set off themselves is theirs already.
  const ran = sumOf(decisions.filter((row) => row.source !== 'manual' && outcomeOf(row) === 'ran'))
  return {
    settled: all,
    decided: sumOf(decided),
    medianSeconds: times.median,
    p95Seconds: times.p95,
    withoutPeople: shareOf(ran + byAgents + watched.byAgents, ran + all + watched.all),
    rejected: share('rejected'),
    edited: share('edited'),
    expired: share('expired'),
  }
}

function compare(value: Measured, before: Measured): Omit<AnalyticsSummary, 'range' | 'waiting'> {
  return {
    settled: { value: value.settled, before: before.settled },
    decided: { value: value.decided, before: before.decided },
    medianSeconds: { value: value.medianSeconds, before: before.medianSeconds },
    p95Seconds: { value: value.p95Seconds, before: before.p95Seconds },
    withoutPeople: { value: value.withoutPeople, before: before.withoutPeople },
    rejected: { value: value.rejected, before: before.rejected },
    edited: { value: value.edited, before: before.edited },
    expired: { value: value.expired, before: before.expired },
  }
}
