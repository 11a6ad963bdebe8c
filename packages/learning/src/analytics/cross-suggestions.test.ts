import { describe, expect, it } from 'vitest'
import { crossSuggestions, type TagResult } from './cross-suggestions.ts'

const result = (values: Partial<TagResult> = {}): TagResult => ({
  agentType: 'ops',
  tag: 'dates',
  improvement: 12,
  sessions: 3,
  examples: ['exm_1'],
  ...values,
})
const suggest = (...results: TagResult[]) =>
  crossSuggestions({ agentType: 'qa', corrected: ['dates', 'tone'], results })

describe('what helped another type', () => {
  it('is suggested with how far, how often and by which examples', () => {
    expect(suggest(result())).toEqual([
      { from: 'ops', tag: 'dates', improvement: 12, sessions: 3, examples: ['exm_1'] },
    ])
  })

  it.each([
    ['that is this one', { agentType: 'qa' }],
    ['in what nobody corrects here', { tag: 'prices' }],
    ['in two sessions only', { sessions: 2 }],
    ['by less than five points', { improvement: 4.9 }],
  ])('is not suggested of a type %s', (_, values) => {
    expect(suggest(result(values))).toEqual([])
  })

  it('comes the greatest improvement first, once for each matter', () => {
    const better = result({ agentType: 'research', improvement: 30 })
    const other = result({ tag: 'tone', improvement: 20 })
    expect(suggest(result(), other, better).map(({ from, tag }) => [from, tag])).toEqual([
      ['research', 'dates'],
      ['ops', 'tone'],
    ])
  })
})
