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
