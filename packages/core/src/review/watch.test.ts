import { describe, expect, it } from 'vitest'
import { honest, verdict } from './plane.test.helper.ts'
import { useWatch } from './watch.test.helper.ts'

const plane = useWatch(() => ({ settings: { attachWithinMs: 1_500, modelAnswerMs: 5_000 } }))
const { step, session } = plane
const sam = () => plane.test.user('sam', 'supervisor')
const reviewsOf = async (sessionId: string) =>
  (await plane.test.admin.reviews.list({ agent: 'bot' })).items.filter((review) => review.sessionId === sessionId)
const kindsOf = async (sessionId: string) =>
  (await plane.test.admin.sessions.events(sessionId, { limit: 500 })).items.map(({ kind }) => kind)

describe('a run that no person watches', () => {
  it('begins a step once the reviewer let that very step begin, and earns its agent nothing [WATCH-1, WATCH-2]', async () => {
    plane.says(honest('approve'))
    const before = await plane.earned()
    expect(await step('note.write', { context: { request: 'Note it.', why: 'secret plan' } })).toMatchObject({
      status: 'executed',
      decision: { route: 'supervision' },
    })
    const { id, ...watched } = await session()
    expect(watched).toMatchObject({ supervisorId: 'agent:judge', state: 'completed', rating: null })
    const [review, ...others] = await reviewsOf(id)
    expect(others).toEqual([])
    expect(review).toMatchObject({ kind: 'step', stepId: watched.decisionId, effect: 'approved', reviewer: 'judge' })
    const asked = plane.asked.at(-1)?.messages[1]?.content
    expect(asked).toContain('Note it.')
    expect(asked).not.toContain('secret plan')
    expect(await kindsOf(id)).toEqual([
      ...['supervision_session.started', 'step.waiting', 'supervision_session.attached', 'review.completed'],
      ...['step.started', 'step.ended', 'supervision_session.completed'],
    ])
    expect(await plane.earned()).toEqual(before)
  })

  it('withholds what the reviewer denies, and leaves an appeal to people [WATCH-2, I-25]', async () => {
    plane.says(honest('deny'))
    const denied = await step('note.write', { run: 'denied' })
    expect(denied).toMatchObject({ status: 'withheld', decision: { code: 'STEP_OBJECTED' } })
    expect(denied.decision.reason).toContain('agent:judge')
    const { id, state } = await session()
    expect(state).toBe('running')
    const { interventions } = await plane.test.admin.sessions.get(id)
    expect(interventions).toMatchObject([
      { type: 'object', requestedBy: 'agent:judge', reason: 'It is as it should be.', step: denied.decision.id },
    ])
    const self = plane.test.governor.as({ workspace: 'default', principal: { kind: 'agent', id: 'bot', roles: [] } })
    expect((await self.sessions.get(id)).interventions).toEqual([])
    plane.says(honest('approve'))
    const asked = plane.asked.length
    expect(await step('note.write', { run: 'denied' })).toMatchObject({ decision: { route: 'queue' } })
    expect(plane.asked.length).toBe(asked)
    expect(await kindsOf(id)).toContain('supervision_session.escalated')
  })

  it('is paused where the reviewer leaves a step to people, and goes on when a person says so [WATCH-3]', async () => {
    plane.says(honest('escalate'))
    const waiting = step('note.write')
    await expect.poll(async () => (await session()).pausedBy).toBe('agent:judge')
    const paused = await session()
    expect(paused).toMatchObject({ state: 'paused', supervisorId: null, supervisorLeaseExpiresAt: null })
    plane.says(honest('approve'))
    expect(await sam().sessions.attach(paused.id)).toMatchObject({ state: 'paused', supervisorId: 'sam' })
    await sam().sessions.intervene(paused.id, { type: 'resume' })
    expect(await waiting).toMatchObject({ status: 'executed' })
    expect(await reviewsOf(paused.id)).toMatchObject([{ verdict: 'escalate', effect: 'none', isFault: false }])
  })

  it('goes to the queue where no person comes then, and the same is not put to a reviewer again [WATCH-3, I-25]', async () => {
    plane.says(honest('escalate'))
    const args = { text: 'The same.' }
    expect(await step('note.write', { args })).toMatchObject({ status: 'withheld', decision: { route: 'queue' } })
    expect(await session()).toMatchObject({ state: 'failed', supervisorId: null })
    plane.says(honest('approve'))
    const asked = plane.asked.length
    expect(await step('note.write', { args })).toMatchObject({ status: 'withheld', decision: { route: 'queue' } })
    expect(plane.asked.length).toBe(asked)
  })

  it('waits for a person with a step of high risk, who takes it over from the reviewer [WATCH-4, I-24]', async () => {
    plane.says(honest('approve'))
    expect(await step('note.write', { run: 'high' })).toMatchObject({ status: 'executed' })
    const { id } = await session()
    const waiting = step('refund.create', { run: 'high' })
    await expect.poll(() => kindsOf(id)).toContain('supervision_session.escalated')
    await expect(sam().sessions.attach(id)).rejects.toMatchObject({ code: 'CONFLICT' })
    const asked = plane.asked.length
    expect(await sam().sessions.takeOver(id, 'It is of high risk.')).toMatchObject({ supervisorId: 'sam' })
    expect(await waiting).toMatchObject({ status: 'executed' })
    expect(plane.asked.length).toBe(asked)
    await plane.test.agent('bot').finish('high', { agent: 'bot', status: 'completed' })
  })

  it('is denied a verdict that comes after a person took it over [WATCH-2, I-17]', async () => {
    let answer = (): void => undefined
    plane.says(async (question) => {
      if (!question.isCanary) await new Promise<void>((resolve) => (answer = resolve))
      return verdict('deny', question)
    })
    const { id: before } = await session()
    const waiting = step('note.write')
    await expect.poll(async () => (await session()).id !== before && (await session()).state).toBe('running')
    const { id } = await session()
    await expect.poll(async () => (await reviewsOf(id)).length).toBe(1)
    await sam().sessions.takeOver(id, 'I look myself.')
    expect(await waiting).toMatchObject({ status: 'executed' })
    answer()
    await expect.poll(async () => (await reviewsOf(id))[0]?.state).toBe('completed')
    expect(await reviewsOf(id)).toMatchObject([{ effect: 'none' }])
  })

  it('asks nobody where the policy does not let reviewers watch [WATCH-1]', async () => {
    const { policies } = plane.test.admin
    const { version } = await policies.current()
    await policies.put({}, { basedOn: version, reason: 'a test' })
    const asked = plane.asked.length
    expect(await step('note.write')).toMatchObject({ status: 'withheld', decision: { route: 'queue' } })
    expect(plane.asked.length).toBe(asked)
    await policies.put({ supervision: { reviewers: true } }, { basedOn: version + 1, reason: 'a test' })
  })
})

