import { describe, expect, it } from 'vitest'
import { needOf, outlookOf, sessionActs } from './session-outlook.ts'

describe('what a session would come to', () => {
  const pupil = { confidence: 4_500, maturity: 'student', policy: 'earned' } as const
  const run = (score: number | null, weight = 1) => ({ score, weight })

  it('is the weighted mean and what it asks for', () => {
    const scenarios = [run(0), run(1, 3)]
    expect(outlookOf({ ...pupil, scenarios })).toEqual({
      score: 0.75,
      waiting: 0,
      boost: 2_000,
      confidence: 6_500,
      enoughFor: 'intern',
    })
    expect(outlookOf({ ...pupil, scenarios: [run(0.6), run(null)] })).toMatchObject({
      boost: 0,
      waiting: 1,
      enoughFor: null,
    })
    expect(outlookOf({ ...pupil, scenarios: [run(null)] })).toMatchObject({
      score: null,
      boost: null,
      confidence: 4_500,
    })
    expect(outlookOf({ ...pupil, scenarios: [run(0.7)] }).boost).toBe(2_000)
  })

  it('follows the bands where the policy says so, and gives nothing for nothing', () => {
    const boost = (score: number) => outlookOf({ ...pupil, policy: 'bands', scenarios: [run(score)] }).boost
    expect([0, 0.29, 0.3, 0.49, 0.5, 0.69, 0.7, 1].map(boost)).toEqual([
      0, 500, 1_000, 1_000, 1_500, 1_500, 2_000, 2_000,
    ])
  })

  it('offers what its state allows', () => {
    expect(sessionActs('scheduled')).toEqual(['start', 'cancel'])
    expect(sessionActs('completed')).toEqual([])
    expect(needOf({ answeredAt: null, score: null, gradedByPerson: true })).toBe('answer')
    expect(needOf({ answeredAt: 'now', score: null, gradedByPerson: true })).toBe('person')
    expect(needOf({ answeredAt: 'now', score: 0, gradedByPerson: true })).toBe('nothing')
  })
})
