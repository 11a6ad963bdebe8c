import type { ArgCondition, GrantMatcher, JsonObject, JsonValue } from '@preceptor/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchesAttempt } from './matcher.ts'
import { parseMatcher } from './parse-matcher.ts'
import { suggestMatcher } from './suggest-matcher.ts'

const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,11}$/).filter((text) => !(text in {}))
const value = fc.jsonValue({ maxDepth: 2 }).map((made): JsonValue => JSON.parse(JSON.stringify(made)))
const args: fc.Arbitrary<JsonObject> = fc.dictionary(name, value, { maxKeys: 5 }).map((made) => ({ ...made }))
const attempt = (given: JsonObject, resource: string | null = null) => ({ args: given, resource })

const only = (condition: ArgCondition): GrantMatcher => ({ args: { cents: condition } })
const passes = (condition: ArgCondition, cents: unknown): boolean =>
  matchesAttempt(only(condition), attempt({ cents: cents as JsonValue }))

/** A matcher that names each argument by what it is. */
const exact = (given: JsonObject): GrantMatcher => ({
  args: Object.fromEntries(Object.entries(given).map(([key, equals]) => [key, { equals }])),
})

describe('a matcher', () => {
  it('lets through what it names, and refuses every argument that it does not name [GRANT-2]', () => {
    fc.assert(
      fc.property(args, name, value, (given, extra, more) => {
        expect(matchesAttempt(exact(given), attempt(given))).toBe(true)
        const { [extra]: _, ...without } = given
        expect(matchesAttempt(exact(without), attempt({ ...without, [extra]: more }))).toBe(false)
        expect(matchesAttempt(exact({ ...without, [extra]: more }), attempt(without))).toBe(false)
      }),
      { numRuns: 300 },
    )
  })

  it('tells values apart as JSON does: 1, "1", true, [1] and null are five values [GRANT-2]', () => {
    const values = [1, '1', true, [1], null, '', 0, false, { a: 1 }, [], {}, 'true', 'null'] as const
    for (const one of values) {
      for (const other of values) {
        const isSame = one === other
        expect([one, other, passes({ equals: one }, other)]).toEqual([one, other, isSame])
        expect([one, other, passes({ oneOf: [one] }, other)]).toEqual([one, other, isSame])
      }
    }
    expect(passes({ equals: { a: 1, b: 2 } }, { b: 2, a: 1 })).toBe(true)
    expect([1, 2, 3].map((cents) => passes({ oneOf: [1, 2] }, cents))).toEqual([true, true, false])
    expect([1, 2, 3, 4].map((cents) => passes({ between: [2, 3] }, cents))).toEqual([false, true, true, false])
    expect(passes({ matches: '.*' } as unknown as ArgCondition, 1)).toBe(false)
  })

  it('finds only numbers within a range, and no negative one below a most [GRANT-2]', () => {
    const ranges: readonly ArgCondition[] = [{ atMost: 10 }, { atLeast: 0 }, { between: [0, 10] }]
    for (const range of ranges) {
      for (const wrong of ['5', true, null, [5], {}, Number.NaN, Number.POSITIVE_INFINITY, undefined, new Date(5)]) {
        expect([range, wrong, passes(range, wrong)]).toEqual([range, wrong, false])
      }
      expect([passes(range, 0), passes(range, 10), passes(range, -1)]).toEqual([true, true, false])
    }
    expect([passes({ atMost: 10 }, 10.1), passes({ between: [1, 2] }, 0.9)]).toEqual([false, false])
    fc.assert(
      fc.property(fc.double(), fc.double({ min: 0, noNaN: true }), (cents, most) => {
        expect(passes({ atMost: most }, cents)).toBe(Number.isFinite(cents) && cents >= 0 && cents <= most)
      }),
    )
  })

  it('with any takes every value and none; every other condition needs one [GRANT-2]', () => {
    expect(passes({ any: true }, null)).toBe(true)
    expect(matchesAttempt(only({ any: true }), attempt({}))).toBe(true)
    for (const condition of [{ equals: null }, { oneOf: [null] }, { atLeast: 0 }, { atMost: 0 }]) {
      expect(matchesAttempt(only(condition as ArgCondition), attempt({}))).toBe(false)
    }
  })

  it('goes by the resource as well: without one, the attempt must name none [GRANT-2]', () => {
    expect(matchesAttempt({ args: {} }, attempt({}, 'order-1'))).toBe(false)
    expect(matchesAttempt({ args: {}, resource: null }, attempt({}, 'order-1'))).toBe(false)
    expect(matchesAttempt({ args: {}, resource: 'order-1' }, attempt({}, 'order-1'))).toBe(true)
    expect(matchesAttempt({ args: {}, resource: 'order-1' }, attempt({}))).toBe(false)
    expect(matchesAttempt({ args: {}, resource: '' }, attempt({}))).toBe(false)
  })

  it('finds no name that every object inherits [ACT-3, GRANT-2]', () => {
    for (const inherited of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
      const given = Object.defineProperty({}, inherited, { value: 1, enumerable: true }) as JsonObject
      expect([inherited, matchesAttempt({ args: {} }, attempt(given))]).toEqual([inherited, false])
      expect(matchesAttempt({ args: { toString: { equals: 1 } } }, attempt({}))).toBe(false)
    }
  })
})

