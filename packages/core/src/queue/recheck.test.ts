import { describe, expect, it } from 'vitest'
import { useQueue } from './queue.test.helper.ts'

const queue = useQueue()
const { clock, person, comesOnline, entryOf, enqueue, turn, watch } = queue

describe('what changed since it was enqueued', () => {
  it('keeps it waiting while a stop is set, and nobody is called to watch it [I-7, QUEUE-1]', async () => {
    const { id } = await enqueue()
    const stop = await queue.test.admin.stops.set({ target: 'agent', agent: 'watched', reason: 'a test' })
    await comesOnline('sam')
    await turn()
    expect(await entryOf(id)).toMatchObject({ state: 'pending', sessionId: null })
    expect((await entryOf(id)).reason).toContain('kill switch')
    await queue.test.admin.stops.lift(stop.id, 'a test')
    clock.advance(31_000)
    await watch(id)
    expect(await entryOf(id)).toMatchObject({ state: 'completed' })
  })

  it.each(['pause', 'stop'] as const)('is looked at again at the claim: %s [I-7, I-20]', async (move) => {
    await queue.test.register(`moved-${move}`, 'supervised')
    const { id } = await enqueue({ agent: `moved-${move}` })
    await comesOnline('sam')
    await turn()
    const { sessionId } = await entryOf(id)
    await person('sam').sessions.attach(sessionId ?? '')
    await queue.test.admin.agents[move](`moved-${move}`, 'a test')
    expect(await turn()).toBe(0)
    expect(queue.ran).toEqual([])
    expect(await entryOf(id)).toMatchObject({ state: 'pending', sessionId: null, attempt: 0 })
    expect(await queue.test.admin.sessions.get(sessionId ?? '')).toMatchObject({ state: 'failed' })
    await queue.test.admin.queue.cancel(id, 'a test')
  })

  it('takes it out of the queue when the agent was demoted [I-7, I-20]', async () => {
    await queue.test.register('fallen', 'supervised')
    const { id, trigger } = await enqueue({ agent: 'fallen' })
    await comesOnline('sam')
    await turn()
    await person('sam').sessions.attach((await entryOf(id)).sessionId ?? '')
    await queue.test.admin.agents.demote('fallen', 'student', 'a test')
    expect(await turn()).toBe(0)
    expect(queue.ran).toEqual([])
    expect(await entryOf(id)).toMatchObject({ state: 'cancelled' })
    expect((await entryOf(id)).reason).toContain('no longer holds')
    await queue.test.admin.agents.promote('fallen', 'a test')
    expect(await queue.test.agent('fallen').guard(trigger, () => 'no')).toMatchObject({
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
    expect(queue.ran).toEqual([])
    expect((await entryOf(id)).state).toBe('pending')
    await queue.test.admin.queue.cancel(id, 'a test')
  })
})

describe('what a supervisor says before it begins', () => {
  async function offered() {
    const asked = await enqueue()
    await comesOnline('sam')
    await turn()
    const { sessionId } = await entryOf(asked.id)
    await person('sam').sessions.attach(sessionId ?? '')
    return { ...asked, sessionId: sessionId ?? '' }
  }

  it('holds it while it is paused, and lets it run once it goes on [QUEUE-1, I-16]', async () => {
    const { id, sessionId, trigger } = await offered()
    await person('sam').sessions.intervene(sessionId, { type: 'pause' })
    expect(await turn()).toBe(0)
    expect((await entryOf(id)).state).toBe('pending')
    await queue.test.governor.jobs.run('pause-unwatched', { workspace: 'default' })
    await person('sam').sessions.intervene(sessionId, { type: 'resume' })
    expect(await turn()).toBe(1)
    expect(queue.ran).toEqual([trigger.args])
    expect((await entryOf(id)).state).toBe('completed')
  })

  it('takes it out of the queue when the run is terminated [QUEUE-1, I-6]', async () => {
    const { id, sessionId, trigger } = await offered()
    await person('sam').sessions.intervene(sessionId, { type: 'terminate', reason: 'Not this one.' })
    expect(await turn()).toBe(0)
    expect(await entryOf(id)).toMatchObject({ state: 'cancelled' })
    expect(queue.ran).toEqual([])
    expect(await queue.test.agent('watched').guard(trigger, () => 'no')).toMatchObject({
      decision: { code: 'QUEUE_ENTRY_CANCELLED' },
    })
  })

  it('takes it out of the queue when somebody objected to it, and asks nobody again [QUEUE-1, I-6]', async () => {
    const { id, sessionId, trigger } = await offered()
    const [step] = (await person('sam').sessions.get(sessionId)).steps
    await person('sam').sessions.object(sessionId, { step: step?.id ?? '', reason: 'Not this one.' })
    expect(await turn()).toBe(0)
    expect(await entryOf(id)).toMatchObject({ state: 'cancelled' })
    expect(await queue.test.admin.sessions.get(sessionId)).toMatchObject({ state: 'failed' })
    expect(queue.ran).toEqual([])
    expect(await queue.test.agent('watched').guard(trigger, () => 'no')).toMatchObject({
      decision: { code: 'QUEUE_ENTRY_CANCELLED' },
    })
  })

  it('runs with the args that it was corrected to, and stays the same attempt [QUEUE-1, I-16]', async () => {
    const { id, sessionId } = await offered()
    await person('sam').sessions.intervene(sessionId, { type: 'correct', args: { cents: 1 }, guidance: 'Less.' })
    expect(await turn()).toBe(1)
    expect(queue.ran).toEqual([{ cents: 1 }])
    expect(await entryOf(id)).toMatchObject({ state: 'completed', attempt: 1 })
  })
})
