import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readJson } from './read-json.ts'

const parsed = (text: string): unknown => {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return 'problem'
  }
}

describe('reading JSON by line', () => {
  it('gives what JSON.parse gives, for every value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        const reading = readJson(text)
        expect('value' in reading && JSON.stringify(reading.value)).toBe(JSON.stringify(JSON.parse(text)))
      }),
    )
  })

  it('takes and refuses what JSON.parse takes and refuses, after any one change of a letter', () => {
    const text = '{\n  "a": [1, -2.5e3, "x\\n\\u00e9"],\n  "b": {"c": null, "d": true}\n}'
    const change = fc.record({
      at: fc.nat(text.length),
      letter: fc.constantFrom('', '"', ',', '}', ']', ':', '0', '-', '.', 'e', '\\', '\n', 'n', '{', '['),
      cut: fc.nat(1),
    })
    fc.assert(
      fc.property(change, ({ at, letter, cut }) => {
        const changed = text.slice(0, at) + letter + text.slice(at + cut)
        const reading = readJson(changed)
        expect('value' in reading ? { value: reading.value } : 'problem').toEqual(parsed(changed))
      }),
      { numRuns: 1_000 },
    )
  })

  it.each([
    ['{\n  "a": 1\n  "b": 2\n}', 'comma', 3, 3],
    ['{\n  "a": 1,\n}', 'key', 3, 1],
    ['{"a": 01}', 'number', 1, 8],
    ['{"a" 1}', 'colon', 1, 6],
    ['{"a": 1, "a": 2}', 'double', 1, 10],
    ['["a\n"]', 'string', 1, 4],
    ['["\\x"]', 'escape', 1, 3],
    ['[yes]', 'value', 1, 2],
    ['[1', 'end', 1, 3],
    ['[1] 2', 'rest', 1, 5],
    ['', 'end', 1, 1],
    ['['.repeat(200), 'deep', 1, 102],
  ])('says where %j stops being JSON', (text, fault, line, column) => {
    const reading = readJson(text)
    expect('problem' in reading && reading.problem).toMatchObject({ fault, line, column })
  })

  it('knows where each value stands', () => {
    const reading = readJson('{\n  "limits": [\n    {"most": -1}\n  ]\n}')
    expect('places' in reading && reading.places.get('limits.0.most')).toBe(29)
  })
})
