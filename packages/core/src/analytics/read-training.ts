import type { AnalyticsQuery, AnalyticsTraining } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { type Analysis, analysisOf, bucketsOf } from './analysis.ts'
import { countDecisions } from './decision-count-store.ts'
import { shareOf, sumOf } from './share.ts'
import { countInternsInTime, measureStays } from './stay-store.ts'
import {
  type BlockedCount,
  countBlocked,
  countCourses,
  countTrainingSessions,
  type SessionCount,
} from './training-count-store.ts'
import { INTERN_DAYS, type TargetActuals, trainingTargets } from './training-targets.ts'

const BASIS_POINTS = 10_000

/** @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readTraining(
  context: GovernorContext,
  actor: Actor,
  query: AnalyticsQuery,
): Promise<AnalyticsTraining> {
  const analysis = analysisOf(context, actor, { operation: 'analytics.training', query })
  const { range } = analysis
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const ended = await countTrainingSessions(tx, analysis)
    const targets = trainingTargets(await measureTargets(tx, analysis, ended))
    const sessions = { completed: 0, cancelled: 0, failed: 0 }
    for (const { state, count } of ended) sessions[state] += count
    const blocked = blockedOf(bucketsOf(range), await countBlocked(tx, analysis))
    return { range, targets, sessions, gains: gainsOf(ended), blocked }
  })
}

async function measureTargets(tx: Tx, analysis: Analysis, ended: readonly SessionCount[]): Promise<TargetActuals> {
  const decisions = await countDecisions(tx, analysis)
  // What a person sets off is not up to the student.
  const triggers = sumOf(decisions.filter(({ isStudent, source }) => isStudent && source !== 'manual'))
  const courses = await countCourses(tx, analysis)
  const completed = ended.filter(({ state }) => state === 'completed')
  const count = sumOf(completed)
  const gain = shareOf(gainedBy(completed), count)
  const { students, inTime } = await countInternsInTime(tx, analysis, INTERN_DAYS)
  const times = await measureStays(tx, analysis)
  const asStudent = times.find(({ maturity }) => maturity === 'student')
  return {
    proposals_per_trigger: { actual: shareOf(courses, triggers), of: triggers },
    completion: { actual: shareOf(count, sumOf(ended)), of: sumOf(ended) },
    gain_per_session: { actual: gain, of: count },
    intern_within_14_days: { actual: shareOf(inTime, students), of: students },
    days_to_intern: { actual: asStudent?.meanDays ?? null, of: asStudent?.ended ?? 0 },
  }
}

/** What some sessions gained together, 0 to 1 each. */
function gainedBy(sessions: readonly SessionCount[]): number {
  return sessions.reduce((sum, { gained }) => sum + gained, 0) / BASIS_POINTS
}

function gainsOf(ended: readonly SessionCount[]): AnalyticsTraining['gains'] {
  return ended
    .filter(({ state }) => state === 'completed')
    .map(({ capability, count, gained }) => ({
      capability,
      sessions: count,
      meanGain: gained / BASIS_POINTS / count,
    }))
    .sort((a, b) => b.sessions - a.sessions || (a.capability < b.capability ? -1 : 1))
}

function blockedOf(begins: readonly string[], rows: readonly BlockedCount[]): AnalyticsTraining['blocked'] {
  const total = sumOf(rows)
  const sources = [...new Set(rows.map(({ source }) => source))].map((source) => {
    const count = sumOf(rows.filter((row) => row.source === source))
    return { source, count, share: shareOf(count, total) }
  })
  return {
    total,
    buckets: begins.map((at) => ({ at, count: sumOf(rows.filter((row) => row.at === at)) })),
    sources: sources.sort((a, b) => b.count - a.count || (a.source < b.source ? -1 : 1)),
  }
}
