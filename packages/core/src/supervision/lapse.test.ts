import { afterAll, beforeAll, expect, it } from 'vitest'
import { createFailpoints } from '../testing/failpoints.ts'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

const LEASE_MS = 500

const failpoints = createFailpoints()
let test: TestGovernor
beforeAll(async () => {
  test = await createTestGovernor({
    settings: { supervisorLeaseMs: LEASE_MS, attachWithinMs: 3_000 },
    testing: failpoints,
  })
  await test.register('bot', 'supervised')
  await test.admin.members.put('sam', { displayName: 'sam', roles: ['supervisor'] })
})
afterAll(() => test.close())

it('pauses a run that nobody watches any more before its next step, and lets it go on when somebody does [SUP-2, I-17]', async () => {
  const sam = test.user('sam', 'supervisor')
  const bot = test.agent('bot')
  await sam.presence.heartbeat()
  const step = (work: () => unknown) =>
    bot.guard({ agent: 'bot', action: 'refund.create', args: {}, run: 'run-1' }, work)
  const first = step(() => 'first')
  await expect.poll(async () => (await sam.sessions.list({ state: 'active' })).items.length).toBe(1)
  const [{ id } = { id: '' }] = (await sam.sessions.list({ state: 'active' })).items
  const { supervisorLeaseExpiresAt: lease } = await sam.sessions.attach(id)
  expect(await first).toMatchObject({ status: 'executed' })
  await expect.poll(() => Date.now() > Date.parse(lease ?? '')).toBe(true)
  let ranAt = 0
  const second = step(() => {
    ranAt = Date.now()
  })
  await expect
    .poll(async () => {
      await test.governor.jobs.run('pause-unwatched', {})
      return (await sam.sessions.get(id)).state
    })
    .toBe('paused')
  expect(await sam.sessions.get(id)).toMatchObject({ pausedBy: 'lease', inFlight: 0 })
  expect(ranAt).toBe(0)
  const attachedAt = Date.now()
  expect(await sam.sessions.attach(id)).toMatchObject({ state: 'running', pausedBy: null })
  expect(await second).toMatchObject({ status: 'executed' })
  expect(ranAt).toBeGreaterThanOrEqual(attachedAt)
})

it('leaves the time to come back where the watch lapses on the way to a claim [SUP-2, I-17]', async () => {
  const sam = test.user('sam', 'supervisor')
  await sam.presence.heartbeat()
  const parking = failpoints.park('supervisor.lease_lost')
  let ranAt = 0
  const step = test.agent('bot').guard({ agent: 'bot', action: 'refund.create', args: {}, run: 'run-2' }, () => {
    ranAt = Date.now()
  })
  const sessionOf = async () => (await sam.sessions.list({ state: 'active' })).items.find(({ run }) => run === 'run-2')
  await expect.poll(async () => (await sessionOf())?.id).toBeDefined()
  const { id } = (await sessionOf()) ?? { id: '' }
  const { supervisorLeaseExpiresAt: lease } = await sam.sessions.attach(id)
  await parking.reached
  await expect.poll(() => Date.now() > Date.parse(lease ?? '')).toBe(true)
  parking.release()
  await test.governor.jobs.run('pause-unwatched', {})
  expect(await sam.sessions.get(id)).toMatchObject({ state: 'paused', endedAt: null })
  const attachedAt = Date.now()
  await sam.sessions.attach(id)
  expect(await step).toMatchObject({ status: 'executed' })
  expect(ranAt).toBeGreaterThanOrEqual(attachedAt)
})

it('announces a step of high risk, and withholds it when somebody objects [SUP-8, I-16]', async () => {
  const other = await createTestGovernor({ settings: { objectionWindowMs: 1_500 } })
  try {
    await other.register('bot', 'supervised')
    await other.admin.members.put('sam', { displayName: 'sam', roles: ['supervisor'] })
    const sam = other.user('sam', 'supervisor')
    await sam.presence.heartbeat()
    let ran = 0
    const step = (key: string) =>
      other
        .agent('bot')
        .guard({ agent: 'bot', action: 'refund.create', args: {}, run: 'run-1', idempotencyKey: key }, () => {
          ran += 1
        })
    const first = step('a')
    await expect.poll(async () => (await sam.sessions.list({ state: 'active' })).items.length).toBe(1)
    const [{ id } = { id: '' }] = (await sam.sessions.list({ state: 'active' })).items
    await sam.sessions.attach(id)
    await expect.poll(async () => (await sam.sessions.get(id)).steps[0]?.startsAt ?? null).not.toBeNull()
    const { steps } = await sam.sessions.get(id)
    const objection = { step: steps[0]?.id ?? '', reason: 'Not to this customer.' }
    expect(await sam.sessions.object(id, objection)).toMatchObject({ state: 'paused' })
    expect(await first).toMatchObject({ status: 'withheld', decision: { code: 'STEP_OBJECTED' } })
    expect(ran).toBe(0)
    await sam.sessions.intervene(id, { type: 'resume' })
    expect(await step('b')).toMatchObject({ status: 'executed' })
    expect(ran).toBe(1)
  } finally {
    await other.close()
  }
})