describe('a matcher from outside', () => {
  it.each<[string, unknown]>([
    ['nothing', {}],
    ['no condition', { args: { cents: {} } }],
    ['two conditions', { args: { cents: { atMost: 5, atLeast: 1 } } }],
    ['a condition that there is not', { args: { cents: { matches: '.*' } } }],
    ['any: false', { args: { cents: { any: false } } }],
    ['a most below 0', { args: { cents: { atMost: -1 } } }],
    ['a range upside down', { args: { cents: { between: [5, 1] } } }],
    ['NaN', { args: { cents: { atMost: Number.NaN } } }],
    ['a text for a number', { args: { cents: { atMost: '5' } } }],
    ['no values', { args: { cents: { oneOf: [] } } }],
    ['a list of args', { args: [] }],
    ['another key', { args: {}, anything: true }],
    ['an empty resource', { args: {}, resource: '' }],
    ['a prototype', JSON.parse('{"args":{"__proto__":{"any":true}}}')],
    ['a value that JSON has not', { args: { cents: { equals: undefined } } }],
    ['too many args', { args: Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`a${at}`, { any: true }])) }],
  ])('is refused with %s [GRANT-2]', (_, given) => {
    expect(() => parseMatcher(given)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
  })

  it('may go as far as its bounds do, and is told at which place it does not [GRANT-2]', () => {
    const named = (count: number): object => ({
      args: Object.fromEntries(Array.from({ length: count }, (_, at) => [`a${at}`, { any: true }])),
    })
    const bounds = [named(64), { args: {}, resource: 'r'.repeat(500) }, { args: { n: { between: [5, 5] } } }]
    for (const given of bounds) expect(parseMatcher(given)).toEqual(given)
    for (const given of [named(65), { args: {}, resource: 'r'.repeat(501) }]) {
      expect(() => parseMatcher(given)).toThrow(/^matcher\.(args|resource): /)
    }
    expect(() => parseMatcher({ args: { cents: {} } })).toThrow(/^matcher\.args\.cents: exactly one of /)
    const large = { args: { note: { equals: 'x'.repeat(16_384) } } }
    expect(() => parseMatcher(large)).toThrow(expect.objectContaining({ code: 'BODY_TOO_LARGE' }))
    expect(() => parseMatcher('matcher')).toThrow('matcher')
  })

  it('cannot be changed afterwards [GRANT-2]', () => {
    const given = { args: { cents: { oneOf: [1] } } }
    const parsed = parseMatcher(given)
    given.args.cents.oneOf.push(2)
    expect(matchesAttempt(parsed, attempt({ cents: 2 }))).toBe(false)
  })
})

describe('a suggested matcher', () => {
  it('lets all through that it was made of [GRANT-6]', () => {
    fc.assert(
      fc.property(fc.array(args, { minLength: 1, maxLength: 12 }), (history) => {
        const attempts = history.map((given) => attempt(given, 'order-1'))
        const matcher = suggestMatcher(attempts)
        if (matcher !== null) expect(attempts.every((one) => matchesAttempt(matcher, one))).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('is as narrow as the history is [GRANT-6]', () => {
    const history = [10, 40, 25].map((cents, at) =>
      attempt({ cents, currency: 'eur', reason: at === 0 ? 'late' : 'lost', ...(at === 2 ? { note: 'please' } : {}) }),
    )
    expect(suggestMatcher(history)).toEqual({
      args: {
        cents: { between: [10, 40] },
        currency: { equals: 'eur' },
        note: { any: true },
        reason: { oneOf: ['late', 'lost'] },
      },
      resource: null,
    })
    expect(suggestMatcher([attempt({}, 'a'), attempt({}, 'b')])).toBeNull()
    expect(suggestMatcher([])).toBeNull()
  })
})
