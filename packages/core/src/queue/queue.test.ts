import type { ControlScope, GuardCall, JsonObject, QueueEntry, SupervisionSession } from '@preceptor/client'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestClock, type TestClock } from '../testing/test-clock.ts'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

const HOUR = 3_600_000

let clock: TestClock
let test: TestGovernor
let ran: JsonObject[] = []
let execute: (call: GuardCall) => unknown = () => 'done'
let keys = 0

beforeAll(async () => {
  clock = createTestClock()
  const run = (call: GuardCall): unknown => {
    ran.push(call.args)
    return execute(call)
  }
  test = await createTestGovernor({
    clock,
    actions: {
      'refund.create': { risk: 'high', execute: run },
      'refund.retry': { risk: 'high', idempotent: true, execute: run },
      'note.write': { risk: 'medium', execute: run },
      'letter.send': { risk: 'high' },
    },
    settings: { attachWithinMs: 10_000 },
  })
  await test.register('watched', 'supervised')
  for (const user of ['sam', 'kim']) await test.admin.members.put(user, { displayName: user, roles: ['supervisor'] })
})
afterAll(() => test.close())
beforeEach(async () => {
  ran = []
  execute = () => 'done'
  // Everybody has gone home, and whatever waited has expired.
  clock.advance(25 * HOUR)
  await test.admin.queue.expire()
})

const person = (id: string): ControlScope => test.user(id, 'supervisor')
const comesOnline = (id: string) => person(id).presence.heartbeat()
const entryOf = (id: string): Promise<QueueEntry> => test.admin.queue.get(id)

async function enqueue(asked: { readonly action?: string; readonly agent?: string; readonly type?: string } = {}) {
  keys += 1
  const { action = 'refund.create', agent = 'watched', ...rest } = asked
  const trigger = { agent, action, args: { cents: keys }, idempotencyKey: `key-${keys}`, ...rest }
  const decision = await test.agent(agent).decide(trigger)
  if (decision.route !== 'queue') throw new Error(`${decision.route}: ${decision.reason}`)
  return { id: decision.queueEntry.id, trigger }
}

async function turn(limit = 10): Promise<number> {
  const { runs } = await test.governor.jobs.runQueue(limit)
  await Promise.all(runs)
  return runs.length
}

const starting = async (): Promise<readonly SupervisionSession[]> =>
  (await test.admin.sessions.list({ state: 'starting', limit: 100 })).items

/** A supervisor attaches to the session of an entry, and a worker takes its turn. */
async function watch(id: string, by = 'sam'): Promise<void> {
  await turn()
  const { sessionId } = await entryOf(id)
  await person(by).sessions.attach(sessionId ?? '')
  await turn()
}

async function kindsOf(id: string): Promise<readonly string[]> {
  const { items } = await test.admin.journal.list({ subject: id, limit: 100 })
  return items.map(({ kind }) => kind).toReversed()
}

