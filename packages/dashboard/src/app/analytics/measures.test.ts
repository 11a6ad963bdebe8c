import { describe, expect, it } from 'vitest'
import { csvOf, measuresOf } from './measures.ts'

describe('the export of analytics', () => {
  it('has each number in a row, with its time and whose it is', () => {
    const data = {
      total: 3,
      buckets: [{ at: '2026-11-22T00:00:00Z', outcomes: { approved: 2, rejected: 0 } }],
      reviewers: [{ reviewer: 'user:ana', displayName: 'Ana', decisions: 4, rubberStamp: null, isFlagged: false }],
    }
    expect(measuresOf('x', data)).toEqual([
      { measure: 'x.total', at: '', of: '', value: 3 },
      { measure: 'x.buckets.outcomes.approved', at: '2026-11-22T00:00:00Z', of: '', value: 2 },
      { measure: 'x.buckets.outcomes.rejected', at: '2026-11-22T00:00:00Z', of: '', value: 0 },
      { measure: 'x.reviewers.decisions', at: '', of: 'user:ana Ana', value: 4 },
      { measure: 'x.reviewers.isFlagged', at: '', of: 'user:ana Ana', value: false },
    ])
  })

  it('runs nothing in a spreadsheet, and keeps numbers as they are', () => {
    const of = '=cmd|"/c calc"!A1'
    const csv = csvOf([
      { measure: 'a', at: '', of, value: -1.5 },
      { measure: 'b', at: '', of: '+x, "y"\nz', value: 2 },
    ])
    expect(csv).toBe('measure,at,of,value\r\na,,"\'=cmd|""/c calc""!A1",-1.5\r\nb,,"\'+x, ""y""\nz",2\r\n')
  })
})
