import { createRequire } from 'node:module'
import { runInNewContext } from 'node:vm'
import { GovernanceError, type JsonValue } from '@preceptor/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson, hashCanonical, sha256Hex } from './canonical-json.ts'

// The types of the package do not fit how it is loaded.
const canonicalize: (value: unknown) => string = createRequire(import.meta.url)('canonicalize')

const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom('"', '\\', '\n', '\0', '\u007f', '\u2028', 'é', '\ufb33', '😀'),
    fc.string({ maxLength: 1 }),
  ),
  maxLength: 8,
})
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.constantFrom(-0, 1e21, 5e-324),
)
const { value: json } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.oneof(text, number, fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4, noNullPrototype: false }),
  ),
}))

function codeOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    return GovernanceError.isInstance(error) ? error.code : String(error)
  }
  return 'none'
}

/** The same value, with the keys of every object in the opposite order. */
function reordered(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(reordered)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reordered(item)]),
  )
}

/** All values that differ from the given one in one leaf. */
function changed(value: JsonValue): JsonValue[] {
  if (Array.isArray(value)) {
    const items: readonly JsonValue[] = value
    const changes = items.flatMap((item, index) => changed(item).map((other) => items.with(index, other)))
    return [[...items, null], ...changes]
  }
  if (typeof value !== 'object' || value === null)
    return [[value], String(value) === value ? `${value}x` : String(value)]
  const entries = Object.entries(value)
  const changes = entries.flatMap(([key, item], index) =>
    changed(item).map((other) => Object.fromEntries(entries.with(index, [key, other]))),
  )
  return [Object.fromEntries([...entries, ['another key', 1]]), ...changes]
}

describe('canonical JSON', () => {
  it('equals the RFC 8785 output of another implementation [CANON-1]', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(value)).toBe(canonicalize(value))
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
      { numRuns: 2_000 },
    )
  })

  it('writes the examples of the RFC [CANON-1]', () => {
    const value = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 1e-27],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    }
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
    const keys = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '😀': 5, '\u0080': 6, '\u00f6': 7 }
    expect(canonicalJson(keys)).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}')
  })

  it('gives the same hash for another order of keys, and another hash for any other leaf [CANON-1, I-3]', () => {
    fc.assert(
      fc.property(json, (value) => {
        const hash = hashCanonical(value)
        expect(hashCanonical(reordered(value))).toBe(hash)
        for (const other of changed(value)) expect(hashCanonical(other)).not.toBe(hash)
      }),
      { numRuns: 300 },
    )
  })

  it('tells types, unicode forms and places apart [CANON-1, I-3]', () => {
    const distinct: JsonValue[] = [
      1,
      true,
      '1',
      'true',
      null,
      'null',
      0,
      false,
      '',
      [],
      {},
      [1],
      ['1'],
      [[1]],
      { 0: 1 },
      { a: 1, b: 2 },
      { a: 2, b: 1 },
      'é',
      'e\u0301',
      'ﬁ',
      'fi',
      [1, 2],
      [2, 1],
      { a: null },
      [null],
      '\0',
      ' ',
      { __proto__x: 1 },
      JSON.parse('{"__proto__":1}'),
      JSON.parse('{"constructor":1}'),
    ]
    expect(new Set(distinct.map(hashCanonical)).size).toBe(distinct.length)
    expect(hashCanonical(1)).toBe(hashCanonical(1.0))
    expect(hashCanonical(-0)).toBe(hashCanonical(0))
  })

  it('hashes with SHA-256 over UTF-8', () => {
    expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(sha256Hex('é')).toBe('4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c')
    expect(hashCanonical({ b: 1, a: 2 })).toBe(sha256Hex('{"a":2,"b":1}'))
  })

  it('takes plain objects without a prototype and of another realm', () => {
    expect(canonicalJson(Object.assign(Object.create(null), { b: 1, a: [] }))).toBe('{"a":[],"b":1}')
    expect(canonicalJson(runInNewContext('({ b: 1, a: [{}] })'))).toBe('{"a":[{}],"b":1}')
  })

  it.each([
    ['undefined', undefined],
    ['a missing value', { a: undefined }],
    ['a hole', Array(1)],
    ['NaN', [Number.NaN]],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a bigint', 1n],
    ['a function', { toJSON: () => 1 }],
    ['a symbol', Symbol('a')],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['a boxed number', Object(1)],
    ['a class instance', new (class Thing {})()],
    ['an inherited value', Object.create({ a: 1 })],
    ['a lone surrogate', 'a\ud800'],
    ['a lone surrogate in a key', { '\udc00': 1 }],
  ])('refuses %s', (_name, value) => {
    expect(codeOf(() => canonicalJson(value as JsonValue))).toBe('INPUT_INVALID')
  })

  it('refuses cycles, deep nesting and references that unfold without end', () => {
    const cycle: unknown[] = []
    cycle.push(cycle)
    expect(codeOf(() => canonicalJson(cycle as JsonValue))).toBe('INPUT_INVALID')
    expect(codeOf(() => canonicalJson(nested(65)))).toBe('INPUT_INVALID')
    expect(canonicalJson(nested(64))).toBe(`${'['.repeat(64)}${']'.repeat(64)}`)
    let doubled: JsonValue = 'x'
    for (let level = 0; level < 60; level += 1) doubled = [doubled, doubled]
    expect(codeOf(() => canonicalJson(doubled))).toBe('INPUT_INVALID')
  })

  function nested(levels: number): JsonValue {
    let value: JsonValue = []
    for (let level = 1; level < levels; level += 1) value = [value]
    return value
  }
})