describe('people and reviewers that watch', () => {
  it('come in this order: who is online, then a reviewer [WATCH-1]', async () => {
    plane.says(honest('approve'))
    await sam().presence.override('sam', { state: 'online' })
    const asked = plane.asked.length
    const attended = step('note.write')
    await expect.poll(async () => (await session()).state).toBe('starting')
    await sam().sessions.attach((await session()).id)
    expect(await attended).toMatchObject({ status: 'executed' })
    expect(plane.asked.length).toBe(asked)
    // Nobody came, although somebody was asked.
    expect(await step('note.write')).toMatchObject({ status: 'executed' })
    expect(await session()).toMatchObject({ supervisorId: 'agent:judge' })
    await sam().presence.override('sam', { state: 'offline' })
  })

  it('follow each other where a watch lapses, but no reviewer ends a pause of a person [WATCH-5, I-17]', async () => {
    plane.says(honest('approve'))
    const first = step('note.write', { run: 'lapsed' })
    await expect.poll(async () => (await session()).supervisorId).toBe('agent:judge')
    expect(await first).toMatchObject({ status: 'executed' })
    const { id } = await session()
    await sam().sessions.takeOver(id, 'I look myself.')
    plane.later(31_000)
    await plane.test.governor.jobs.run('pause-unwatched', {})
    expect(await session()).toMatchObject({ state: 'paused', pausedBy: 'lease' })
    expect(await step('note.write', { run: 'lapsed' })).toMatchObject({ status: 'executed' })
    expect(await session()).toMatchObject({ state: 'running', supervisorId: 'agent:judge' })
    await sam().sessions.takeOver(id, 'I look myself.')
    await sam().sessions.intervene(id, { type: 'pause' })
    plane.later(31_000)
    const asked = plane.asked.length
    expect(await step('note.write', { run: 'lapsed' })).toMatchObject({ decision: { route: 'queue' } })
    expect(plane.asked.length).toBe(asked)
  })

  it('judge different args anew: what was approved before them does not count [WATCH-2]', async () => {
    let answer = (): void => undefined
    const seen: string[] = []
    plane.says(async (question) => {
      if (question.isCanary) return verdict('deny', question)
      seen.push(question.messages[1]?.content ?? '')
      if (seen.length === 1) await new Promise<void>((resolve) => (answer = resolve))
      return verdict(seen.length === 1 ? 'approve' : 'deny', question)
    })
    const waiting = step('note.write')
    await expect.poll(() => seen.length).toBe(1)
    const { id } = await session()
    await plane.test.admin.sessions.intervene(id, { type: 'correct', args: { text: 'corrected' } })
    await expect.poll(() => seen.length).toBe(2)
    expect(seen[1]).toContain('corrected')
    answer()
    expect(await waiting).toMatchObject({ status: 'withheld', decision: { code: 'STEP_OBJECTED' } })
    await expect.poll(async () => (await reviewsOf(id)).map(({ effect }) => effect)).toEqual(['rejected', 'none'])
  })
})

