import { describe, expect, it } from 'vitest'
import { type ConditionKind, conditionText, readMatcher, rowsOfSchema } from './grant-matcher.ts'

const row = (id: number, arg: string, kind: ConditionKind, text: string) => ({ id, arg, kind, text })

describe('the matcher of a grant', () => {
  it('keeps the types of what is written', () => {
    const rows = [
      row(1, 'a', 'equals', '"1"'),
      row(2, ' b ', 'equals', '1'),
      row(3, 'c', 'oneOf', '"x", 2'),
      row(4, 'd', 'between', '[1, 2]'),
      row(5, 'e', 'atMost', '5'),
      row(6, 'f', 'atLeast', '-5'),
      row(7, 'g', 'any', 'whatever'),
    ]
    const matcher = {
      args: {
        a: { equals: '1' },
        b: { equals: 1 },
        c: { oneOf: ['x', 2] },
        d: { between: [1, 2] },
        e: { atMost: 5 },
        f: { atLeast: -5 },
        g: { any: true },
      },
      resource: 'cus_1',
    }
    expect(readMatcher(rows, ' cus_1 ')).toEqual({ matcher })
    expect(Object.entries(matcher.args).map(([arg, condition]) => conditionText(arg, condition as never))).toEqual([
      'a = "1"',
      'b = 1',
      'c ∈ ["x",2]',
      '1 ≤ d ≤ 2',
      'e ≤ 5',
      'f ≥ -5',
      'g: *',
    ])
  })

  it('names each row that says nothing certain', () => {
    const rows = [
      row(1, '', 'any', ''),
      row(2, 'a', 'equals', 'x'),
      row(3, 'b', 'atMost', '"5"'),
      row(4, 'c', 'between', '5, 1'),
      row(5, 'd', 'oneOf', ''),
      row(6, 'e', 'any', ''),
      row(7, 'e', 'any', ''),
    ]
    const reading = readMatcher(rows, '')
    expect('faults' in reading && [...reading.faults]).toEqual([
      [1, 'name'],
      [2, 'json'],
      [3, 'number'],
      [4, 'pair'],
      [5, 'list'],
      [7, 'twice'],
    ])
  })

  it('begins with the arguments of the schema', () => {
    expect(rowsOfSchema({ properties: { cents: {}, to: {} } }).map(({ arg, kind }) => [arg, kind])).toEqual([
      ['cents', 'equals'],
      ['to', 'equals'],
    ])
    expect(rowsOfSchema(null)).toEqual([])
  })
})
