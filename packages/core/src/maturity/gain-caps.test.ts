import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { capGain, type Gain } from './gain-caps.ts'

const fresh = { gained: 0, gainedThrough: [], isTraining: false }
const points = fc.integer({ min: 0, max: 5_000 })
const gain: fc.Arbitrary<Gain> = fc.record({
  requested: fc.integer({ min: -5_000, max: 5_000 }),
  gained: points,
  gainedThrough: fc.array(points, { maxLength: 4 }),
  isTraining: fc.boolean(),
})

describe('the caps of a gain', () => {
  it.each<[what: string, gain: Gain, counts: number]>([
    ['nothing of it is capped', { ...fresh, requested: 200 }, 200],
    ['the most of a day', { ...fresh, requested: 2_600 }, 2_500],
    ['what the day leaves', { ...fresh, requested: 200, gained: 2_400 }, 100],
    ['nothing once the day is full', { ...fresh, requested: 200, gained: 2_500 }, 0],
    ['nothing where more was gained than there is', { ...fresh, requested: 200, gained: 2_600 }, 0],
    ['the most through one reviewer', { ...fresh, requested: 1_100, gainedThrough: [0] }, 1_000],
    ['what the fullest of the reviewers leaves', { ...fresh, requested: 900, gainedThrough: [100, 400, 0] }, 600],
    ['nothing through a reviewer who is full', { ...fresh, requested: 50, gainedThrough: [0, 1_000] }, 0],
    ['all of a training', { ...fresh, requested: 2_000, gainedThrough: [1_000], isTraining: true }, 2_000],
    ['what the day leaves of a training', { ...fresh, requested: 2_000, gained: 1_000, isTraining: true }, 1_500],
    ['nothing of nothing', { ...fresh, requested: 0, gained: 9_000 }, 0],
    ['the whole of a loss', { ...fresh, requested: -2_000, gained: 2_500, gainedThrough: [1_000] }, -2_000],
  ])('lets count %s [MAT-11]', (_what, asked, counts) => {
    expect(capGain(asked)).toBe(counts)
  })

  it('never lets more count than was asked for, nor makes a loss of a gain [MAT-11]', () => {
    fc.assert(
      fc.property(gain, (asked) => {
        const counted = capGain(asked)
        if (asked.requested <= 0) return counted === asked.requested
        return counted >= 0 && counted <= asked.requested && asked.gained + counted <= Math.max(2_500, asked.gained)
      }),
    )
  })
})
