import { createRequire } from 'node:module'
import type { JsonValue } from '@preceptor/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalText } from './canonical-text.ts'
import { type ChainedRow, rowText } from './chain.ts'

// The types of the package do not fit how it is loaded.
const canonicalize: (value: unknown) => string = createRequire(import.meta.url)('canonicalize')
const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>
const text = fc.string({ unit: fc.oneof(fc.constantFrom('"', '\\', '\n', '\u0000', '\u2028', 'é', '😀'), fc.string()) })

describe('canonical text of journal rows', () => {
  it('equals RFC 8785 output [CANON-1]', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalText(value)).toBe(canonicalize(value))
      }),
      { numRuns: 500 },
    )
  })

  it('orders many keys, keys like numbers and keys beyond the basic plane by UTF-16 code units [CANON-1]', () => {
    const keys = [...Array.from({ length: 40 }, (_, index) => `${index}`), '\ufb33', '😀', 'é', '', 'a', 'B']
    const value = Object.fromEntries(keys.map((key) => [key, 1]))
    expect(canonicalText(value)).toBe(canonicalize(value))
  })

  it('writes what the RFC refuses as JSON.stringify does, so that nothing stops the writing', () => {
    expect(canonicalText({ b: Number.NaN, a: '\ud800', c: -0 })).toBe('{"a":"\\ud800","b":null,"c":0}')
  })

  it('is the same whatever objects were written before, more and longer ones than are remembered [CANON-1]', () => {
    const row = { subject: 's', actor: 'a', kind: 'k' }
    const text = canonicalText(row)
    for (let index = 0; index < 600; index += 1) {
      const like = { subject: 1, [`name-${index}`]: 2 }
      const long = { [`${index}`.repeat(300)]: 1, ['b'.repeat(index)]: 2 }
      for (const other of [like, long]) expect(canonicalText(other)).toBe(canonicalize(other))
      expect(canonicalText(row)).toBe(text)
    }
  })

  it('of a whole row equals RFC 8785 output of the row [CANON-1]', () => {
    const row = fc.record({
      sequence: fc.nat(),
      id: text,
      workspace: text,
      kind: text,
      subject: text,
      agent: fc.option(text),
      body: fc.dictionary(text, json),
      recordedAt: fc.constant('2026-01-02T03:04:05.678Z'),
    })
    fc.assert(
      fc.property(row, (value) => {
        const chained: ChainedRow = { ...value, body: canonicalText(value.body) }
        expect(rowText(chained)).toBe(canonicalize(value))
      }),
      { numRuns: 500 },
    )
  })
})
