import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type MeasuredSession, typeMetrics } from './type-metrics.ts'

// The same cases in every run.
fc.configureGlobal({ seed: 20_261_122 })

const session = (of: Partial<MeasuredSession>): MeasuredSession => ({
  improvement: 10,
  strategy: 'own',
  isDeployed: false,
  durationMs: 1_000,
  ...of,
})

describe('the metrics of an agent type', () => {
  it('are those of its sessions, with null where none gives a value', () => {
    expect(typeMetrics([])).toEqual({
      sessions: 0,
      scored: 0,
      meanImprovement: null,
      successRate: null,
      consistency: null,
      deploymentRate: null,
      timePerSessionMs: null,
      specialization: { outcome: 'too_few', n: 0, needed: 5 },
    })
    const sessions = [
      session({ improvement: 10, isDeployed: true }),
      session({ improvement: 0, durationMs: 3_000 }),
      session({ improvement: -4, strategy: 'generic' }),
      // Without a score it counts for time and deployment only.
      session({ improvement: null, durationMs: 5_000 }),
    ]
    expect(typeMetrics(sessions)).toMatchObject({
      sessions: 4,
      scored: 3,
      meanImprovement: 2,
      // No change is no success.
      successRate: expect.closeTo(1 / 3, 12),
      consistency: 52,
      deploymentRate: 0.25,
      timePerSessionMs: 2_500,
      specialization: { outcome: 'too_few', n: 1, needed: 5 },
    })
  })

  it('of sessions without any score have no mean: none is made up', () => {
    const metrics = typeMetrics([session({ improvement: null }), session({ improvement: null })])
    expect(metrics).toMatchObject({
      sessions: 2,
      scored: 0,
      meanImprovement: null,
      successRate: null,
      consistency: null,
    })
  })

  it('compare the own strategy with the generic one, by the interval of Welch', () => {
    // The data set `sleep` of R; t.test(extra ~ group) gives the interval.
    const generic = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2]
    const own = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    const { specialization } = typeMetrics([
      ...own.map((improvement) => session({ improvement })),
      ...generic.map((improvement) => session({ improvement, strategy: 'generic' })),
      session({ improvement: null, strategy: 'generic' }),
    ])
    expect(specialization).toEqual({
      outcome: 'compared',
      own: expect.closeTo(2.33, 12),
      generic: expect.closeTo(0.75, 12),
      difference: expect.closeTo(1.58, 12),
      interval: { low: expect.closeTo(-0.2054832, 7), high: expect.closeTo(3.3654832, 7) },
    })
  })

  it('stay within their ranges, whatever the order', () => {
    const sessions = fc.array(
      fc.record({
        improvement: fc.option(fc.integer({ min: -100, max: 100 })),
        strategy: fc.constantFrom('own' as const, 'generic' as const),
        isDeployed: fc.boolean(),
        durationMs: fc.nat(100_000),
      }),
      { minLength: 1, maxLength: 40 },
    )
    fc.assert(
      fc.property(sessions, (all) => {
        const metrics = typeMetrics(all)
        const other = typeMetrics(all.toReversed())
        expect(metrics.deploymentRate).toBeGreaterThanOrEqual(0)
        expect(metrics.deploymentRate).toBeLessThanOrEqual(1)
        expect(metrics.scored).toBeLessThanOrEqual(metrics.sessions)
        expect(metrics.successRate === null).toBe(metrics.scored === 0)
        expect(metrics.consistency === null).toBe(metrics.scored < 2)
        expect(other.successRate).toBe(metrics.successRate)
        expect(other.deploymentRate).toBe(metrics.deploymentRate)
        expect(other.specialization.outcome).toBe(metrics.specialization.outcome)
        expect(other.meanImprovement ?? 0).toBeCloseTo(metrics.meanImprovement ?? 0, 9)
      }),
    )
  })

  it('refuse what is no number', () => {
    expect(() => typeMetrics([session({ durationMs: Number.NaN })])).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    )
    expect(() => typeMetrics([session({ improvement: Number.NaN })])).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    )
  })
})
