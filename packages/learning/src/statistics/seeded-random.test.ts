import { describe, expect, it } from 'vitest'
import { shareOf } from './samples.test.helper.ts'
import { seededRandom } from './seeded-random.ts'

describe('seeded randomness', () => {
  it('is the same for the same seed and another for another', () => {
    const first = (seed: number | string): number[] => {
      const random = seededRandom(seed)
      return [random(), random(), random()]
    }
    expect(first('a')).toEqual(first('a'))
    expect(first('a')).not.toEqual(first('b'))
    expect(first('')).not.toEqual(first('a'))
    expect(first(7)).toEqual(first(7))
    expect(first(7)).not.toEqual(first(8))
  })

  it('is uniform in [0, 1): each tenth gets a tenth, within four standard errors', () => {
    const random = seededRandom('uniform')
    const counts = new Array<number>(10).fill(0)
    shareOf(100_000, () => {
      const tenth = Math.floor(random() * 10)
      counts[tenth] = (counts[tenth] ?? 0) + 1
      return true
    })
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThanOrEqual(4 * Math.sqrt(9_000))
  })
})
