import { describe, expect, it } from 'vitest'
import { HOUR, useQueue } from './queue.test.helper.ts'

const queue = useQueue()
const { clock, person, comesOnline, entryOf, enqueue, turn, starting, watch, kindsOf } = queue

describe('a queued run with an executor', () => {
  it('waits for a supervisor, asks the one who comes online, and runs once somebody attached [QUEUE-1, I-17]', async () => {
    const { id, trigger } = await enqueue()
    expect(await turn()).toBe(0)
    expect(await entryOf(id)).toMatchObject({ state: 'pending', executor: 'registered', sessionId: null, attempt: 0 })
    await comesOnline('sam')
    await turn()
    const offered = await entryOf(id)
    expect(offered).toMatchObject({ state: 'pending', offeredTo: 'sam', sessionId: expect.any(String) })
    expect(await turn()).toBe(0)
    expect(queue.ran).toEqual([])
    const { items } = await queue.test.admin.journal.list({ subject: offered.sessionId ?? '' })
    expect(items).toMatchObject([
      { kind: 'supervision_session.started', body: { queueEntry: id, supervisors: ['sam'] } },
    ])
    await person('sam').sessions.attach(offered.sessionId ?? '')
    expect(await turn()).toBe(1)
    expect(queue.ran).toEqual([trigger.args])
    expect(await entryOf(id)).toMatchObject({
      state: 'completed',
      attempt: 1,
      outcome: 'succeeded',
      offeredTo: null,
      executionId: expect.any(String),
      settledAt: expect.any(String),
    })
    expect(await queue.test.admin.sessions.get(offered.sessionId ?? '')).toMatchObject({
      state: 'completed',
      supervisorId: 'sam',
    })
    expect(await kindsOf(id)).toEqual(['queue_entry.created', 'queue_entry.started', 'queue_entry.completed'])
    expect(await turn()).toBe(0)
    expect(await queue.test.agent('watched').guard(trigger, () => 'again')).toMatchObject({
      status: 'replayed',
      outcome: { value: 'done' },
    })
    expect(queue.ran).toHaveLength(1)
  })

  it('is offered by priority, then by age, to as many as each can watch [QUEUE-1]', async () => {
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
    for (const { id } of [...high, low]) await queue.test.admin.queue.cancel(id, 'a test')
  })

  it('is moved forward or back by who supervises, on the record, while it waits [QUEUE-4]', async () => {
    const [first, second] = [await enqueue(), await enqueue()]
    const sam = person('sam')
    const order = async () => (await sam.queue.waitingFor('sam')).items.map(({ id }) => id)
    expect(await order()).toEqual([first.id, second.id])
    const moved = await sam.queue.prioritize(second.id, { priority: 9, reason: 'Payroll is due.' })
    expect(moved).toMatchObject({ id: second.id, priority: 9, state: 'pending' })
    expect(await order()).toEqual([second.id, first.id])
    const { items } = await queue.test.admin.journal.list({ subject: second.id, kind: 'queue_entry.prioritized' })
    expect(items).toMatchObject([{ body: { actor: 'user:sam', from: 8, to: 9, reason: 'Payroll is due.' } }])
    for (const priority of [-1, 10, 2.5]) {
      const refused = sam.queue.prioritize(first.id, { priority, reason: 'a test' })
      await expect(refused).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    }
    await expect(sam.queue.prioritize(first.id, { priority: 9, reason: '' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    })
    for (const { id } of [first, second]) await queue.test.admin.queue.cancel(id, 'a test')
    const late = sam.queue.prioritize(first.id, { priority: 9, reason: 'a test' })
    await expect(late).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('is offered again after nobody attached in time, not at once, and the attempt does not count [QUEUE-1]', async () => {
    const { id } = await enqueue()
    await comesOnline('sam')
    await turn()
    const { sessionId } = await entryOf(id)
    clock.advance(11_000)
    await turn()
    expect(await entryOf(id)).toMatchObject({ state: 'pending', sessionId: null, offeredTo: null, attempt: 0 })
    expect(await queue.test.admin.sessions.get(sessionId ?? '')).toMatchObject({ state: 'failed' })
    expect((await entryOf(id)).reason).toContain('Nobody watched')
    await turn()
    expect((await entryOf(id)).sessionId).toBeNull()
    clock.advance(31_000)
    await turn()
    const again = await entryOf(id)
    expect(again).toMatchObject({ offeredTo: 'sam', reason: null })
    expect(again.sessionId).not.toBe(sessionId)
    await queue.test.admin.queue.cancel(id, 'a test')
  })

  it('is not for the owner of the agent to watch [ROUTE-13]', async () => {
    await queue.test.admin.agents.register({ id: 'owned', maturity: 'supervised', ownerId: 'sam' })
    const { id } = await enqueue({ agent: 'owned' })
    await comesOnline('sam')
    await turn()
    expect((await entryOf(id)).sessionId).toBeNull()
    await comesOnline('kim')
    await turn()
    expect((await entryOf(id)).offeredTo).toBe('kim')
    await queue.test.admin.queue.cancel(id, 'a test')
  })

  it('never runs once it has expired, however well it is watched [I-20, QUEUE-1]', async () => {
    const { id, trigger } = await enqueue()
    clock.advance(24 * HOUR - 10_000)
    await comesOnline('sam')
    await turn()
    await person('sam').sessions.attach((await entryOf(id)).sessionId ?? '')
    clock.advance(11_000)
    expect(await turn()).toBe(0)
    await queue.test.admin.queue.expire()
    expect(await entryOf(id)).toMatchObject({ state: 'expired' })
    const { items } = await queue.test.admin.sessions.list({ agent: 'watched', state: 'active' })
    expect(items).toEqual([])
    expect(await queue.test.agent('watched').guard(trigger, () => 'late')).toMatchObject({
      decision: { route: 'denied', code: 'QUEUE_ENTRY_EXPIRED' },
    })
    expect(queue.ran).toEqual([])
  })

  it('that failed is failed, and one that may run twice is tried three times, then people are told [I-20, QUEUE-1]', async () => {
    queue.execute = () => {
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
    const { items } = await queue.test.admin.alerts.list({ state: 'open' })
    expect(items).toMatchObject([{ code: 'QUEUE_POISON', subjectId: thrice.id }])
    expect(await queue.test.agent('watched').guard(thrice.trigger, () => 'no')).toMatchObject({
      decision: { code: 'QUEUE_ENTRY_FAILED' },
    })
    expect(queue.ran.filter(({ cents }) => cents === once.trigger.args.cents)).toHaveLength(1)
  })

  it('whose worker is lost is of unknown outcome until a person says what came of it [I-4, QUEUE-1]', async () => {
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
    queue.execute = () => {
      begun()
      return new Promise<void>((resolve) => {
        release = resolve
      })
    }
    const { runs } = await queue.test.governor.jobs.runQueue(1)
    await beginning
    clock.advance(31_000)
    await queue.test.governor.jobs.run('settle-lost-executions', { workspace: 'default' })
    expect(await entryOf(id)).toMatchObject({ state: 'outcome_unknown', outcome: 'outcome_unknown' })
    release()
    await Promise.all(runs)
    expect(await entryOf(id)).toMatchObject({ state: 'outcome_unknown' })
    expect(await queue.test.admin.sessions.get(sessionId ?? '')).toMatchObject({ endedAt: expect.any(String) })
    expect(await queue.test.agent('watched').guard(trigger, () => 'no')).toMatchObject({
      decision: { code: 'OUTCOME_UNKNOWN' },
    })
    const resolution = { outcome: 'succeeded', reason: 'The bank says so.' } as const
    expect(await person('kim').queue.resolve(id, resolution)).toMatchObject({
      state: 'completed',
      outcome: 'succeeded',
    })
    await expect(person('kim').queue.resolve(id, resolution)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await queue.test.agent('watched').guard(trigger, () => 'no')).toMatchObject({ status: 'replayed' })
    expect(queue.ran).toHaveLength(1)
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
    queue.execute = () => {
      begun()
      return new Promise<void>((resolve) => {
        release = resolve
      })
    }
    const { runs } = await queue.test.governor.jobs.runQueue(1)
    await beginning
    clock.advance(31_000)
    await queue.test.governor.jobs.run('settle-lost-executions', { workspace: 'default' })
    expect(await entryOf(id)).toMatchObject({ state: 'pending', attempt: 1, sessionId: null })
    release()
    await Promise.all(runs)
    queue.execute = () => 'done'
    clock.advance(31_000)
    await comesOnline('sam')
    await watch(id)
    expect(await entryOf(id)).toMatchObject({ state: 'completed', attempt: 2 })
  })
})
