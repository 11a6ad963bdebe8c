import type { AnalyticsQuery, ControlScope, Proposal } from '@preceptor/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createTestClock } from '../testing/test-clock.ts'
import { createTestGovernor, TEST_ACTIONS, type TestGovernor } from '../testing/test-governor.ts'

const SECOND = 1_000
const DAY = 86_400 * SECOND
/** Tuesday, 5 May 2026, 12:00:00 UTC; the day before is the period before. */
const NOON = Date.UTC(2026, 4, 5, 12)
const RANGE = { from: '2026-05-05T12:00:00.000Z', to: '2026-05-07T12:00:00.000Z' }
const clock = createTestClock({ at: NOON - DAY })

let test: TestGovernor
let ana: ControlScope
let asked = 0

beforeAll(async () => {
  const refund = { risk: 'high', args: z.object({ cents: z.int().default(5) }) } as const
  test = await createTestGovernor({
    clock,
    workspaces: ['default', 'other'],
    actions: { ...TEST_ACTIONS, 'refund.create': refund },
  })
  await test.register('bot', 'intern')
  await test.register('free', 'autonomous')
  await test.register('pupil', 'student')
  await test.register('watched', 'supervised')
  for (const [id, displayName] of Object.entries({ ana: 'Ana', ben: 'Ben', sam: 'Sam' })) {
    await test.admin.members.put(id, { displayName, roles: ['supervisor'] })
  }
  ana = test.user('ana', 'supervisor')
  await happen()
})
afterAll(() => test.close())

async function ask(action = 'refund.create', agent = 'bot'): Promise<Proposal> {
  asked += 1
  const decision = await test.agent(agent).decide({ agent, action, args: {}, idempotencyKey: `ask-${asked}` })
  if (decision.route !== 'proposal') throw new Error(`${decision.route}: ${decision.reason}`)
  return test.admin.proposals.get(decision.proposal.id)
}
const shown = ({ version, actionHash }: Proposal) => ({ version, actionHash })
const no = { category: 'other', reason: 'No.' } as const
const attempt = (agent: string, action: string, source?: string) =>
  test.agent(agent, source).decide({ agent, action, args: {} })

/** What there is to be counted. */
async function happen(): Promise<void> {
  const early = [await ask(), await ask()] as const
  clock.advance(100 * SECOND)
  await ana.proposals.approve(early[0].id, shown(early[0]))
  clock.advance(100 * SECOND)
  await ana.proposals.reject(early[1].id, { ...shown(early[1]), ...no })
  clock.advance(NOON - clock.now())
  const [one, two, three, four] = [await ask(), await ask(), await ask(), await ask()] as const
  clock.advance(10 * SECOND)
  await ana.proposals.approve(one.id, shown(one))
  clock.advance(10 * SECOND)
  await ana.proposals.approve(two.id, { ...shown(two), args: { cents: 4 } })
  clock.advance(10 * SECOND)
  await ana.proposals.reject(three.id, { ...shown(three), ...no })
  clock.advance(10 * SECOND)
  await ana.proposals.respond(four.id, { ...shown(four), response: 'By hand.' })
  clock.advance(3_600 * SECOND)
  const taken = await ask('note.write')
  await test.admin.proposals.cancel(taken.id, 'Not needed.')
  await ask()
  for (const action of ['note.write', 'refund.create', 'order.read']) await attempt('free', action)
  await attempt('free', 'note.write', 'data_sync')
  for (const _ of [1, 2]) await attempt('pupil', 'refund.create')
  await attempt('free', 'no.such')
  await attempt('watched', 'refund.create')
  clock.advance(25 * 3_600 * SECOND)
  // Approvals that were not used in time expire as well.
  await test.governor.jobs.run('expire-proposals', {})
  await ask()
}

const analytics = (query: AnalyticsQuery = {}) => ({ ...RANGE, ...query })

