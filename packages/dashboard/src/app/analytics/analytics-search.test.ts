import { describe, expect, it } from 'vitest'
import { queryOf, readAnalyticsSearch } from './analytics-search.ts'

describe('the address of analytics', () => {
  it('says what it can mean, and leaves out what is the default', () => {
    expect(readAnalyticsSearch({ range: '7d', agent: 'billing-bot' })).toEqual({ range: '7d', agent: 'billing-bot' })
    expect(readAnalyticsSearch({ range: '30d', agent: '<b>' })).toEqual({})
    expect(readAnalyticsSearch({ range: '8d', agent: 4 })).toEqual({})
  })

  it('becomes the beginning of the range by the clock of the server', () => {
    const now = Date.parse('2026-11-22T12:00:00Z')
    expect(queryOf({}, now)).toEqual({ from: '2026-10-23T12:00:00.000Z' })
    expect(queryOf({ range: '1d', agent: 'a' }, now)).toEqual({ from: '2026-11-21T12:00:00.000Z', agent: 'a' })
  })
})
