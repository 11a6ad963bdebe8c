import type { SessionEvent, SupervisionSession } from '@preceptor/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { heard, NO_FEED } from './session-feed.ts'
import { standingOf, type Viewpoint } from './standing.ts'

const NOW = Date.parse('2026-01-02T03:04:05.000Z')
const at = new Date(NOW).toISOString()
const later = new Date(NOW + 20_000).toISOString()

describe('what is heard of a session', () => {
  const event = (sequence: number, kind: string, body: SessionEvent['body']): SessionEvent => ({
    sequence,
    kind,
    body,
    at,
  })

  it('is the sum of its events', () => {
    const feed = heard(NO_FEED, [
      event(1, 'log', { level: 'warn', message: 'Mind.' }),
      event(2, 'progress', { step: 's1', value: 0.25, message: 'a' }),
      event(3, 'progress', { step: 's2', value: 7 }),
      event(4, 'output', { step: 's1', text: '[1]' }),
      event(5, 'step.ended', { step: 's1', end: 'failed' }),
    ])
    expect(feed).toMatchObject({
      last: 5,
      warnings: 1,
      errors: 0,
      outputs: ['[1]'],
      progress: { value: 1, message: '' },
    })
    expect(feed.progressOf.get('s1')).toEqual({ value: 0.25, message: 'a' })
    expect(feed.endOf.get('s1')).toBe('failed')
    expect(feed.lines).toHaveLength(5)
  })

  it('has each event once and in order, however often parts of it come again', () => {
    const all = Array.from({ length: 30 }, (_, index) =>
      event(index + 1, 'log', { level: 'info', message: `${index}` }),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(30), fc.nat(30))), (parts) => {
        let feed = NO_FEED
        for (const [from, to] of parts) if (from <= feed.last) feed = heard(feed, all.slice(from, to))
        feed = heard(feed, all)
        expect(feed.lines.map(({ sequence }) => sequence)).toEqual(all.map(({ sequence }) => sequence))
      }),
    )
  })
})

describe('how a session stands', () => {
  const session: SupervisionSession = {
    id: 'ses_1',
    agent: 'bot',
    run: 'run-1',
    decisionId: 'dec_1',
    action: 'refund.create',
    state: 'running',
    supervisorId: 'ana',
    supervisorLeaseExpiresAt: later,
    handedTo: null,
    pausedBy: null,
    rating: null,
    feedback: null,
    ratedBy: null,
    createdAt: at,
    startedAt: at,
    endedAt: null,
    endReason: null,
  }
  const ana: Viewpoint = { userId: 'ana', supervises: true, administers: false, now: NOW }
  const ben: Viewpoint = { ...ana, userId: 'ben' }
  const ada: Viewpoint = { ...ana, userId: 'ada', administers: true }
  const vic: Viewpoint = { ...ana, userId: 'vic', supervises: false }
  const may = (change: Partial<SupervisionSession>, who: Viewpoint) =>
    [...standingOf({ ...session, ...change }, who).may].sort()

  it.each<[string, Partial<SupervisionSession>, Viewpoint, readonly string[]]>([
    ['who holds it', {}, ana, ['correct', 'handOver', 'object', 'pause', 'rate', 'stopAgent', 'terminate']],
    [
      'who holds it while it pauses',
      { state: 'pausing' },
      ana,
      ['correct', 'handOver', 'object', 'rate', 'resume', 'stopAgent', 'terminate'],
    ],
    ['another supervisor', {}, ben, ['stopAgent']],
    ['another to whom it was handed', { handedTo: 'ben' }, ben, ['attach', 'stopAgent']],
    ['another, under an agent', { supervisorId: 'agent:audit-bot' }, ben, ['stopAgent', 'takeOver']],
    ['an administrator', {}, ada, ['correct', 'object', 'pause', 'stopAgent', 'takeOver', 'terminate']],
    ['anybody after the lease', { supervisorLeaseExpiresAt: at }, ben, ['attach', 'stopAgent']],
    [
      'anybody before the first step',
      { supervisorId: null, supervisorLeaseExpiresAt: null, state: 'starting' },
      ben,
      ['attach', 'stopAgent'],
    ],
    ['a supervisor once it was completed', { state: 'completed', endedAt: at }, ben, ['rate', 'stopAgent']],
    ['a supervisor once it was rated', { state: 'completed', endedAt: at, rating: 3 }, ana, ['stopAgent']],
    ['a supervisor once it was terminated', { state: 'terminated', endedAt: at }, ana, ['stopAgent']],
    ['a viewer', {}, vic, []],
  ])('lets %s do what the server would', (_, change, who, acts) => {
    expect(may(change, who)).toEqual(acts)
  })

  it('is held by nobody once it is over or the lease has lapsed', () => {
    expect(standingOf(session, ana)).toMatchObject({ isHeld: true, isMine: true, isOver: false })
    expect(standingOf({ ...session, state: 'terminated' }, ana)).toMatchObject({
      isHeld: false,
      isMine: false,
      isOver: true,
    })
    expect(standingOf(session, { ...ana, now: NOW + 60_000 })).toMatchObject({ isHeld: false, isMine: false })
  })
})
