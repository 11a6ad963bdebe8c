import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AdaptationPlan } from '../analytics/adaptation-plan.ts'
import { type ActiveAdaptation, USUAL_EXAMPLES, waysOf } from './ways.ts'

const guidance: AdaptationPlan = { kind: 'guidance', guidance: ['Read it twice.'], examples: 5 }
const generic: AdaptationPlan = { kind: 'strategy', strategy: 'generic' }
const by = (plan: AdaptationPlan): ActiveAdaptation => ({ id: 'adp_1', plan })
const plain = (strategy: string) => ({ strategy, guidance: [], examples: USUAL_EXAMPLES, adaptationId: null })

describe('the ways of a session', () => {
  it('are the own strategy alone, where nothing was adapted', () => {
    for (const mode of ['continuous', 'batch'] as const) {
      expect(waysOf(mode, { own: 'qa', generic: 'generic', adaptation: null })).toEqual([plain('qa')])
    }
  })

  it('are what the adaptation in force says', () => {
    const ways = (plan: AdaptationPlan) => waysOf('batch', { own: 'qa', generic: 'generic', adaptation: by(plan) })
    const adapted = { strategy: 'qa', guidance: ['Read it twice.'], examples: 5, adaptationId: 'adp_1' }
    expect(ways(guidance)).toEqual([adapted])
    expect(ways(generic)).toEqual([{ ...plain('generic'), adaptationId: 'adp_1' }])
  })

  it('of an adaptive one are that, the own strategy and the generic one, each once', () => {
    const ways = (own: string, adaptation: ActiveAdaptation | null) =>
      waysOf('adaptive', { own, generic: 'generic', adaptation }).map((way) => [way.strategy, way.adaptationId])
    expect(ways('qa', null)).toEqual([
      ['qa', null],
      ['generic', null],
    ])
    expect(ways('generic', null)).toEqual([['generic', null]])
    expect(ways('qa', by(guidance))).toEqual([
      ['qa', 'adp_1'],
      ['qa', null],
      ['generic', null],
    ])
    expect(ways('qa', by(generic))).toEqual([
      ['generic', 'adp_1'],
      ['qa', null],
    ])
  })

  it('always begin with what is in force, and never ask the same twice', () => {
    const plan: fc.Arbitrary<AdaptationPlan> = fc.oneof(
      fc.record({ kind: fc.constant('strategy' as const), strategy: fc.constantFrom('qa', 'generic', 'ops') }),
      fc.record({ kind: fc.constant('guidance' as const), guidance: fc.array(fc.string()), examples: fc.nat(5) }),
    )
    const question = fc.record({
      own: fc.constantFrom('qa', 'generic'),
      generic: fc.constant('generic'),
      adaptation: fc.option(plan.map(by)),
    })
    fc.assert(
      fc.property(question, (asked) => {
        const ways = waysOf('adaptive', asked)
        expect(ways[0]).toEqual(waysOf('continuous', asked)[0])
        const prompts = ways.map((way) => JSON.stringify([way.strategy, way.guidance.join('\n')]))
        expect(new Set(prompts).size).toBe(ways.length)
      }),
    )
  })
})
