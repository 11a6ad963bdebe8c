import { describe, expect, it } from 'vitest'
import { EVENT_KINDS } from '../journal/event-kinds.ts'
import { createIds } from '../kernel/ids.ts'
import { countEvent } from './count-event.ts'
import { createMeter, type Meter } from './meter.ts'
import { COUNTERS, type CounterName } from './metric-families.ts'

const AT = Date.parse('2026-03-01T12:00:00Z')

/** What is counted of some events. */
function counted(...events: readonly Partial<Parameters<typeof countEvent>[1]>[]): Meter {
  const meter = createMeter()
  for (const event of events) {
    countEvent(meter.of('default'), { kind: 'decision.made', subject: 'x', body: {}, recordedAt: AT, ...event })
  }
  return meter
}

describe('an event that is committed', () => {
  it('of a learning session is counted by its mode and its end, with the points that it gained [OBS-2]', () => {
    const meter = counted(
      { kind: 'learning_session.completed', body: { mode: 'batch', improvement: 4.2 } },
      { kind: 'learning_session.completed', body: { mode: 'batch', improvement: -3 } },
      { kind: 'learning_session.completed', body: { mode: 'adaptive', improvement: null } },
      { kind: 'learning_session.failed', body: { mode: 'batch', failure: 'No answer.' } },
    )
    expect(meter.samples('learningSessions', '*')).toEqual([
      { labels: { type: 'batch', outcome: 'completed' }, value: 2 },
      { labels: { type: 'batch', outcome: 'failed' }, value: 1 },
      { labels: { type: 'adaptive', outcome: 'completed' }, value: 1 },
    ])
    const { counts, sum } = meter.distribution('improvement', '*')
    expect(counts).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 2])
    expect(sum).toBeCloseTo(1.2)
  })

  it('that decides a proposal says how long it waited: its id holds the time [OBS-2]', () => {
    const subject = createIds({ clock: { now: () => AT - 90_000 } }).next('prp')
    const meter = counted(
      { kind: 'proposal.approved', subject, body: { actor: 'agent:lead' } },
      { kind: 'proposal.responded', subject, body: { actor: 'user:ana', via: 'slack' } },
      { kind: 'proposal.rejected', subject, body: { actor: 'user:ana', via: 'a name that somebody made up' } },
    )
    expect(meter.samples('proposalDecisions', '*')).toEqual([
      { labels: { outcome: 'approved', channel: 'reviewer' }, value: 1 },
      { labels: { outcome: 'responded', channel: 'slack' }, value: 1 },
      { labels: { outcome: 'rejected', channel: 'host' }, value: 1 },
    ])
    expect(meter.samples('reviews', '*')).toEqual([
      { labels: { verdict: 'respond', by: 'person' }, value: 1 },
      { labels: { verdict: 'reject', by: 'person' }, value: 1 },
    ])
    expect(meter.distribution('proposalWait', '*')).toMatchObject({ sum: 270 })
  })

  it('of any kind, with nothing in it, does not stop what committed it [OBS-1]', () => {
    const meter = counted(...[...EVENT_KINDS.keys()].map((kind) => ({ kind })))
    const names = Object.keys(COUNTERS) as CounterName[]
    for (const name of names) expect(meter.samples(name, 'elsewhere').filter(({ value }) => value > 0)).toEqual([])
  })
})
