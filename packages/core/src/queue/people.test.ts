import { describe, expect, it } from 'vitest'
import { useQueue } from './queue.test.helper.ts'

const queue = useQueue()
const { person, comesOnline, entryOf, enqueue, turn, starting, kindsOf } = queue

describe('a queued run of a runtime that comes back', () => {
  it('runs there, once, under a session that somebody attached to [QUEUE-1, I-4]', async () => {
    const trigger = { agent: 'watched', action: 'letter.send', args: {}, idempotencyKey: 'letter' }
    const attempt = (value: string) =>
      queue.test.agent('watched').guard(trigger, () => value, { attachWithinMs: 5_000 })
    const first = await attempt('first')
    expect(first).toMatchObject({ status: 'withheld', decision: { route: 'queue' } })
    if (first.decision.route !== 'queue') throw new Error('It waits.')
    const { id } = first.decision.queueEntry
    expect(await entryOf(id)).toMatchObject({ executor: 'caller', state: 'pending' })
    await comesOnline('sam')
    expect(await queue.test.governor.jobs.runQueue(5)).toMatchObject({ offered: 0, runs: [] })
    const running = attempt('second')
    await expect.poll(async () => (await starting()).length).toBe(1)
    const [session] = await starting()
    await person('sam').sessions.attach(session?.id ?? '')
    expect(await running).toMatchObject({ status: 'executed', value: 'second', decision: { route: 'supervision' } })
    expect(await entryOf(id)).toMatchObject({ state: 'completed', attempt: 1, sessionId: session?.id })
    expect(await attempt('third')).toMatchObject({ status: 'replayed', outcome: { value: 'second' } })
    expect(await kindsOf(id)).toEqual(['queue_entry.created', 'queue_entry.started', 'queue_entry.completed'])
  })

  it('goes on waiting when nobody attached, under its first decision [QUEUE-1]', async () => {
    const trigger = { agent: 'watched', action: 'letter.send', args: {}, idempotencyKey: 'unseen' }
    const attempt = () => queue.test.agent('watched').guard(trigger, () => 'ran', { attachWithinMs: 300 })
    const first = await attempt()
    await comesOnline('sam')
    const second = await attempt()
    expect(second).toMatchObject({ status: 'withheld', decision: { route: 'queue', id: first.decision.id } })
    expect((await queue.test.admin.queue.list({ agent: 'watched', state: 'pending' })).items).toHaveLength(1)
    expect((await queue.test.admin.sessions.list({ state: 'active', agent: 'watched' })).items).toEqual([])
  })
})

describe('people and the queue', () => {
  it('cancel what waits, with a reason, and its session ends [QUEUE-1]', async () => {
    const { id, trigger } = await enqueue()
    await comesOnline('sam')
    await turn()
    const { sessionId } = await entryOf(id)
    expect(await person('sam').queue.cancel(id, 'Not today. token=abcdefghijkl')).toMatchObject({ state: 'cancelled' })
    expect((await entryOf(id)).reason).toBe('Not today. token=[redacted]')
    expect(await queue.test.admin.sessions.get(sessionId ?? '')).toMatchObject({ state: 'failed' })
    await expect(person('sam').queue.cancel(id, 'again')).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await queue.test.agent('watched').decide(trigger)).toMatchObject({ code: 'QUEUE_ENTRY_CANCELLED' })
    expect(await turn()).toBe(0)
  })

  it('let an agent take back its own, and nobody else´s', async () => {
    const { id } = await enqueue()
    const agent = (name: string) =>
      queue.test.governor.as({ workspace: 'default', principal: { kind: 'agent', id: name, roles: [] } })
    await expect(agent('owned').queue.cancel(id, 'mine')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await agent('watched').queue.cancel(id, 'not needed')).toMatchObject({ state: 'cancelled' })
  })

  it('see what waits for them in its order, and how the queue stands [QUEUE-1]', async () => {
    const before = await queue.test.admin.queue.stats()
    const low = await enqueue({ action: 'note.write', type: 'agent_message' })
    const high = await enqueue()
    const ids = async (user: string) => (await queue.test.admin.queue.waitingFor(user)).items.map(({ id }) => id)
    expect(await ids('sam')).toEqual([high.id, low.id])
    const first = await queue.test.admin.queue.waitingFor('sam', { limit: 1 })
    const rest = await queue.test.admin.queue.waitingFor('sam', { limit: 1, cursor: first.next ?? '' })
    expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual([high.id, low.id])
    const stats = await queue.test.admin.queue.stats()
    expect(stats.waiting).toBe(2)
    expect(stats.oldestWaitingSince).toBe((await entryOf(low.id)).createdAt)
    expect(stats.enqueued).toBe(before.enqueued + 2)
    expect(Object.values(stats.states).reduce((sum, count) => sum + count, 0)).toBe(stats.enqueued)
    await queue.test.admin.queue.cancel(low.id, 'a test')
    await queue.test.admin.queue.cancel(high.id, 'a test')
  })

  it('have it processed without a worker, which asks those who are online [QUEUE-1]', async () => {
    const { id } = await enqueue()
    expect(await person('sam').queue.process()).toEqual({ offered: 0 })
    await comesOnline('sam')
    expect(await person('sam').queue.process()).toEqual({ offered: 1 })
    expect((await entryOf(id)).offeredTo).toBe('sam')
    await queue.test.admin.queue.cancel(id, 'a test')
  })
})
