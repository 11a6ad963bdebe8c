import { describe, expect, it } from 'vitest'
import { numbersOf, wholeWithin } from './alert-numbers.ts'

describe('the numbers of a rule', () => {
  it.each([
    ['3', 3],
    [' 90 ', 90],
    ['2', undefined],
    ['91', undefined],
    ['3.5', undefined],
    ['-3', undefined],
    ['1e1', undefined],
    ['', undefined],
  ])('%j is %j [ALERT-2]', (text, value) => {
    expect(wholeWithin({ min: 3, max: 90 }, text)).toBe(value)
  })

  it('are all there, or none [ALERT-2]', () => {
    const thresholds = [
      { name: 'hours', min: 1, max: 24 },
      { name: 'minutes', min: 1, max: 240 },
    ]
    expect(numbersOf(thresholds, { hours: '2', minutes: '10' })).toEqual({ hours: 2, minutes: 10 })
    expect(numbersOf(thresholds, { hours: '2' })).toBeUndefined()
  })
})
