import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countOnce, type JudgedSpan } from './count-once.ts'

const at = (minute: number): string => new Date(minute * 60_000).toISOString()
const span = (from: number, to: number, agentType = 'qa'): JudgedSpan => ({
  agentType,
  madeAt: at(from),
  judgedTo: at(to),
})

describe('predictions that share no session', () => {
  it('are the first to be settled, and the next made after it', () => {
    const all = [span(0, 10), span(5, 8), span(8, 12), span(9, 20), span(12, 13)]
    expect(countOnce(all)).toEqual([span(5, 8), span(8, 12), span(12, 13)])
  })

  it('are counted for each type by itself', () => {
    expect(countOnce([span(0, 10), span(0, 10, 'ops')])).toHaveLength(2)
  })

  it('never overlap, and each of the others overlaps with one of them', () => {
    const spans = fc.array(
      fc.tuple(fc.nat(50), fc.integer({ min: 1, max: 20 })).map(([from, long]) => span(from, from + long)),
      { maxLength: 20 },
    )
    const overlap = (one: JudgedSpan, other: JudgedSpan): boolean =>
      one.madeAt < other.judgedTo && other.madeAt < one.judgedTo
    fc.assert(
      fc.property(spans, (all) => {
        const counted = countOnce(all)
        counted.forEach((one, index) => {
          expect(counted.slice(index + 1).some((other) => overlap(one, other))).toBe(false)
        })
        for (const one of all) expect(counted.some((other) => other === one || overlap(one, other))).toBe(true)
      }),
    )
  })
})
