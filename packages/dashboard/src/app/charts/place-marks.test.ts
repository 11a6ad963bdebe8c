import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placeMarks } from './place-marks.ts'

const ROOM = { size: 20, top: 0, bottom: 200 }

describe('marks of a chart', () => {
  it('stay where they are when nothing is near', () => {
    const marks = [
      { x: 0, y: 50 },
      { x: 30, y: 50 },
    ]
    expect(placeMarks(marks, ROOM)).toEqual(marks)
  })

  it('go up, and down where the chart ends', () => {
    const same = [
      { x: 5, y: 10 },
      { x: 5, y: 10 },
    ]
    expect(placeMarks(same, ROOM)[1]).toEqual({ x: 5, y: 30 })
    const low = same.map(({ x }) => ({ x, y: 190 }))
    expect(placeMarks(low, ROOM)[1]).toEqual({ x: 5, y: 170 })
  })

  it('never leave the chart, and never cover one another while there is room', () => {
    const mark = fc.record({ x: fc.integer({ min: 0, max: 100 }), y: fc.integer({ min: 0, max: 200 }) })
    fc.assert(
      fc.property(fc.array(mark, { maxLength: 4 }), (marks) => {
        const placed = placeMarks(marks, ROOM)
        for (const [index, one] of placed.entries()) {
          expect(one.x).toBe(marks[index]?.x)
          expect(one.y).toBeGreaterThanOrEqual(0)
          expect(one.y).toBeLessThanOrEqual(200)
          for (const other of placed.slice(0, index)) {
            expect(Math.abs(one.x - other.x) >= 20 || Math.abs(one.y - other.y) >= 20).toBe(true)
          }
        }
      }),
    )
  })
})
