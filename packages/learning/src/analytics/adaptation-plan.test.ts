import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type PlanQuestion, planAdaptation } from './adaptation-plan.ts'

const nothing: PlanQuestion = {
  cause: 'low_improvement',
  strategy: 'qa',
  results: [],
  criteria: [],
  meanings: {},
  tags: [],
}
const results = (strategy: string, improvement: number, count: number) =>
  Array.from({ length: count }, () => ({ strategy, improvement }))

describe('a planned adaptation', () => {
  it('is the strategy that did best, when both were tried five times', () => {
    const both = [...results('qa', 2, 5), ...results('generic', 9, 5)]
    expect(planAdaptation({ ...nothing, results: both })).toEqual({
      plan: { kind: 'strategy', strategy: 'generic' },
      change: 'Uses the strategy generic, which improved answers by 7.0 points more than qa.',
    })
  })

  it.each([
    ['the other one was tried less', [...results('qa', 2, 5), ...results('generic', 9, 4)]],
    ['the one in force was tried less', [...results('qa', 2, 4), ...results('generic', 9, 5)]],
    ['the other one did no better', [...results('qa', 9, 5), ...results('generic', 9, 5)]],
  ])('is guidance where %s', (_, tried) => {
    expect(planAdaptation({ ...nothing, results: tried }).plan.kind).toBe('guidance')
  })

  it('names the criteria that fail most and what is corrected most', () => {
    const criteria = [
      { name: 'clarity', score: 95 },
      { name: 'correctness', score: 20 },
      { name: 'correctness', score: 40 },
      { name: 'relevance', score: 50 },
      { name: 'helpfulness', score: 60 },
    ]
    const meanings = { correctness: 'What it says is right.' }
    const { plan, change } = planAdaptation({ ...nothing, criteria, meanings, tags: ['a', 'b', 'c', 'd'] })
    if (plan.kind !== 'guidance') throw new Error('It is another strategy.')
    expect(plan.examples).toBeGreaterThan(3)
    expect(plan.guidance.slice(1)).toEqual([
      'Attend to correctness above all: What it says is right.',
      'Attend to relevance above all: it was rated low lately.',
      'People corrected answers of this kind for: a, b, c.',
    ])
    expect(change).toBe('Shows 5 examples and gives more guidance, about correctness, relevance, a, b, c.')
  })

  it('always changes what the improver is asked', () => {
    const tried = fc.record({
      strategy: fc.constantFrom('qa', 'generic', 'ops'),
      improvement: fc.integer({ min: -100, max: 100 }),
    })
    fc.assert(
      fc.property(fc.array(tried, { maxLength: 40 }), (all) => {
        const { plan } = planAdaptation({ ...nothing, results: all })
        if (plan.kind === 'strategy') expect(plan.strategy).not.toBe('qa')
        else expect(plan.guidance.length).toBeGreaterThan(0)
      }),
    )
  })
})
