import { describe, expect, it } from 'vitest'
import { nextPoint } from './use-points.ts'

describe('going through the points of a chart', () => {
  it.each([
    ['ArrowRight', 1, 2],
    ['ArrowRight', 4, 4],
    ['ArrowLeft', 0, 0],
    ['ArrowLeft', 3, 2],
    ['Home', 3, 0],
    ['End', 0, 4],
    ['Enter', 2, undefined],
  ])('%s from %d leads to %s', (key, from, to) => {
    expect(nextPoint(key, from, 5)).toBe(to)
  })
})