describe('a queued run with an executor', () => {
  it('waits for a supervisor, asks the one who comes online, and runs once somebody attached [SUP-2, I-17]', async () => {
    const { id, trigger } = await enqueue()
    expect(await turn()).toBe(0)
    expect(await entryOf(id)).toMatchObject({ state: 'pending', executor: 'registered', sessionId: null, attempt: 0 })
    await comesOnline('sam')
    await turn()
    const offered = await entryOf(id)
    expect(offered).toMatchObject({ state: 'pending', offeredTo: 'sam', sessionId: expect.any(String) })
    expect(await turn()).toBe(0)
    expect(ran).toEqual([])
    const { items } = await test.admin.journal.list({ subject: offered.sessionId ?? '' })
    expect(items).toMatchObject([
      { kind: 'supervision_session.started', body: { queueEntry: id, supervisors: ['sam'] } },
    ])
    await person('sam').sessions.attach(offered.sessionId ?? '')
    expect(await turn()).toBe(1)
    expect(ran).toEqual([trigger.args])
    expect(await entryOf(id)).toMatchObject({
      state: 'completed',
      attempt: 1,
      outcome: 'succeeded',
      offeredTo: null,
      executionId: expect.any(String),
      settledAt: expect.any(String),
    })
    expect(await test.admin.sessions.get(offered.sessionId ?? '')).toMatchObject({
      state: 'completed',
      supervisorId: 'sam',
    })
    expect(await kindsOf(id)).toEqual(['queue_entry.created', 'queue_entry.started', 'queue_entry.completed'])
    expect(await turn()).toBe(0)
    expect(await test.agent('watched').guard(trigger, () => 'again')).toMatchObject({
      status: 'replayed',
      outcome: { value: 'done' },
    })
    expect(ran).toHaveLength(1)
  })

  it('is offered by priority, then by age, to as many as each can watch [SUP-2]', async () => {
    const low = await enqueue({ action: 'note.write', type: 'agent_message' })
    const high = []
    for (let count = 0; count < 6; count += 1) high.push(await enqueue())
    await comesOnline('sam')
    await turn()
    expect(await starting()).toHaveLength(5)
    const offered = await Promise.all(high.map(async ({ id }) => (await entryOf(id)).offeredTo))
    expect(offered).toEqual(['sam', 'sam', 'sam', 'sam', 'sam', null])
    await comesOnline('kim')
    await turn()
    expect((await entryOf(high[5]?.id ?? '')).offeredTo).toBe('kim')
    expect((await entryOf(low.id)).offeredTo).toBe('kim')
    for (const { id } of [...high, low]) await test.admin.queue.cancel(id, 'a test')
  })

  it('is offered again after nobody attached in time, not at once, and the attempt does not count [SUP-2]', async () => {
    const { id } = await enqueue()
    await comesOnline('sam')
    await turn()
    const { sessionId } = await entryOf(id)
    clock.advance(11_000)
    await turn()
    expect(await entryOf(id)).toMatchObject({ state: 'pending', sessionId: null, offeredTo: null, attempt: 0 })
    expect(await test.admin.sessions.get(sessionId ?? '')).toMatchObject({ state: 'failed' })
    expect((await entryOf(id)).reason).toContain('Nobody watched')
    await turn()
    expect((await entryOf(id)).sessionId).toBeNull()
    clock.advance(31_000)
    await turn()
    const again = await entryOf(id)
    expect(again).toMatchObject({ offeredTo: 'sam', reason: null })
    expect(again.sessionId).not.toBe(sessionId)
    await test.admin.queue.cancel(id, 'a test')
  })

  it('is not for the owner of the agent to watch [ROUTE-13]', async () => {
    await test.admin.agents.register({ id: 'owned', maturity: 'supervised', ownerId: 'sam' })
    const { id } = await enqueue({ agent: 'owned' })
    await comesOnline('sam')
    await turn()
    expect((await entryOf(id)).sessionId).toBeNull()
    await comesOnline('kim')
    await turn()
    expect((await entryOf(id)).offeredTo).toBe('kim')
    await test.admin.queue.cancel(id, 'a test')
  })

  it('never runs once it has expired, however well it is watched [I-20, SUP-2]', async () => {
    const { id, trigger } = await enqueue()
    clock.advance(24 * HOUR - 10_000)
    await comesOnline('sam')
    await turn()
    await person('sam').sessions.attach((await entryOf(id)).sessionId ?? '')
    clock.advance(11_000)
    expect(await turn()).toBe(0)
    await test.admin.queue.expire()
    expect(await entryOf(id)).toMatchObject({ state: 'expired' })
    const { items } = await test.admin.sessions.list({ agent: 'watched', state: 'active' })
    expect(items).toEqual([])
    expect(await test.agent('watched').guard(trigger, () => 'late')).toMatchObject({
      decision: { route: 'denied', code: 'QUEUE_ENTRY_EXPIRED' },
    })
    expect(ran).toEqual([])
  })

  it('that failed is failed, and one that may run twice is tried three times, then people are told [I-20, SUP-2]', async () => {
    execute = () => {
      throw new Error('The bank is closed.')
    }
    const once = await enqueue()
    const thrice = await enqueue({ action: 'refund.retry' })
    await comesOnline('sam')
    await watch(once.id)
    expect(await entryOf(once.id)).toMatchObject({ state: 'failed', outcome: 'failed', attempt: 1 })
    await watch(thrice.id)
    expect(await entryOf(thrice.id)).toMatchObject({ state: 'pending', outcome: 'failed', attempt: 1, sessionId: null })
    for (let attempt = 2; attempt <= 3; attempt += 1) {
      clock.advance(31_000)
      await watch(thrice.id)
      expect((await entryOf(thrice.id)).attempt).toBe(attempt)
    }
    expect(await entryOf(thrice.id)).toMatchObject({ state: 'failed', attempt: 3 })
    const { items } = await test.admin.alerts.list({ state: 'open' })
    expect(items).toMatchObject([{ code: 'QUEUE_POISON', subjectId: thrice.id }])
    expect(await test.agent('watched').guard(thrice.trigger, () => 'no')).toMatchObject({
      decision: { code: 'QUEUE_ENTRY_FAILED' },
    })
    expect(ran.filter(({ cents }) => cents === once.trigger.args.cents)).toHaveLength(1)
  })

  it('whose worker is lost is of unknown outcome until a person says what came of it [I-4, SUP-2]', async () => {
    const { id, trigger } = await enqueue()
    await comesOnline('sam')
    await turn()
    const { sessionId } = await entryOf(id)
    await person('sam').sessions.attach(sessionId ?? '')
    let begun = (): void => undefined
    const beginning = new Promise<void>((resolve) => {
      begun = resolve
    })
    let release = (): void => undefined
    execute = () => {
      begun()
      return new Promise<void>((resolve) => {
        release = resolve
      })
    }
    const { runs } = await test.governor.jobs.runQueue(1)
    await beginning
    clock.advance(31_000)
    await test.governor.jobs.run('settle-lost-executions', { workspace: 'default' })
    expect(await entryOf(id)).toMatchObject({ state: 'outcome_unknown', outcome: 'outcome_unknown' })
    release()
    await Promise.all(runs)
    expect(await entryOf(id)).toMatchObject({ state: 'outcome_unknown' })
    expect(await test.admin.sessions.get(sessionId ?? '')).toMatchObject({ endedAt: expect.any(String) })
    expect(await test.agent('watched').guard(trigger, () => 'no')).toMatchObject({
      decision: { code: 'OUTCOME_UNKNOWN' },
    })
    await expect(test.agent('watched', 'ai_coordinator')).toBeDefined()
    const resolution = { outcome: 'succeeded', reason: 'The bank says so.' } as const
    expect(await person('kim').queue.resolve(id, resolution)).toMatchObject({
      state: 'completed',
      outcome: 'succeeded',
    })
    await expect(person('kim').queue.resolve(id, resolution)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await test.agent('watched').guard(trigger, () => 'no')).toMatchObject({ status: 'replayed' })
    expect(ran).toHaveLength(1)
  })

  it('that may run twice waits again when its worker is lost [I-20]', async () => {
    const { id } = await enqueue({ action: 'refund.retry' })
    await comesOnline('sam')
    await turn()
    await person('sam').sessions.attach((await entryOf(id)).sessionId ?? '')
    let begun = (): void => undefined
    const beginning = new Promise<void>((resolve) => {
      begun = resolve
    })
    let release = (): void => undefined
    execute = () => {
      begun()
      return new Promise<void>((resolve) => {
        release = resolve
      })
    }
    const { runs } = await test.governor.jobs.runQueue(1)
    await beginning
    clock.advance(31_000)
    await test.governor.jobs.run('settle-lost-executions', { workspace: 'default' })
    expect(await entryOf(id)).toMatchObject({ state: 'pending', attempt: 1, sessionId: null })
    release()
    await Promise.all(runs)
    execute = () => 'done'
    clock.advance(31_000)
    await comesOnline('sam')
    await watch(id)
    expect(await entryOf(id)).toMatchObject({ state: 'completed', attempt: 2 })
  })
})

