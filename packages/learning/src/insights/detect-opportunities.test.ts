import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CorrectionFact, detectOpportunities, LEAST_REPEATS, REPEATS_WITHIN_MS } from './detect-opportunities.ts'

const NOW = Date.parse('2026-03-01T00:00:00Z')
let made = 0

function fact(values: Partial<CorrectionFact>): CorrectionFact {
  made += 1
  return { agentType: 'qa', example: `exm_${made}`, tags: [], input: 'ask', correction: 'say', at: NOW, ...values }
}

const times = (count: number, values: (index: number) => Partial<CorrectionFact>): CorrectionFact[] =>
  Array.from({ length: count }, (_, index) => fact(values(index)))

describe('a training opportunity', () => {
  it('is what is corrected three times under one tag', () => {
    const texts = ['Write the amount', 'Greet by name', 'Close the file']
    const facts = times(3, (index) => ({ tags: ['tone'], correction: texts[index] ?? '' }))
    expect(detectOpportunities(facts, NOW)).toMatchObject([
      { agentType: 'qa', tag: 'tone', count: 3, examples: facts.map(({ example }) => example) },
    ])
    expect(detectOpportunities(facts.slice(1), NOW)).toEqual([])
  })

  it('is what is corrected three times in nearly the same words', () => {
    const facts = [
      fact({ input: 'Refund order 17', correction: 'Ask for the receipt before a refund' }),
      fact({ input: 'Refund order 99', correction: 'Ask for the receipt before any refund' }),
      fact({ input: 'Refund order', correction: 'Before the refund ask for a receipt' }),
      fact({ input: 'Translate', correction: 'Use British spelling' }),
    ]
    const [found, ...more] = detectOpportunities(facts, NOW)
    expect(more).toEqual([])
    expect(found).toMatchObject({ tag: null, count: 3 })
    expect(found?.terms).toEqual(expect.arrayContaining(['receipt', 'refund', 'order']))
    expect(found?.terms).not.toContain('british')
  })

  it('counts one example as often as it was corrected', () => {
    const [found] = detectOpportunities(
      times(4, () => ({ example: 'exm_same', tags: ['x'] })),
      NOW,
    )
    expect(found).toMatchObject({ count: 4, examples: ['exm_same'] })
  })

  it('is of one agent type, and of the last 30 days', () => {
    const types = ['qa', 'qa', 'ops']
    expect(
      detectOpportunities(
        times(3, (index) => ({ agentType: types[index] ?? '', tags: ['x'] })),
        NOW,
      ),
    ).toEqual([])
    const at = [NOW, NOW - REPEATS_WITHIN_MS + 1, NOW - REPEATS_WITHIN_MS]
    const facts = times(3, (index) => ({ at: at[index] ?? 0, tags: ['x'] }))
    expect(detectOpportunities(facts, NOW)).toEqual([])
    expect(detectOpportunities(facts, NOW - 1)).toEqual([])
    expect(detectOpportunities([...facts, fact({ tags: ['x'] })], NOW)).toHaveLength(1)
  })

  it('does not depend on words that say nothing, nor find any in corrections without words', () => {
    expect(
      detectOpportunities(
        times(3, () => ({ input: '!!', correction: '??' })),
        NOW,
      ),
    ).toEqual([])
    const letters = ['a b', 'a c', 'a d']
    expect(
      detectOpportunities(
        times(3, (index) => ({ input: '-', correction: letters[index] ?? '' })),
        NOW,
      ),
    ).toEqual([])
  })

  it('is made of enough corrections, most frequent first, whatever comes', () => {
    const any = fc.record({
      agentType: fc.constantFrom('qa', 'ops'),
      example: fc.stringMatching(/^exm_[0-9]$/),
      tags: fc.uniqueArray(fc.constantFrom('a', 'b'), { maxLength: 2 }),
      input: fc.lorem({ maxCount: 3 }),
      correction: fc.string(),
      at: fc.integer({ min: NOW - 2 * REPEATS_WITHIN_MS, max: NOW + 1_000 }),
    })
    fc.assert(
      fc.property(fc.array(any, { maxLength: 30 }), (facts) => {
        const found = detectOpportunities(facts, NOW)
        const counts = found.map(({ count }) => count)
        expect(counts).toEqual([...counts].sort((first, second) => second - first))
        for (const { agentType, tag, examples, count } of found) {
          expect(count).toBeGreaterThanOrEqual(LEAST_REPEATS)
          const meant = facts.filter((one) => one.agentType === agentType && examples.includes(one.example))
          expect(meant.length).toBeGreaterThanOrEqual(count)
          if (tag !== null) expect(meant.flatMap(({ tags }): string[] => tags)).toContain(tag)
        }
      }),
    )
  })
})
