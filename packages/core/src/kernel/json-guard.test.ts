import { runInNewContext } from 'node:vm'
import { GovernanceError, type JsonValue } from '@preceptor/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from './canonical-json.ts'
import { assertJsonObject } from './json-guard.ts'

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype'])
const key = fc.string({ unit: 'grapheme', maxLength: 6 }).filter((name) => !FORBIDDEN.has(name) && !name.includes('\0'))
const text = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((value) => !value.includes('\0'))
const { value: json } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  ),
}))
const object = fc.dictionary(key, json, { maxKeys: 6 })

function failureOf(value: unknown, bounds: { maxDepth?: number; maxBytes?: number } = {}): [string, string] {
  try {
    assertJsonObject(value, { name: 'args', ...bounds })
  } catch (error) {
    return GovernanceError.isInstance(error) ? [error.code, error.message] : ['other', String(error)]
  }
  return ['none', '']
}

function isDeeplyFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  return Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen)
}

describe('JSON guard', () => {
  it('gives a frozen copy that is equal and shares nothing', () => {
    fc.assert(
      fc.property(object, (value) => {
        const copied = assertJsonObject(value, { name: 'args' })
        expect(canonicalJson(copied)).toBe(canonicalJson(value))
        expect(isDeeplyFrozen(copied)).toBe(true)
        expect(copied).not.toBe(value)
      }),
      { numRuns: 500 },
    )
  })

  it('keeps what was decided when its maker changes the original', () => {
    const original = { cents: 5, items: [{ id: 1 }] }
    const copied = assertJsonObject(original, { name: 'args' })
    original.cents = 99_999
    original.items.push({ id: 2 })
    expect(copied).toEqual({ cents: 5, items: [{ id: 1 }] })
    expect(() => Object.assign(copied, { cents: 99_999 })).toThrow(TypeError)
  })

  it('holds zero where minus zero was, as the hash does', () => {
    expect(Object.is(assertJsonObject({ a: -0 }, { name: 'args' }).a, 0)).toBe(true)
  })

  it('counts the bytes of the compact JSON text exactly [I-39]', () => {
    fc.assert(
      fc.property(object, (value) => {
        const bytes = Buffer.byteLength(JSON.stringify(value))
        expect(failureOf(value, { maxBytes: bytes })[0]).toBe('none')
        expect(failureOf(value, { maxBytes: bytes - 1 })[0]).toBe('BODY_TOO_LARGE')
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['a long text', { a: 'x'.repeat(300_000) }],
    ['a long key', { ['x'.repeat(300_000)]: 1 }],
    ['many items', { a: Array(300_000).fill(1) }],
    ['a sparse array', { a: Array(4_000_000_000) }],
    ['many keys', Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`key${index}`, 1]))],
  ])('refuses %s as too large [I-39]', (_name, value) => {
    expect(failureOf(value)).toEqual(['BODY_TOO_LARGE', 'args is larger than 262144 bytes.'])
  })

  it('refuses references that unfold without end, before they take memory [I-39]', () => {
    let doubled: unknown = { text: 'x'.repeat(100) }
    for (let level = 0; level < 30; level += 1) doubled = { left: doubled, right: doubled }
    expect(failureOf(doubled)[0]).toBe('BODY_TOO_LARGE')
  })

  it('takes 32 levels and refuses 33, however deep it goes [I-39]', () => {
    expect(failureOf(nested(32))[0]).toBe('none')
    expect(failureOf(nested(33))[0]).toBe('BODY_TOO_DEEP')
    expect(failureOf(nested(100_000))[0]).toBe('BODY_TOO_DEEP')
    expect(failureOf({ a: JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`) })[0]).toBe('BODY_TOO_DEEP')
    const cycle: Record<string, unknown> = {}
    cycle.self = cycle
    expect(failureOf(cycle)[0]).toBe('BODY_TOO_DEEP')
    expect(failureOf({ a: {} }, { maxDepth: 1 })[0]).toBe('BODY_TOO_DEEP')
  })

  it.each(['__proto__', 'constructor', 'prototype'])(
    'refuses the key %s at any depth, and pollutes nothing [I-39, ACT-3]',
    (name) => {
      const bad = JSON.parse(`{"${name}":{"polluted":true}}`)
      for (const value of [bad, { a: { b: [bad] } }]) expect(failureOf(value)[0]).toBe('INPUT_INVALID')
      expect(Reflect.get({}, 'polluted')).toBeUndefined()
    },
  )

  it('calls no setter that every object inherits', () => {
    const called: unknown[] = []
    Object.defineProperty(Object.prototype, 'cents', { set: (value) => called.push(value), configurable: true })
    try {
      const given = Object.defineProperty({}, 'cents', { value: 5, enumerable: true })
      expect(Object.entries(assertJsonObject(given, { name: 'args' }))).toEqual([['cents', 5]])
    } finally {
      Reflect.deleteProperty(Object.prototype, 'cents')
    }
    expect(called).toEqual([])
  })

  it('defines other inherited names as data of the copy', () => {
    const copied = assertJsonObject({ toString: 1, hasOwnProperty: 'a', valueOf: null }, { name: 'args' })
    expect(Object.entries(copied)).toEqual([
      ['toString', 1],
      ['hasOwnProperty', 'a'],
      ['valueOf', null],
    ])
    expect(isDeeplyFrozen(copied)).toBe(true)
  })

  it.each([
    ['undefined', { a: undefined }, 'args: a is undefined, which JSON does not have.'],
    ['a hole', { a: Array(1) }, 'args: a.0 is undefined, which JSON does not have.'],
    ['NaN', { a: [1, Number.NaN] }, 'args: a.1 is NaN, which JSON does not have.'],
    ['a bigint', { a: 1n }, 'args: a is bigint, which JSON does not have.'],
    ['a function', { a: () => 1 }, 'args: a is function, which JSON does not have.'],
    ['a date', { a: new Date(0) }, 'args: a is an instance of a class.'],
    ['a class instance', new (class Thing {})(), 'args is an instance of a class.'],
    ['an inherited value', Object.create({ a: 1 }), 'args is an instance of a class.'],
    ['a lone surrogate', { a: '\ud800' }, 'args: a holds half of a character (a lone surrogate).'],
    ['a NUL', { a: 'x\0' }, 'args: a holds the character U+0000, which the database cannot store.'],
    ['a NUL in a key', { 'x\0': 1 }, 'args: x? holds the character U+0000, which the database cannot store.'],
    ['an accessor', Object.defineProperty({}, 'a', { get: () => 1, enumerable: true }), 'args: a is an accessor.'],
    ['an array', [], 'args is not a JSON object.'],
    ['null', null, 'args is not a JSON object.'],
    ['a text', '{}', 'args is not a JSON object.'],
  ])('refuses %s and names the place [I-39]', (_name, value, message) => {
    expect(failureOf(value)).toEqual(['INPUT_INVALID', message])
  })

  it('refuses what throws while it is read', () => {
    const trap = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new TypeError('trap')
        },
      },
    )
    expect(failureOf(trap)).toEqual(['INPUT_INVALID', 'args cannot be read.'])
  })

  it('cuts long keys and strange characters out of its messages', () => {
    const [, message] = failureOf({ [`\u001b[31m${'x'.repeat(500)}`]: undefined })
    expect(message).toBe(`args: ?[31m${'x'.repeat(55)}… is undefined, which JSON does not have.`)
  })

  it('leaves out what is hidden, and takes objects without a prototype or of another realm', () => {
    const hidden = Object.defineProperty({ a: 1, [Symbol('b')]: 2 }, 'c', { value: 3, enumerable: false })
    expect(assertJsonObject(hidden, { name: 'args' })).toEqual({ a: 1 })
    expect(assertJsonObject(Object.assign(Object.create(null), { a: 1 }), { name: 'args' })).toEqual({ a: 1 })
    expect(assertJsonObject(runInNewContext('({ a: [1, {}] })'), { name: 'args' })).toEqual({ a: [1, {}] })
  })

  function nested(levels: number): unknown {
    let value: unknown = {}
    for (let level = 1; level < levels; level += 1) value = { a: value }
    return value
  }
})