describe('what changed since it was enqueued', () => {
  it('keeps it waiting while a stop is set, and nobody is called to watch it [I-7, SUP-2]', async () => {
    const { id } = await enqueue()
    const stop = await test.admin.stops.set({ target: 'agent', agent: 'watched', reason: 'a test' })
    await comesOnline('sam')
    await turn()
    expect(await entryOf(id)).toMatchObject({ state: 'pending', sessionId: null })
    expect((await entryOf(id)).reason).toContain('kill switch')
    await test.admin.stops.lift(stop.id, 'a test')
    clock.advance(31_000)
    await watch(id)
    expect(await entryOf(id)).toMatchObject({ state: 'completed' })
  })

  it.each(['pause', 'stop'] as const)('is looked at again at the claim: %s [I-7, I-20]', async (move) => {
    await test.register(`moved-${move}`, 'supervised')
    const { id } = await enqueue({ agent: `moved-${move}` })
    await comesOnline('sam')
    await turn()
    const { sessionId } = await entryOf(id)
    await person('sam').sessions.attach(sessionId ?? '')
    await test.admin.agents[move](`moved-${move}`, 'a test')
    expect(await turn()).toBe(0)
    expect(ran).toEqual([])
    expect(await entryOf(id)).toMatchObject({ state: 'pending', sessionId: null, attempt: 0 })
    expect(await test.admin.sessions.get(sessionId ?? '')).toMatchObject({ state: 'failed' })
    await test.admin.queue.cancel(id, 'a test')
  })

  it('takes it out of the queue when the agent was demoted [I-7, I-20]', async () => {
    await test.register('fallen', 'supervised')
    const { id, trigger } = await enqueue({ agent: 'fallen' })
    await comesOnline('sam')
    await turn()
    await person('sam').sessions.attach((await entryOf(id)).sessionId ?? '')
    await test.admin.agents.demote('fallen', 'student', 'a test')
    expect(await turn()).toBe(0)
    expect(ran).toEqual([])
    expect(await entryOf(id)).toMatchObject({ state: 'cancelled' })
    expect((await entryOf(id)).reason).toContain('no longer holds')
    await test.admin.agents.promote('fallen', 'a test')
    expect(await test.agent('fallen').guard(trigger, () => 'no')).toMatchObject({
      decision: { code: 'QUEUE_ENTRY_CANCELLED' },
    })
  })

  it('denies it for good when a supervisor does not hold the session any more [I-17]', async () => {
    const { id } = await enqueue()
    await comesOnline('sam')
    await turn()
    await person('sam').sessions.attach((await entryOf(id)).sessionId ?? '')
    clock.advance(31_000)
    expect(await turn()).toBe(0)
    expect(ran).toEqual([])
    expect((await entryOf(id)).state).toBe('pending')
    await test.admin.queue.cancel(id, 'a test')
  })
})

