import type { JournalEntry } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { readAuditSearch } from './audit-search.ts'
import { journalQueryOf, rowMatches } from './matching-rows.ts'

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

describe('rows that match', () => {
  it('are those of the days, in the zone of the reader, the last one included', () => {
    const filter = journalQueryOf({ from: '2026-11-20', to: '2026-11-20' })
    const at = (date: Date): JournalEntry => ({ ...row(1), recordedAt: date.toISOString() })
    expect(rowMatches(at(new Date(2026, 10, 19, 23, 59, 59)), filter)).toBe(false)
    expect(rowMatches(at(new Date(2026, 10, 20)), filter)).toBe(true)
    expect(rowMatches(at(new Date(2026, 10, 20, 23, 59, 59)), filter)).toBe(true)
    expect(rowMatches(at(new Date(2026, 10, 21)), filter)).toBe(false)
  })

  it('are those of the actor, with or without its kind', () => {
    expect(rowMatches(row(1), { actor: 'user:ana' })).toBe(true)
    expect(rowMatches(row(1), { actor: 'ana' })).toBe(true)
    expect(rowMatches(row(1), { actor: 'an' })).toBe(false)
    expect(rowMatches(row(1, null), { actor: 'ana' })).toBe(false)
  })

  it('are those of the kind, the agent and what it is about', () => {
    expect(rowMatches(row(1), { kind: 'stop.set', subject: 'stp_1' })).toBe(true)
    expect(rowMatches(row(1), { kind: 'stop.lifted' })).toBe(false)
    expect(rowMatches(row(1), { subject: 'stp_2' })).toBe(false)
    expect(rowMatches(row(1), { agent: 'a' })).toBe(false)
  })

  it('are asked for as the address says', () => {
    const search = { kind: 'stop.set', actor: 'ana', from: '2026-11-20', to: '2026-11-21' }
    const query = { from: new Date(2026, 10, 20).toISOString(), to: new Date(2026, 10, 22).toISOString() }
    expect(journalQueryOf(search)).toEqual({ kind: 'stop.set', actor: 'ana', ...query })
    expect(journalQueryOf({})).toEqual({})
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
