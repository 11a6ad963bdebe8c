import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createIds } from './ids.ts'

const FORM = /^dec_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('ids', () => {
  it('are UUIDv7 with a prefix, and hold the time', () => {
    const ids = createIds({
      clock: { now: () => 0x0123_4567_89ab },
      randomBytes: (size) => new Uint8Array(size).fill(0xff),
    })
    expect(ids.next('dec')).toBe('dec_01234567-89ab-7000-bfff-ffffffffffff')
    expect(ids.next('exe')).toBe('exe_01234567-89ab-7001-bfff-ffffffffffff')
  })

  it('sort in the order of their making, whatever the clock does', () => {
    const times = fc.array(fc.integer({ min: 0, max: 0xffff_ffff_ff00 }), { minLength: 1, maxLength: 50 })
    fc.assert(
      fc.property(times, (readings) => {
        let at = 0
        const ids = createIds({ clock: { now: () => readings[at++ % readings.length] ?? 0 } })
        const made = Array.from({ length: 120 }, () => ids.next('dec'))
        for (const id of made) expect(id).toMatch(FORM)
        expect(made.toSorted()).toEqual(made)
        expect(new Set(made).size).toBe(made.length)
      }),
      { numRuns: 100 },
    )
  })

  it('stay in order and unique beyond what the counter holds in one millisecond', () => {
    const ids = createIds({ clock: { now: () => 1_000 } })
    const made = Array.from({ length: 10_000 }, () => ids.next('jrn'))
    expect(made.toSorted()).toEqual(made)
    expect(new Set(made).size).toBe(made.length)
    expect(made.at(-1)?.slice(0, 17)).toBe('jrn_00000000-03ea')
  })

  it('differ between sources that read the same clock', () => {
    const clock = { now: () => 1_000 }
    const [left, right] = [createIds({ clock }), createIds({ clock })]
    const made = Array.from({ length: 1_000 }, () => [left.next('evt'), right.next('evt')]).flat()
    expect(new Set(made).size).toBe(made.length)
  })

  it('keep the randomness that they took when the source writes over its memory', () => {
    const memory = new Uint8Array(2_048)
    const ids = createIds({ clock: { now: () => 1 }, randomBytes: () => memory.fill(0) })
    ids.next('run')
    memory.fill(0xff)
    expect(ids.next('run')).toMatch(/-8000-0{12}$/)
  })

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY, 2 ** 48])('are refused at the time %s', (time) => {
    const ids = createIds({ clock: { now: () => time } })
    expect(() => ids.next('dec')).toThrow(expect.objectContaining({ code: 'FACT_INVALID' }))
  })

  it('are refused without enough randomness', () => {
    const ids = createIds({ clock: { now: () => 1 }, randomBytes: () => new Uint8Array(4) })
    expect(() => ids.next('dec')).toThrow(expect.objectContaining({ code: 'FACT_INVALID' }))
  })
})
