import { describe, expect, it } from 'vitest'
import { days, directionOf, percent, plain, seconds } from './numbers.ts'

describe('numbers of analytics', () => {
  it.each([
    [percent(0.8349), '83 %'],
    [percent(0.0444), '4.4 %'],
    [percent(0), '0 %'],
    [percent(1), '100 %'],
    [percent(null), '—'],
    [seconds(2.345), '2.3 s'],
    [seconds(41), '41 s'],
    [seconds(1_080), '18 min'],
    [seconds(null), '—'],
    [days(6.84), '6.8 d'],
    [days(21.4), '21 d'],
    [days(null), '—'],
    [plain(0.1499), '0.15'],
  ])('%s is %s', (text, expected) => {
    expect(text).toBe(expected)
  })

  it('stand to those before', () => {
    expect([
      directionOf(2, 1),
      directionOf(1, 2),
      directionOf(1, 1),
      directionOf(null, 1),
      directionOf(1, null),
    ]).toEqual(['up', 'down', 'same', 'new', 'new'])
  })
})
