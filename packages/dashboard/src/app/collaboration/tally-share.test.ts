import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sharesOf, tookPart } from './tally-share.ts'

const counts = fc.array(fc.record({ votes: fc.nat(20), weight: fc.nat(200_000) }), { minLength: 2, maxLength: 20 })

describe('how a vote stands', () => {
  it('shares add up to one, and at most one option has enough', () => {
    fc.assert(
      fc.property(counts, fc.nat(5), fc.double({ min: 0.501, max: 1, noNaN: true }), (list, abstained, threshold) => {
        const options = list.map((one, index) => ({ option: `o${index}`, ...one }))
        const castWeight = options.reduce((sum, { weight }) => sum + weight, 0)
        const vote = { tally: { options, abstained, castWeight }, threshold }
        const shares = sharesOf(vote)
        const sum = shares.reduce((total, { share }) => total + share, 0)
        expect(sum).toBeCloseTo(castWeight === 0 ? 0 : 1, 6)
        expect(shares.filter(({ isEnough }) => isEnough).length).toBeLessThanOrEqual(1)
        expect(tookPart(vote)).toBe(list.reduce((total, { votes }) => total + votes, abstained))
      }),
    )
  })

  it('says that nothing is enough while nothing was cast', () => {
    const tally = { options: [{ option: 'yes', votes: 0, weight: 0 }], abstained: 2, castWeight: 0 }
    expect(sharesOf({ tally, threshold: 0.67 })).toMatchObject([{ share: 0, isEnough: false }])
  })
})
