import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  areasOf,
  columnsOf,
  edgesOf,
  heatOf,
  labelledRows,
  MARGIN,
  mostOf,
  pathOf,
  pointsOf,
  sparkOf,
  ticksOf,
} from './chart-geometry.ts'

const SIZE = { width: 640, height: 220 }
const KEYS = ['a', 'b', 'c'] as const
const rows = fc.array(
  fc.record({ a: fc.nat(50), b: fc.nat(50), c: fc.nat(50) }).map((values) => ({ at: '2026-11-22T00:00:00Z', values })),
  { minLength: 1, maxLength: 40 },
)

describe('the geometry of charts', () => {
  it('stands parts on each other: together they are as high as their sum, and nothing leaves the drawing', () => {
    fc.assert(
      fc.property(rows, (given) => {
        const columns = columnsOf(KEYS, given, SIZE)
        const ground = SIZE.height - MARGIN.bottom
        const top = ticksOf(mostOf(KEYS, given), SIZE).at(-1)
        expect(columns).toHaveLength(given.length)
        for (const [index, { x, width, parts }] of columns.entries()) {
          const sum = KEYS.reduce((total, key) => total + (given[index]?.values[key] ?? 0), 0)
          const height = parts.reduce((total, part) => total + part.height, 0)
          if (sum === 0) expect(parts).toEqual([])
          else expect(Math.min(...parts.map(({ y }) => y))).toBeCloseTo(ground - height)
          expect(x).toBeGreaterThanOrEqual(MARGIN.left)
          expect(x + width).toBeLessThanOrEqual(SIZE.width - MARGIN.right + 1e-6)
          expect(height).toBeLessThanOrEqual(ground - MARGIN.top + 1e-6)
        }
        expect(top?.y).toBeGreaterThanOrEqual(MARGIN.top)
      }),
    )
  })

  it('gives the same height for the same number, in every column', () => {
    const given = [1, 2, 4].map((a) => ({ at: '', values: { a, b: 0, c: 0 } }))
    const [one, two, four] = columnsOf(KEYS, given, SIZE).map(({ parts }) => parts[0]?.height ?? 0)
    expect(two).toBeCloseTo((one ?? 0) * 2)
    expect(four).toBeCloseTo((one ?? 0) * 4)
  })

  it('has round numbers on its lines, and none twice', () => {
    expect(ticksOf(0, SIZE).map(({ value }) => value)).toEqual([0, 1])
    expect(ticksOf(1, SIZE).map(({ value }) => value)).toEqual([0, 1])
    expect(ticksOf(97, SIZE).map(({ value }) => value)).toEqual([0, 20, 40, 60, 80, 100])
  })

  it('lets each value of an area last to the end of its place', () => {
    const given = [1, 3].map((a) => ({ at: '', values: { a, b: 1, c: 0 } }))
    const [first] = areasOf(KEYS, given, SIZE)
    const [begin, middle, end] = edgesOf(2, SIZE.width)
    expect(first?.key).toBe('a')
    expect(first?.path.startsWith(`M${begin},`)).toBe(true)
    expect(first?.path).toContain(`L${middle},`)
    expect(first?.path).toContain(`L${end},`)
  })

  it('puts points in the middle of their places, and draws through them', () => {
    const points = pointsOf([0, 5], 5, SIZE)
    const edges = edgesOf(2, SIZE.width)
    expect(points[0]?.x).toBe(((edges[0] ?? 0) + (edges[1] ?? 0)) / 2)
    expect(points[0]?.y).toBe(SIZE.height - MARGIN.bottom)
    expect(points[1]?.y).toBe(MARGIN.top)
    expect(pathOf(points)).toBe(`M${points[0]?.x},${points[0]?.y}L${points[1]?.x},${points[1]?.y}`)
  })

  it('keeps a small line in its box, also one of a single value', () => {
    expect(sparkOf([0, 2], { width: 60, height: 20 })).toBe('M1,18.5L59,1.5')
    expect(sparkOf([3], { width: 60, height: 20 })).toBe('M1,1.5Z')
    expect(sparkOf([], { width: 60, height: 20 })).toBe('')
  })

  it('darkens cells by their share of the most, and leaves only nothing empty', () => {
    expect([0, 1, 25, 26, 50, 75, 76, 100].map((value) => heatOf(value, 100))).toEqual([0, 1, 1, 2, 2, 3, 4, 4])
    expect(heatOf(0, 0)).toBe(0)
  })

  it('writes as many times as there is room for', () => {
    expect(labelledRows(3, 640)).toEqual([0, 1, 2])
    expect(labelledRows(30, 360)).toHaveLength(4)
    expect(labelledRows(0, 360)).toEqual([])
  })
})
