import type { JsonValue } from '@preceptor/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { storableJson } from './storable-json.ts'

const same = (text: string): string => text

describe('JSON that can be stored', () => {
  it('is the JSON that was given, where nothing is to be changed', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const given: JsonValue = JSON.parse(JSON.stringify(value))
        const kept = storableJson(given, same)
        if (!JSON.stringify(given).includes('\\u')) expect(kept).toEqual(given)
        expect(JSON.stringify(kept)).not.toMatch(/\\u0000|\\ud[89a-f]/i)
      }),
    )
  })

  it('has every text changed, keys as well', () => {
    const given = JSON.parse('{"a":["x",{"x":"xx"}],"__proto__":"x","n":1,"b":true,"z":null}')
    const kept = storableJson(given, (text) => text.replaceAll('x', 'y'))
    expect(JSON.stringify(kept)).toBe('{"a":["y",{"y":"yy"}],"__proto__":"y","n":1,"b":true,"z":null}')
    expect(Reflect.get({}, 'x')).toBeUndefined()
  })

  it('holds no character that the database refuses', () => {
    expect(storableJson(['a\0b', '\ud800', '😀'], same)).toEqual(['a\ufffdb', '\ufffd', '😀'])
  })

  it('is nested 64 levels at most', () => {
    const nested = (levels: number): JsonValue => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`)
    expect(storableJson(nested(64), same)).toEqual(nested(64))
    expect(storableJson(nested(66), same)).toBeUndefined()
    expect(storableJson(nested(100_000), same)).toBeUndefined()
  })

  it('passes on what the change throws', () => {
    expect(() =>
      storableJson('x', () => {
        throw new Error('no')
      }),
    ).toThrow('no')
  })
})
