import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentHash, isHeldOut } from './content-hash.ts'

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 })

describe('what an example teaches', () => {
  it('has one hash, however its blanks and accents are written', () => {
    fc.assert(
      fc.property(text, text, (input, correction) => {
        const hash = contentHash({ input, correction })
        expect(hash).toMatch(/^[0-9a-f]{64}$/)
        const spaced = (one: string): string => `  ${one.normalize('NFD').replaceAll(' ', ' \n\t ')} `
        expect(contentHash({ input: spaced(input), correction: spaced(correction) })).toBe(hash)
      }),
    )
  })

  it('has another hash where it is another thing, also where the texts together are the same', () => {
    expect(contentHash({ input: 'ab', correction: 'c' })).not.toBe(contentHash({ input: 'a', correction: 'bc' }))
    expect(contentHash({ input: 'a', correction: 'b' })).not.toBe(contentHash({ input: 'b', correction: 'a' }))
    expect(contentHash({ input: 'a', correction: 'b' })).not.toBe(contentHash({ input: 'a', correction: 'B' }))
  })
})

describe('what is held out', () => {
  it('is settled by the hash, and stays held out in every larger share', () => {
    fc.assert(
      fc.property(text, text, fc.double({ min: 0, max: 0.99, noNaN: true }), (input, correction, share) => {
        const hash = contentHash({ input, correction })
        expect(isHeldOut(hash, share)).toBe(isHeldOut(hash, share))
        expect(isHeldOut(hash, 0)).toBe(false)
        if (isHeldOut(hash, share)) expect(isHeldOut(hash, Math.min(1, share + 0.01))).toBe(true)
      }),
    )
  })

  it.each([0.1, 0.3, 0.5])('is close to its share of %d', (share) => {
    const count = 4_000
    const held = Array.from({ length: count }, (_, number) =>
      isHeldOut(contentHash({ input: `case ${number}`, correction: 'yes' }), share),
    ).filter(Boolean).length
    // Four standard deviations of a fair draw.
    expect(Math.abs(held / count - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / count))
  })

  it('holds out the first hash and not the last one', () => {
    expect(isHeldOut('0'.repeat(64), 0.0001)).toBe(true)
    expect(isHeldOut('f'.repeat(64), 0.9999)).toBe(false)
  })
})
