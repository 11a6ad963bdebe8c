import type { JournalEntry } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { readAuditSearch } from './audit-search.ts'
import { readMatching, rowFilterOf, rowMatches } from './matching-rows.ts'

const row = (index: number, actor: string | null = 'user:ana'): JournalEntry => ({
  id: `jrn_${index}`,
  sequence: index,
  kind: 'stop.set',
  subjectId: 'stp_1',
  agent: null,
  body: actor === null ? {} : { actor },
  recordedAt: new Date(2026, 10, 20, 0, 0, index).toISOString(),
  hash: null,
})

/** A journal of so many rows, newest first, in pages of ten; the cursor is the number of the next row. */
const journal = (count: number) => {
  const asked: (string | undefined)[] = []
  const read = async (cursor: string | undefined) => {
    asked.push(cursor)
    const first = cursor === undefined ? count : Number(cursor)
    const items = Array.from({ length: Math.min(10, first) }, (_, index) => row(first - index))
    return { items, next: first > 10 ? String(first - 10) : null }
  }
  return { read, asked }
}

const ALL = rowFilterOf({})

describe('rows that match', () => {
  it('are those of the days, in the zone of the reader, the last one included', () => {
    const filter = rowFilterOf({ from: '2026-11-20', to: '2026-11-20' })
    const at = (date: Date): JournalEntry => ({ ...row(1), recordedAt: date.toISOString() })
    expect(rowMatches(at(new Date(2026, 10, 19, 23, 59, 59)), filter)).toBe(false)
    expect(rowMatches(at(new Date(2026, 10, 20)), filter)).toBe(true)
    expect(rowMatches(at(new Date(2026, 10, 20, 23, 59, 59)), filter)).toBe(true)
    expect(rowMatches(at(new Date(2026, 10, 21)), filter)).toBe(false)
  })

  it('are those of the actor, with or without its kind', () => {
    expect(rowMatches(row(1), { ...ALL, actor: 'user:ana' })).toBe(true)
    expect(rowMatches(row(1), { ...ALL, actor: 'ana' })).toBe(true)
    expect(rowMatches(row(1), { ...ALL, actor: 'an' })).toBe(false)
    expect(rowMatches(row(1, null), { ...ALL, actor: 'ana' })).toBe(false)
  })

  it('are read until they fill a page, and no further', async () => {
    const { read, asked } = journal(100)
    const page = await readMatching(read, { filter: ALL, cursor: undefined, enough: 15 })
    expect([page.items.length, page.looked, page.next, asked.length]).toEqual([20, 20, '80', 2])
  })

  it('are not looked for among rows that are older than asked for', async () => {
    const { read, asked } = journal(100)
    const filter = { ...ALL, from: Date.parse(row(95).recordedAt) }
    const page = await readMatching(read, { filter, cursor: undefined, enough: 50 })
    expect([page.items.length, page.next, asked.length]).toEqual([6, null, 1])
  })

  it('are looked for piece by piece where they are rare', async () => {
    const { read, asked } = journal(1_000)
    const page = await readMatching(read, { filter: { ...ALL, actor: 'nobody' }, cursor: undefined, enough: 50 })
    expect([page.items.length, page.looked, page.next, asked.length]).toEqual([0, 200, '800', 20])
  })
})

describe('the address of the journal', () => {
  it('says what it can mean, and nothing else', () => {
    const all = {
      kind: 'stop.set',
      actor: 'user:ana',
      subject: 'stp_1',
      agent: 'a',
      from: '2026-11-01',
      to: '2026-11-02',
    }
    expect(readAuditSearch(all)).toEqual(all)
    expect(readAuditSearch({ kind: 'x', actor: '', subject: 'a b', from: 'today', to: 5 })).toEqual({})
  })
})