describe('the summary', () => {
  it('counts what waits, who decided and how fast, beside the period before [ANL-1]', async () => {
    const summary = await test.admin.analytics.summary(analytics())
    expect(summary).toEqual({
      range: { ...RANGE, bucket: 'hour' },
      waiting: { proposals: 1, trainingProposals: 1, queue: 1 },
      settled: { value: 6, before: 2 },
      decided: { value: 4, before: 2 },
      medianSeconds: { value: 25, before: 150 },
      p95Seconds: { value: 40, before: 200 },
      // Four runs, of which nobody was asked, and six proposals.
      withoutPeople: { value: 4 / 10, before: 0 },
      rejected: { value: 1 / 6, before: 1 / 2 },
      edited: { value: 1 / 6, before: 0 },
      expired: { value: 1 / 6, before: 0 },
    })
  })

  it('is null where there is nothing to divide [ANL-1]', async () => {
    const nothing = await test.admin.analytics.summary({ from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' })
    const none = { value: null, before: null }
    expect(nothing).toMatchObject({ settled: { value: 0, before: 0 }, medianSeconds: none, p95Seconds: none })
    expect(nothing).toMatchObject({ withoutPeople: none, rejected: none, edited: none, expired: none })
  })

  it('is that of one agent, or of one capability [ANL-1]', async () => {
    const bot = await test.admin.analytics.summary(analytics({ agent: 'bot' }))
    expect(bot).toMatchObject({ settled: { value: 6 }, withoutPeople: { value: 0 }, waiting: { queue: 0 } })
    const note = await test.admin.analytics.summary(analytics({ capability: 'note' }))
    expect(note).toMatchObject({ settled: { value: 1 }, decided: { value: 0 }, withoutPeople: { value: 2 / 3 } })
    expect(note.waiting).toEqual({ proposals: 0, trainingProposals: 0, queue: 0 })
  })

  it('tells another workspace nothing, and a service only of its agents [I-34, AUTH-6]', async () => {
    const principal = { kind: 'user', id: 'eve', roles: ['admin'] } as const
    const other = test.governor.as({ workspace: 'other', principal })
    expect(await other.analytics.summary(analytics())).toMatchObject({
      settled: { value: 0, before: 0 },
      waiting: { proposals: 0, trainingProposals: 0, queue: 0 },
      withoutPeople: { value: null },
    })
    const scopes = ['analytics.routing', 'analytics.system']
    const service = { kind: 'service', id: 'sync', roles: [], scopes, agents: ['pupil'] } as const
    const own = test.governor.as({ workspace: 'default', principal: service })
    expect((await own.analytics.routing(analytics())).total).toBe(2)
    expect((await own.analytics.system()).open).toContainEqual(expect.objectContaining({ kind: 'proposal', open: 0 }))
    await expect(own.analytics.summary(analytics())).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    await expect(own.analytics.routing({ agent: 'bot' })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
  })
})

const NOTHING = {
  approved: 0,
  edited: 0,
  rejected: 0,
  responded: 0,
  expired: 0,
  cancelled: 0,
  ran: 0,
  supervised: 0,
  blocked: 0,
}

describe('decisions', () => {
  it('stand in the hour in which they fell, and every hour is there [ANL-1]', async () => {
    const { range, buckets, total } = await test.admin.analytics.decisions(analytics())
    expect(range.bucket).toBe('hour')
    expect(buckets).toHaveLength(48)
    const told = buckets.filter(({ outcomes }) => Object.values(outcomes).some((count) => count > 0))
    const first = { ...NOTHING, approved: 1, edited: 1, rejected: 1, responded: 1 }
    const second = { ...NOTHING, cancelled: 1, ran: 4, blocked: 3, supervised: 1 }
    const last = { ...NOTHING, expired: 1 }
    expect(told).toEqual([
      { at: '2026-05-05T12:00:00.000Z', outcomes: first },
      { at: '2026-05-05T13:00:00.000Z', outcomes: second },
      { at: '2026-05-06T14:00:00.000Z', outcomes: last },
    ])
    expect(total).toEqual({ ...first, ...second, expired: 1, approved: 1, edited: 1, rejected: 1, responded: 1 })
  })

  it('stand in days where there are more than three of them [ANL-1]', async () => {
    const { buckets } = await test.admin.analytics.decisions({ from: '2026-05-03T12:00:00Z', to: RANGE.to })
    expect(buckets.map(({ at, outcomes }) => [at.slice(0, 10), outcomes.rejected, outcomes.expired])).toEqual([
      ['2026-05-03', 0, 0],
      ['2026-05-04', 1, 0],
      ['2026-05-05', 1, 0],
      ['2026-05-06', 0, 1],
      ['2026-05-07', 0, 0],
    ])
  })
})

describe('routing', () => {
  it('counts decisions by route and by source, with their share [ANL-1]', async () => {
    const { total, routes, sources } = await test.admin.analytics.routing(analytics())
    expect(total).toBe(15)
    expect(routes).toEqual([
      { route: 'execution', count: 4, share: 4 / 15 },
      { route: 'supervision', count: 0, share: 0 },
      { route: 'queue', count: 1, share: 1 / 15 },
      { route: 'proposal', count: 7, share: 7 / 15 },
      { route: 'training', count: 2, share: 2 / 15 },
      { route: 'denied', count: 1, share: 1 / 15 },
    ])
    const none = { execution: 0, supervision: 0, queue: 0, proposal: 0, training: 0, denied: 0 }
    expect(sources).toEqual([
      {
        source: 'ai_coordinator',
        count: 14,
        share: 14 / 15,
        routes: { ...none, execution: 3, queue: 1, proposal: 7, training: 2, denied: 1 },
      },
      { source: 'data_sync', count: 1, share: 1 / 15, routes: { ...none, execution: 1 } },
    ])
  })
})

describe('reviewers', () => {
  it('are measured from the first look on, and those who approve without reading are flagged [ANL-4]', async () => {
    const from = new Date(clock.now()).toISOString()
    const ben = test.governor.as({
      workspace: 'default',
      principal: { kind: 'user', id: 'ben', roles: ['supervisor'] },
    })
    const looked = await ask()
    clock.advance(500 * SECOND)
    await ben.view(looked.id, { kind: 'viewer.joined', place: 'here' })
    clock.advance(10 * SECOND)
    await ben.proposals.approve(looked.id, shown(looked))
    const noted = await ask()
    clock.advance(500 * SECOND)
    await ben.proposals.acknowledge(noted.id)
    clock.advance(4 * SECOND)
    await ben.proposals.approve(noted.id, { ...shown(noted), args: { cents: 1 } })
    for (let index = 0; index < 17; index += 1) {
      const one = await ask()
      clock.advance(SECOND)
      await ben.proposals.approve(one.id, shown(one))
    }
    const to = () => new Date(clock.now() + SECOND).toISOString()
    const unflagged = await test.admin.analytics.reviewers({ from, to: to() })
    expect(unflagged.reviewers).toMatchObject([{ reviewer: 'user:ben', decisions: 19, isFlagged: false }])
    const last = await ask()
    clock.advance(2 * SECOND)
    await ben.proposals.reject(last.id, { ...shown(last), ...no })
    const { reviewers } = await test.admin.analytics.reviewers({ from, to: to() })
    expect(reviewers).toEqual([
      {
        reviewer: 'user:ben',
        kind: 'person',
        displayName: 'Ben',
        decisions: 20,
        approved: 18,
        edited: 1,
        rejected: 1,
        responded: 0,
        medianSeconds: 1,
        fastShare: 18 / 20,
        editedShare: 1 / 20,
        rejectedShare: 1 / 20,
        rubberStamp: 17 / 19,
        isFlagged: true,
      },
    ])
  })

  it('are told of with what they decided, the busiest first [ANL-4]', async () => {
    const { reviewers } = await test.admin.analytics.reviewers(analytics())
    expect(reviewers.map(({ reviewer, decisions, medianSeconds }) => [reviewer, decisions, medianSeconds])).toEqual([
      ['user:ben', 20, 1],
      // The edit is measured from the version that was there to be read.
      ['user:ana', 4, 25],
    ])
  })
})

describe('supervision', () => {
  it('counts sessions, interventions, ratings and what waited [ANL-6]', async () => {
    const from = new Date(clock.now()).toISOString()
    const sam = test.user('sam', 'supervisor')
    await sam.presence.heartbeat()
    const session = async (run: string): Promise<string> => {
      const decision = await test.agent('watched').decide({ agent: 'watched', action: 'refund.create', args: {}, run })
      if (decision.route !== 'supervision') throw new Error(decision.route)
      await sam.sessions.attach(decision.session.id)
      return decision.session.id
    }
    const rated = await session('one')
    await sam.sessions.intervene(rated, { type: 'correct', guidance: 'Mind the sum.' })
    await sam.sessions.complete(rated, { rating: 4 })
    const ended = await session('two')
    await sam.sessions.intervene(ended, { type: 'terminate', reason: 'Wrong.' })
    await sam.presence.override('sam', { state: 'offline' })
    clock.advance(60 * SECOND)
    const to = new Date(clock.now()).toISOString()
    expect(await test.admin.analytics.supervision({ from, to })).toEqual({
      range: { from, to, bucket: 'hour' },
      sessions: { completed: 1, terminated: 1, failed: 0 },
      interventions: { pause: 0, resume: 0, correct: 1, terminate: 1, object: 0 },
      rated: 1,
      meanRating: 4,
      queue: { waited: 0, expired: 0, medianWaitSeconds: null },
    })
    // Two people-watched sessions came to their end, and nothing else.
    expect(await test.admin.analytics.summary({ from, to, agent: 'watched' })).toMatchObject({
      withoutPeople: { value: 0 },
    })
    const { queue } = await test.admin.analytics.supervision(analytics())
    expect(queue).toEqual({ waited: 1, expired: 0, medianWaitSeconds: null })
  })
})

describe('the system', () => {
  it('tells what is open, since when, and what lags behind [ANL-6]', async () => {
    const system = await test.admin.analytics.system()
    expect(system.at).toBe(new Date(clock.now()).toISOString())
    expect(system.open.map(({ kind, open }) => [kind, open])).toEqual([
      ['proposal', 1],
      ['training_proposal', 1],
      ['training_session', 0],
      ['supervision_session', 0],
      ['queue_entry', 1],
      ['alert', 0],
    ])
    expect(system.open.find(({ kind }) => kind === 'queue_entry')?.oldestAt).toBe('2026-05-05T13:00:40.000Z')
    expect(system.deliveries).toEqual({ pending: 0, sending: 0, delivered: 0, failed: 0, cancelled: 0 })
    expect(system.supervisorsOnline).toBe(0)
    const { items } = await test.admin.journal.list({ limit: 100 })
    expect(items.length).toBeGreaterThan(0)
    await expect
      .poll(async () => (await test.admin.analytics.system()).journal)
      .toEqual({ unsealed: 0, oldestAt: null })
  })
})
