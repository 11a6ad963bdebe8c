import type { ConfidenceEntry, MaturityTransition } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { causeOf, groupMarks, journeyOf, sumByCause } from './journey-model.ts'

const DAY = 86_400_000
const NOW = Date.parse('2026-06-01T12:00:00.000Z')
const daysAgo = (days: number): string => new Date(NOW - days * DAY).toISOString()

let made = 0
const entry = (days: number, kind: string, more: Partial<ConfidenceEntry> = {}): ConfidenceEntry => {
  made += 1
  return {
    id: `cfe_${made}`,
    agent: 'bot',
    capability: '*',
    kind,
    requested: 200,
    applied: 200,
    confidence: 5_000,
    sourceType: kind,
    sourceId: `src_${made}`,
    actor: 'user:ana',
    reason: '',
    createdAt: daysAgo(days),
    ...more,
  }
}

const change = (days: number, from: 'student' | 'intern', to: 'student' | 'intern'): MaturityTransition => ({
  id: `mtr_${days}`,
  agent: 'bot',
  capability: '*',
  from,
  to,
  cause: 'evidence',
  actor: 'user:ana',
  reason: '',
  createdAt: daysAgo(days),
})

describe('a journey', () => {
  const ledger = [
    entry(1, 'proposal', { requested: 50, confidence: 5_250 }),
    entry(2, 'proposal', { requested: -200, applied: -200, confidence: 5_200 }),
    entry(40, 'training', { confidence: 5_400, applied: 2_400 }),
    entry(60, 'registration', { confidence: 3_000, applied: 3_000 }),
  ]
  const transitions = [
    change(20, 'intern', 'student'),
    change(40, 'student', 'intern'),
    change(10, 'student', 'intern'),
  ]

  it('begins within the range with what stood before it', () => {
    const journey = journeyOf({ ledger, transitions, maturity: 'intern', now: NOW, days: 30 })
    expect(journey.to - journey.from).toBe(30 * DAY)
    expect(journey.confidence[0]).toEqual({ at: journey.from, value: 5_400 })
    expect(journey.confidence.at(-1)).toEqual({ at: NOW, value: 5_250 })
    expect(journey.levels.map(({ maturity }) => maturity)).toEqual(['intern', 'student', 'intern'])
    expect(journey.marks.map(({ kind }) => kind)).toEqual(['demotion', 'promotion', 'rejection', 'edit'])
    expect(journey.marks[0]).toMatchObject({ value: 5_400, to: 'student', source: null })
  })

  it('begins with the agent where that is younger than the range', () => {
    const journey = journeyOf({ ledger, transitions, maturity: 'intern', now: NOW, days: 365 })
    expect(journey.from).toBe(NOW - 60 * DAY)
    expect(journey.levels[0]).toEqual({ at: journey.from, maturity: 'student' })
    expect(journey.marks.map(({ kind }) => kind)[0]).toBe('training')
    expect(journey.daily).toHaveLength(4)
  })

  it('of an agent without a ledger is the present level', () => {
    const journey = journeyOf({ ledger: [], transitions: [], maturity: 'supervised', now: NOW, days: 90 })
    expect(journey).toMatchObject({ confidence: [], marks: [], levels: [{ maturity: 'supervised' }] })
  })

  it('sums where the score comes from', () => {
    const sums = sumByCause([...ledger, entry(3, 'moon', { applied: 7 })])
    expect(sums.map(({ cause, sum }) => [cause, sum])).toEqual([
      ['registration', 3_000],
      ['training', 2_400],
      ['edit', 200],
      ['rejection', -200],
      [null, 7],
    ])
    expect(causeOf({ kind: 'proposal', requested: 100 })).toBe('approval')
    expect(causeOf({ kind: 'proposal', requested: 25 })).toBe('edit')
    expect(causeOf({ kind: 'proposal', requested: 0 })).toBe('failure')
  })

  it('puts marks together that nobody could tell apart, by kind', () => {
    const { marks } = journeyOf({
      ledger: [entry(3, 'training'), entry(2.9, 'training'), entry(2.95, 'incident'), entry(1, 'training')],
      transitions: [],
      maturity: 'intern',
      now: NOW,
      days: 30,
    })
    const groups = groupMarks(marks, DAY)
    expect(groups.map(({ mark, count }) => [mark.kind, count])).toEqual([
      ['incident', 1],
      ['training', 2],
      ['training', 1],
    ])
  })
})
