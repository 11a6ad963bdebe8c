import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  cursorNumber,
  cursorText,
  cursorTimePlace,
  decodeCursor,
  encodeCursor,
  pageOf,
  parseLimit,
} from './pagination.ts'

const INVALID = expect.objectContaining({ code: 'INPUT_INVALID' })
const value = fc.oneof(
  fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
)

describe('pagination', () => {
  it('gives back what a cursor was made from', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), (values) => {
        expect(decodeCursor(encodeCursor(values))).toEqual(values)
        expect(encodeCursor(values)).toMatch(/^[\w-]+$/)
      }),
    )
  })

  it('refuses junk as a cursor', () => {
    const junk = [
      '',
      ' ',
      'null',
      '%%%',
      'a'.repeat(2_000),
      encodeCursor([]),
      encodeCursor(Array(9).fill(1)),
      text('{}'),
      text('[{}]'),
      text('[null]'),
      text('[true]'),
      text('["\\u0000"]'),
      text('["\\ud800"]'),
      text('[1e999]'),
      text('["a"'),
      text('"a"'),
    ]
    for (const cursor of junk) expect(() => decodeCursor(cursor), cursor).toThrow(INVALID)
    fc.assert(
      fc.property(fc.string(), (cursor) => {
        try {
          expect(decodeCursor(cursor).length).toBeGreaterThan(0)
        } catch (error) {
          expect(error).toEqual(INVALID)
        }
      }),
    )
    for (const cursor of [1, null, {}, ['a']]) expect(() => decodeCursor(cursor as unknown as string)).toThrow(INVALID)
  })

  it('takes 1 to 100 items, 50 by default [AGENT-6]', () => {
    expect([undefined, 1, 100, '1', '100', '007'].map(parseLimit)).toEqual([50, 1, 100, 1, 100, 7])
    for (const limit of [0, 101, -1, 1.5, Number.NaN, '', '0', '101', '1.5', ' 1', '1e1', null, [1], '9'.repeat(400)]) {
      expect(() => parseLimit(limit), String(limit)).toThrow(INVALID)
    }
  })

  it('reads the place that a list is ordered by, and no other', () => {
    const place = { at: '2026-01-05T10:30:00.000Z', id: 'cfe_1' }
    expect(cursorText(undefined)).toBe('')
    expect(cursorText(encodeCursor(['refund-bot']))).toBe('refund-bot')
    expect(cursorNumber(undefined)).toBeUndefined()
    expect(cursorNumber(encodeCursor([7]))).toBe(7)
    expect(cursorTimePlace(undefined)).toBeNull()
    expect(cursorTimePlace(encodeCursor([place.at, place.id]))).toEqual(place)
    for (const values of [[1], ['a', 'b']]) expect(() => cursorText(encodeCursor(values))).toThrow(INVALID)
    for (const values of [['1'], [1.5], [1, 2]]) expect(() => cursorNumber(encodeCursor(values))).toThrow(INVALID)
    for (const values of [['a', 'b'], [place.at], [place.at, 1], [place.at, 'a', 'b'], ['2026-13-45T10:30:00Z', 'a']]) {
      expect(() => cursorTimePlace(encodeCursor(values))).toThrow(INVALID)
    }
  })

  it('names a next page only where there is one [AGENT-6]', () => {
    const placeOf = (row: number): number[] => [row]
    expect(pageOf([], 2, placeOf)).toEqual({ items: [], next: null })
    expect(pageOf([1, 2], 2, placeOf)).toEqual({ items: [1, 2], next: null })
    expect(pageOf([1, 2, 3], 2, placeOf)).toEqual({ items: [1, 2], next: encodeCursor([2]) })
  })

  it('pages through a list without gap or repetition [AGENT-6]', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(), { maxLength: 40 }), fc.integer({ min: 1, max: 10 }), (numbers, limit) => {
        const sorted = numbers.toSorted((left, right) => left - right)
        const seen: number[] = []
        let cursor: string | undefined
        do {
          const after = cursorNumber(cursor) ?? -1
          const rows = sorted.filter((number) => number > after).slice(0, limit + 1)
          const page = pageOf(rows, limit, (number) => [number])
          expect(page.items.length).toBeLessThanOrEqual(limit)
          seen.push(...page.items)
          cursor = page.next ?? undefined
        } while (cursor !== undefined)
        expect(seen).toEqual(sorted)
      }),
    )
  })
})

function text(json: string): string {
  return Buffer.from(json).toString('base64url')
}