describe('a queued run that no person can watch', () => {
  const { ran } = plane
  let count = 0

  async function enqueue(action: string): Promise<{ readonly id: string; readonly name: string }> {
    count += 1
    const name = `queued-${count}`
    const trigger = { agent: 'bot', action, args: { name }, type: 'agent_message', idempotencyKey: name } as const
    const decision = await plane.test.agent('bot').decide(trigger)
    if (decision.route !== 'queue') throw new Error(decision.reason)
    return { id: decision.queueEntry.id, name }
  }

  async function turn(): Promise<number> {
    const { jobs } = plane.test.governor
    await jobs.watch(5)
    const { offered, runs } = await jobs.runQueue(5)
    await jobs.watch(5)
    await Promise.all(runs)
    return offered
  }
  const entryOf = (id: string) => plane.test.admin.queue.get(id)

  it('is offered to a reviewer, of medium risk at most, and runs once it let it begin [WATCH-7, QUEUE-1]', async () => {
    plane.says(honest('approve'))
    const high = await enqueue('mail.send')
    const medium = await enqueue('mail.draft')
    expect(await turn()).toBe(1)
    await expect.poll(async () => [await turn(), (await entryOf(medium.id)).state][1]).toBe('completed')
    expect(ran).toContain(medium.name)
    expect(await entryOf(high.id)).toMatchObject({ state: 'pending', sessionId: null, attempt: 0 })
    expect(ran).not.toContain(high.name)
    await plane.test.admin.queue.cancel(high.id, 'The next one.')
  })

  it('is cancelled where the reviewer denies it [WATCH-7]', async () => {
    plane.says(honest('deny'))
    const { id, name } = await enqueue('mail.draft')
    await expect.poll(async () => [await turn(), (await entryOf(id)).state][1]).toBe('cancelled')
    expect(await entryOf(id)).toMatchObject({ reason: 'agent:judge objected to the run.' })
    expect(ran).not.toContain(name)
  })

  it('waits for a person where the reviewer leaves it to them [WATCH-7, I-25]', async () => {
    plane.says(honest('escalate'))
    const { id } = await enqueue('mail.draft')
    expect(await turn()).toBe(1)
    await expect.poll(async () => (await session()).pausedBy).toBe('agent:judge')
    plane.says(honest('approve'))
    plane.later(2_000)
    await turn()
    expect(await entryOf(id)).toMatchObject({ state: 'pending', sessionId: null })
    plane.later(31_000)
    const asked = plane.asked.length
    expect(await turn()).toBe(0)
    await sam().presence.override('sam', { state: 'online' })
    expect(await turn()).toBe(1)
    expect(await entryOf(id)).toMatchObject({ state: 'pending', offeredTo: 'sam' })
    expect(plane.asked.length).toBe(asked)
  })
})
