import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { batchColumns, outliersOf } from './batch-columns.ts'

describe('what stands out among proposals that are decided together', () => {
  it('is a number far from the others [DASH-20]', () => {
    expect(outliersOf([100, 110, 95, 105, 9_900])).toEqual([false, false, false, false, true])
    expect(outliersOf([5, 5, 5, 5, 5, 5, 5, 5, 900])).toEqual([...Array(8).fill(false), true])
    expect(outliersOf([1, 2, 3, 4, 5])).toEqual(Array(5).fill(false))
  })

  it('is a value that the others do not have, or its absence [DASH-20]', () => {
    expect(outliersOf(['EUR', 'EUR', 'EUR', 'USD'])).toEqual([false, false, false, true])
    expect(outliersOf([true, true, undefined, true])).toEqual([false, false, true, false])
    expect(outliersOf(['a', 'b', 'c', 'd'])).toEqual(Array(4).fill(false))
  })

  it('is nothing among fewer than four, and nothing where all are the same', () => {
    expect(outliersOf([1, 1, 900])).toEqual([false, false, false])
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 1, max: 60 }), (value, count) => {
        expect(outliersOf(Array(count).fill(value as never))).toEqual(Array(count).fill(false))
      }),
    )
  })

  it('does not depend on the order, nor on the unit of a number', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1_000, max: 1_000 }), { maxLength: 40 }), (numbers) => {
        const marked = outliersOf(numbers)
        expect(outliersOf([...numbers].reverse())).toEqual([...marked].reverse())
        expect(outliersOf(numbers.map((value) => value * 4))).toEqual(marked)
      }),
    )
  })

  it('stands in one column for each argument that any of them has', () => {
    const columns = batchColumns([{ a: 1 }, { b: 'x', a: 2 }, {}])
    expect(columns.map(({ name, values }) => [name, values])).toEqual([
      ['a', [1, 2, undefined]],
      ['b', [undefined, 'x', undefined]],
    ])
  })
})
