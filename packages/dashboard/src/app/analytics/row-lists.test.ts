import { expect, it } from 'vitest'
import { readAuditSearch } from '../audit/audit-search.ts'
import { journalRows } from './row-lists.ts'

it('a number leads to the rows of the journal since the day on which its range begins', () => {
  const range = { from: new Date(2026, 2, 5, 23, 59).toISOString() }
  const { to, search } = journalRows({ range, agent: 'a', kind: 'proposal.edited', actor: 'user:ana' })
  expect([to, search]).toEqual([
    '/audit',
    { kind: 'proposal.edited', actor: 'user:ana', agent: 'a', from: '2026-03-05' },
  ])
  // The page of the journal takes all of it.
  expect(readAuditSearch(search)).toEqual(search)
  expect(journalRows({ range, agent: undefined }).search).toEqual({ from: '2026-03-05' })
})