describe('a queued run of a runtime that comes back', () => {
  it('runs there, once, under a session that somebody attached to [SUP-2, I-4]', async () => {
    const trigger = { agent: 'watched', action: 'letter.send', args: {}, idempotencyKey: 'letter' }
    const attempt = (value: string) => test.agent('watched').guard(trigger, () => value, { attachWithinMs: 5_000 })
    const first = await attempt('first')
    expect(first).toMatchObject({ status: 'withheld', decision: { route: 'queue' } })
    if (first.decision.route !== 'queue') throw new Error('It waits.')
    const { id } = first.decision.queueEntry
    expect(await entryOf(id)).toMatchObject({ executor: 'caller', state: 'pending' })
    await comesOnline('sam')
    expect(await test.governor.jobs.runQueue(5)).toMatchObject({ offered: 0, runs: [] })
    const running = attempt('second')
    await expect.poll(async () => (await starting()).length).toBe(1)
    const [session] = await starting()
    await person('sam').sessions.attach(session?.id ?? '')
    expect(await running).toMatchObject({ status: 'executed', value: 'second', decision: { route: 'supervision' } })
    expect(await entryOf(id)).toMatchObject({ state: 'completed', attempt: 1, sessionId: session?.id })
    expect(await attempt('third')).toMatchObject({ status: 'replayed', outcome: { value: 'second' } })
    expect(await kindsOf(id)).toEqual(['queue_entry.created', 'queue_entry.started', 'queue_entry.completed'])
  })

  it('goes on waiting when nobody attached, under its first decision [SUP-2]', async () => {
    const trigger = { agent: 'watched', action: 'letter.send', args: {}, idempotencyKey: 'unseen' }
    const attempt = () => test.agent('watched').guard(trigger, () => 'ran', { attachWithinMs: 300 })
    const first = await attempt()
    await comesOnline('sam')
    const second = await attempt()
    expect(second).toMatchObject({ status: 'withheld', decision: { route: 'queue', id: first.decision.id } })
    expect((await test.admin.queue.list({ agent: 'watched', state: 'pending' })).items).toHaveLength(1)
    expect((await test.admin.sessions.list({ state: 'active', agent: 'watched' })).items).toEqual([])
  })
})

