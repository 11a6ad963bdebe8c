import type { AnalyticsQuery, AnalyticsTraining } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { analysisOf, bucketsOf } from './analysis.ts'
import { BASIS_POINTS, measureTargets } from './measure-targets.ts'
import { shareOf, sumOf } from './share.ts'
import { type BlockedCount, countBlocked, countTrainingSessions, type SessionCount } from './training-count-store.ts'
import { trainingTargets } from './training-targets.ts'

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
