import { MATURITIES } from '@preceptor/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { levelByBands } from './bands.ts'
import type { Evidence } from './evidence.ts'
import { bandOf, compareMaturity, floorOf } from './levels.ts'

const level = fc.constantFrom(...MATURITIES)
const confidence = fc.integer({ min: 0, max: 10_000 })
const gain: Evidence = { kind: 'training', score: 9_000 }

describe('the promotion policy bands', () => {
  it('promotes at once when a band is crossed, and by one step only [MAT-5]', () => {
    expect(levelByBands({ maturity: 'student', confidence: 4_999 }, gain)).toBe('student')
    expect(levelByBands({ maturity: 'student', confidence: 5_000 }, gain)).toBe('intern')
    expect(levelByBands({ maturity: 'student', confidence: 9_500 }, gain)).toBe('intern')
    expect(levelByBands({ maturity: 'intern', confidence: 7_000 }, gain)).toBe('supervised')
    expect(levelByBands({ maturity: 'supervised', confidence: 9_000 }, gain)).toBe('autonomous')
  })

  it('keeps a level until the confidence is well below its band', () => {
    expect(levelByBands({ maturity: 'supervised', confidence: 6_500 }, gain)).toBe('supervised')
    expect(levelByBands({ maturity: 'supervised', confidence: 6_499 }, gain)).toBe('intern')
    expect(levelByBands({ maturity: 'autonomous', confidence: 3_000 }, gain)).toBe('student')
  })

  // What the original design says of each boundary: at or above the next band up one step, 500 under the own band down.
  it.each([
    ['student', 0, 'student'],
    ['student', 4_999, 'student'],
    ['student', 5_000, 'intern'],
    ['student', 10_000, 'intern'],
    ['intern', 4_499, 'student'],
    ['intern', 4_500, 'intern'],
    ['intern', 6_999, 'intern'],
    ['intern', 7_000, 'supervised'],
    ['intern', 9_000, 'supervised'],
    ['supervised', 4_499, 'student'],
    ['supervised', 4_999, 'student'],
    ['supervised', 5_000, 'intern'],
    ['supervised', 6_499, 'intern'],
    ['supervised', 6_500, 'supervised'],
    ['supervised', 8_999, 'supervised'],
    ['supervised', 9_000, 'autonomous'],
    ['autonomous', 4_999, 'student'],
    ['autonomous', 6_999, 'intern'],
    ['autonomous', 7_000, 'supervised'],
    ['autonomous', 8_499, 'supervised'],
    ['autonomous', 8_500, 'autonomous'],
    ['autonomous', 10_000, 'autonomous'],
  ] as const)('makes of %s at %i: %s [MAT-5]', (maturity, score, after) => {
    expect(levelByBands({ maturity, confidence: score }, gain)).toBe(after)
  })

  it('takes at least one step after an incident, whatever the confidence', () => {
    fc.assert(
      fc.property(level, confidence, (maturity, score) => {
        const after = levelByBands({ maturity, confidence: score }, { kind: 'incident' })
        expect(maturity === 'student' || compareMaturity(after, maturity) < 0).toBe(true)
        expect(compareMaturity(after, bandOf(score))).toBeLessThanOrEqual(0)
      }),
    )
  })

  it('never raises by more than a step, nor above the band', () => {
    fc.assert(
      fc.property(level, confidence, (maturity, score) => {
        const after = levelByBands({ maturity, confidence: score }, gain)
        expect(compareMaturity(after, maturity)).toBeLessThanOrEqual(1)
        if (compareMaturity(after, maturity) > 0) expect(score).toBeGreaterThanOrEqual(floorOf(after))
      }),
    )
  })
})