describe('people and the queue', () => {
  it('cancel what waits, with a reason, and its session ends [SUP-2]', async () => {
    const { id, trigger } = await enqueue()
    await comesOnline('sam')
    await turn()
    const { sessionId } = await entryOf(id)
    expect(await person('sam').queue.cancel(id, 'Not today. token=abcdefghijkl')).toMatchObject({ state: 'cancelled' })
    expect((await entryOf(id)).reason).toBe('Not today. token=[redacted]')
    expect(await test.admin.sessions.get(sessionId ?? '')).toMatchObject({ state: 'failed' })
    await expect(person('sam').queue.cancel(id, 'again')).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await test.agent('watched').decide(trigger)).toMatchObject({ code: 'QUEUE_ENTRY_CANCELLED' })
    expect(await turn()).toBe(0)
  })

  it('let an agent take back its own, and nobody else´s', async () => {
    const { id } = await enqueue()
    const agent = (name: string) =>
      test.governor.as({ workspace: 'default', principal: { kind: 'agent', id: name, roles: [] } })
    await expect(agent('owned').queue.cancel(id, 'mine')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await agent('watched').queue.cancel(id, 'not needed')).toMatchObject({ state: 'cancelled' })
  })

  it('see what waits for them in its order, and how the queue stands [SUP-2]', async () => {
    const before = await test.admin.queue.stats()
    const low = await enqueue({ action: 'note.write', type: 'agent_message' })
    const high = await enqueue()
    const ids = async (user: string) => (await test.admin.queue.waitingFor(user)).items.map(({ id }) => id)
    expect(await ids('sam')).toEqual([high.id, low.id])
    const first = await test.admin.queue.waitingFor('sam', { limit: 1 })
    const rest = await test.admin.queue.waitingFor('sam', { limit: 1, cursor: first.next ?? '' })
    expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual([high.id, low.id])
    const stats = await test.admin.queue.stats()
    expect(stats.waiting).toBe(2)
    expect(stats.oldestWaitingSince).toBe((await entryOf(low.id)).createdAt)
    expect(stats.enqueued).toBe(before.enqueued + 2)
    expect(Object.values(stats.states).reduce((sum, count) => sum + count, 0)).toBe(stats.enqueued)
    await test.admin.queue.cancel(low.id, 'a test')
    await test.admin.queue.cancel(high.id, 'a test')
  })

  it('have it processed without a worker, which asks those who are online [SUP-2]', async () => {
    const { id } = await enqueue()
    expect(await person('sam').queue.process()).toEqual({ offered: 0 })
    await comesOnline('sam')
    expect(await person('sam').queue.process()).toEqual({ offered: 1 })
    expect((await entryOf(id)).offeredTo).toBe('sam')
    await test.admin.queue.cancel(id, 'a test')
  })
})
