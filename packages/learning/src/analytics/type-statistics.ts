import { GENERIC } from '../agent-type.ts'
import type { Trend, TypeStatistics } from '../client/trainer.ts'
import type { EndedSession } from './statistics-store.ts'
import { trendOf } from './trend.ts'
import { type MeasuredSession, typeMetrics } from './type-metrics.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

/** What the numbers of a type are made from. */
export interface TypeQuestion {
  readonly agentType: string
  /** Those that ended, oldest first. */
  readonly sessions: readonly EndedSession[]
  readonly versions: { readonly written: number; readonly deployed: number }
  /** Milliseconds since 1970. */
  readonly now: number
}

/** The numbers of a type. What the own strategy is worth is told by every way that was tried, not by those kept alone. */
export function typeStatistics({ agentType, sessions, versions, now }: TypeQuestion): TypeStatistics {
  const metrics = typeMetrics(sessions.map((session) => measured(session, session.improvement, 'own')))
  const { specialization } = typeMetrics(
    sessions.flatMap((session) =>
      session.tried.map(({ strategy, improvement }) =>
        measured(session, improvement, strategy === GENERIC ? 'generic' : 'own'),
      ),
    ),
  )
  return {
    agentType,
    sessions: metrics.sessions,
    scored: metrics.scored,
    failed: sessions.filter(({ state }) => state === 'failed').length,
    meanImprovement: metrics.meanImprovement,
    successRate: metrics.successRate,
    variance: metrics.consistency,
    meanDurationMs: metrics.timePerSessionMs,
    sessionsPerMinute: sessionsPerMinute(sessions, now),
    deploymentRate: versions.written === 0 ? null : versions.deployed / versions.written,
    specialization: specialization.outcome === 'compared' ? specialization.difference : null,
    trend: shownTrend(sessions),
  }
}

function measured(
  { durationMs }: EndedSession,
  improvement: number | null,
  strategy: MeasuredSession['strategy'],
): MeasuredSession {
  return { improvement, strategy, durationMs, isDeployed: false }
}

/** Those that ended in the last hour by the minutes from the first start to the last end; null where none ended. */
function sessionsPerMinute(sessions: readonly EndedSession[], now: number): number | null {
  const recent = sessions.filter(({ endedAt }) => endedAt > now - HOUR_MS)
  if (recent.length === 0) return null
  const first = Math.min(...recent.map(({ startedAt }) => startedAt))
  const last = Math.max(...recent.map(({ endedAt }) => endedAt))
  return last > first ? recent.length / ((last - first) / MINUTE_MS) : null
}

function shownTrend(sessions: readonly EndedSession[]): Trend {
  const trend = trendOf(sessions.flatMap(({ improvement }) => (improvement === null ? [] : [improvement])))
  if (trend.outcome === 'too_few') return { state: 'too_few', sessions: trend.n, needed: trend.needed }
  const { n, mean, slope, direction } = trend
  return { state: 'known', sessions: n, mean, slope, direction }
}
