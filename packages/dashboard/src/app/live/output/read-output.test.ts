import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readOutput } from './read-output.ts'

describe('an output', () => {
  it('is a table where it is a list of records, and a chart where those have numbers', () => {
    const reading = readOutput('[{"invoice":"1043","amount":210},{"invoice":"1044","amount":12.5,"match":true}]')
    expect(reading.table).toEqual({
      columns: ['invoice', 'amount', 'match'],
      rows: [
        ['1043', 210, null],
        ['1044', 12.5, true],
      ],
    })
    expect(reading.chart).toEqual({ labels: ['1043', '1044'], series: [{ name: 'amount', values: [210, 12.5] }] })
  })

  it.each<[string, string, readonly string[]]>([
    ['lists with a head', '[["day","n"],["mo",1],["tu",2]]', ['day', 'n']],
    ['lists without one', '[[1,2],[3,4]]', ['1', '2']],
    ['names and values', '{"open":3,"done":12}', ['name', 'value']],
    ['commas', 'day, n\nmo, 1\ntu, 2', ['day', 'n']],
    ['tabs', 'day\tn\nmo\t1', ['day', 'n']],
  ])('is a table of %s', (_, text, columns) => {
    expect(readOutput(text).table?.columns).toEqual(columns)
  })

  it.each<[string, string]>([
    ['a sentence', 'First, this.\nThen, that.\nYes, really, done.'],
    ['one line', 'a,b'],
    ['rows of two lengths', '[[1,2],[3]]'],
    ['nested values', '{"a":{"b":1},"c":2}'],
    ['nothing', ''],
    ['an empty list', '[]'],
    ['empty records', '[{},{}]'],
  ])('is no table: %s', (_, text) => {
    expect(readOutput(text).table).toBeUndefined()
  })

  it('draws nothing without numbers, with one row, or of numbers that stand beside texts', () => {
    for (const text of ['[{"a":"x"},{"a":"y"}]', '[{"a":1}]', '[{"a":1},{"a":"y"}]']) {
      expect(readOutput(text).chart).toBeUndefined()
    }
  })

  it('reads whatever a run says, and every row has every column', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const { table, chart } = readOutput(text)
        expect(table?.rows.every((row) => row.length === table.columns.length)).not.toBe(false)
        expect(chart?.series.every(({ values }) => values.length === table?.rows.length)).not.toBe(false)
      }),
    )
  })
})
