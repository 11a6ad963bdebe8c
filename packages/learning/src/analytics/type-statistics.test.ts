import { describe, expect, it } from 'vitest'
import type { EndedSession } from './statistics-store.ts'
import { typeStatistics } from './type-statistics.ts'

const HOUR_MS = 3_600_000
const session = (values: Partial<EndedSession> = {}): EndedSession => ({
  state: 'completed',
  improvement: 10,
  tried: [],
  durationMs: 500,
  startedAt: 0,
  endedAt: 500,
  ...values,
})
const of = (sessions: readonly EndedSession[], now = 1_000, versions = { written: 0, deployed: 0 }) =>
  typeStatistics({ agentType: 'qa', sessions, versions, now })

describe('the numbers of a type', () => {
  it('are nothing where nothing ended', () => {
    expect(of([])).toEqual({
      agentType: 'qa',
      sessions: 0,
      scored: 0,
      failed: 0,
      meanImprovement: null,
      successRate: null,
      variance: null,
      meanDurationMs: null,
      sessionsPerMinute: null,
      deploymentRate: null,
      specialization: null,
      trend: { state: 'too_few', sessions: 0, needed: 5 },
    })
  })

  it('leave out of the improvements what has no score, and count what failed', () => {
    const unscored = session({ improvement: null })
    const failed = session({ state: 'failed', improvement: null, durationMs: 2_000 })
    expect(of([session(), session({ improvement: -10 }), unscored, failed])).toMatchObject({
      sessions: 4,
      scored: 2,
      failed: 1,
      meanImprovement: 0,
      successRate: 0.5,
      variance: 200,
      meanDurationMs: 875,
    })
  })

  it('count sessions a minute over the time in which those of the last hour ran', () => {
    const old = session({ startedAt: -2 * HOUR_MS, endedAt: -2 * HOUR_MS })
    const minute = [session({ startedAt: 0, endedAt: 10_000 }), session({ startedAt: 5_000, endedAt: 60_000 })]
    expect(of([old, ...minute], 60_000).sessionsPerMinute).toBe(2)
    expect(of([old], 60_000).sessionsPerMinute).toBeNull()
  })

  it('compare the own strategy with the generic one by every way that was tried', () => {
    const tried = [
      { strategy: 'qa', adaptationId: null, improvement: 12 },
      { strategy: 'generic', adaptationId: null, improvement: 4 },
      { strategy: 'qa', adaptationId: 'adp_1', improvement: null },
    ]
    expect(of(Array.from({ length: 5 }, () => session({ tried }))).specialization).toBe(8)
    expect(of(Array.from({ length: 4 }, () => session({ tried }))).specialization).toBeNull()
  })

  it('tell which share of the versions was deployed, and where improvements go', () => {
    const rising = [0, 2, 4, 6, 8].map((improvement) => session({ improvement }))
    expect(of(rising, 1_000, { written: 4, deployed: 1 })).toMatchObject({
      deploymentRate: 0.25,
      trend: { state: 'known', sessions: 5, mean: 4, slope: 2, direction: 'improving' },
    })
  })
})
