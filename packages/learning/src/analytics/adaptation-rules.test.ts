import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { adaptationEffectiveness, adaptationNeed, adaptationState } from './adaptation-rules.ts'

// The same cases in every run.
fc.configureGlobal({ seed: 20_261_122 })

const DAY = 86_400_000
const improvement = fc.integer({ min: -100, max: 100 })
// Room for 50 points more or less.
const ordinary = fc.integer({ min: -50, max: 50 })

function falling({ from, by }: { from: number; by: number }): number[] {
  return Array.from({ length: 10 }, (_, place) => from - by * place)
}

describe('the need for an adaptation', () => {
  it.each([
    ['a mean of 5', Array(10).fill(5), 'not_due', []],
    ['a mean just below 5', [...Array(9).fill(5), 4.9], 'due', ['low_improvement']],
    ['a slope of -0.5', falling({ from: 40, by: 0.5 }), 'not_due', []],
    ['a slope just below -0.5', falling({ from: 40, by: 0.51 }), 'due', ['declining']],
    ['both', falling({ from: 8, by: 1 }), 'due', ['low_improvement', 'declining']],
    ['a rise', falling({ from: 6, by: -3 }), 'not_due', []],
  ])('for %s', (_, improvements, outcome, reasons) => {
    const need = adaptationNeed(improvements)
    expect(need.outcome).toBe(outcome)
    expect(need.outcome === 'due' ? need.reasons : []).toEqual(reasons)
  })

  it.each([0, 1, 9])('is not told from %i sessions', (n) => {
    expect(adaptationNeed(Array(n).fill(0))).toEqual({ outcome: 'too_few', n, needed: 10 })
  })

  it('depends on the last 10 only', () => {
    const ten = fc.array(improvement, { minLength: 10, maxLength: 10 })
    fc.assert(
      fc.property(fc.array(improvement, { maxLength: 30 }), ten, (before, last) => {
        expect(adaptationNeed([...before, ...last])).toEqual(adaptationNeed(last))
      }),
    )
  })

  it('never ends when every session improves less by the same', () => {
    fc.assert(
      fc.property(fc.array(ordinary, { minLength: 10, maxLength: 10 }), fc.nat(50), (values, less) => {
        if (adaptationNeed(values).outcome !== 'due') return
        expect(adaptationNeed(values.map((value) => value - less)).outcome).toBe('due')
      }),
    )
  })

  it('refuses what is no number, wherever it stands', () => {
    expect(() => adaptationNeed([Number.NaN, ...Array(10).fill(9)])).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    )
  })
})

describe('the effectiveness of an adaptation', () => {
  it.each([
    // 0.7 * 0.4 + 0.3
    [[20, 40, 60], 0.58],
    // 0.7 * 40 / 300 + 0.3 * 2 / 3
    [[20, 30, -10], 0.7 * (40 / 300) + 0.2],
    // No change is no success.
    [[0, 0, 0], 0],
    [[100, 100, 100], 1],
    [[-100, -100, -100], -0.7],
  ])('of %o is %d', (improvements, expected) => {
    const measured = adaptationEffectiveness(improvements)
    if (measured.outcome === 'too_few') throw new Error('too few')
    expect(measured.n).toBe(3)
    expect(measured.effectiveness).toBeCloseTo(expected, 12)
  })

  it.each([0, 2])('is not told from %i sessions', (n) => {
    expect(adaptationEffectiveness(Array(n).fill(90))).toEqual({ outcome: 'too_few', n, needed: 3 })
  })

  it('is from -0.7 to 1, whatever the order, and never falls when a session improves more', () => {
    const values = fc.array(ordinary, { minLength: 3, maxLength: 20 })
    fc.assert(
      fc.property(values, fc.nat(50), (improvements, more) => {
        const effect = (of: readonly number[]): number => {
          const measured = adaptationEffectiveness(of)
          return measured.outcome === 'too_few' ? Number.NaN : measured.effectiveness
        }
        const found = effect(improvements)
        expect(found).toBeGreaterThanOrEqual(-0.7 - 1e-12)
        expect(found).toBeLessThanOrEqual(1 + 1e-12)
        expect(effect(improvements.toReversed())).toBeCloseTo(found, 12)
        const [first = 0, ...others] = improvements
        expect(effect([first + more, ...others])).toBeGreaterThanOrEqual(found - 1e-12)
      }),
    )
  })
})

describe('the state of an adaptation', () => {
  const at = (improvements: readonly number[], days: number): string =>
    adaptationState({ startedAt: 0, improvements }, days * DAY).state

  it.each([
    ['good, on the last day', [20, 30, 40], 29.999, 'active'],
    ['good, after 30 days', [20, 30, 40], 30, 'removed'],
    ['bad, after 30 days', [-20, -30, -40], 31, 'removed'],
    ['bad', [-20, -30, -40], 1, 'switched_off'],
    ['bad, but too few to tell', [-20, -30], 1, 'active'],
    ['not used', [], 1, 'active'],
    // 0.7 * 0.3 + 0.3 * 0.3: exactly 0.3.
    ['just good enough', [...Array(3).fill(100), ...Array(7).fill(0)], 1, 'active'],
    ['not quite', [...Array(2).fill(100), 99, ...Array(7).fill(0)], 1, 'switched_off'],
  ])('%s', (_, improvements, days, state) => {
    expect(at(improvements, days)).toBe(state)
  })

  it('comes with the effectiveness that it rests on', () => {
    const state = adaptationState({ startedAt: 0, improvements: [20, 40, 60] }, DAY)
    expect(state).toEqual({ state: 'active', effectiveness: expect.closeTo(0.58, 12) })
    expect(adaptationState({ startedAt: 0, improvements: [] }, DAY)).toEqual({ state: 'active', effectiveness: null })
  })

  it('never becomes active again as time goes on', () => {
    fc.assert(
      fc.property(fc.array(improvement, { maxLength: 9 }), fc.nat(60), fc.nat(60), (values, days, more) => {
        const order = ['active', 'switched_off', 'removed']
        expect(order.indexOf(at(values, days + more))).toBeGreaterThanOrEqual(order.indexOf(at(values, days)))
      }),
    )
  })

  it.each([
    [{ startedAt: Number.NaN, improvements: [] }, 0],
    [{ startedAt: 0, improvements: [] }, Number.NaN],
    [{ startedAt: 0, improvements: [1, 2, Number.NaN] }, 0],
  ])('refuses %o at %d', (record, now) => {
    expect(() => adaptationState(record, now)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
  })
})
