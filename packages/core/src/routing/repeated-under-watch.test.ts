import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

let test: TestGovernor

beforeAll(async () => {
  test = await createTestGovernor()
  await test.register('watched', 'supervised')
  await test.admin.members.put('sam', { displayName: 'sam', roles: ['supervisor'] })
})
afterAll(() => test.close())

it('runs one of two attempts with a key that wait together, and puts the answer of the other on record [I-30, I-4]', async () => {
  const sam = test.user('sam', 'supervisor')
  await sam.presence.heartbeat()
  let runs = 0
  const attempt = () =>
    test.agent('watched').guard(
      { agent: 'watched', action: 'refund.create', args: {}, idempotencyKey: 'both' },
      () => {
        runs += 1
        return 'ran'
      },
      { attachWithinMs: 10_000 },
    )
  const both = [attempt(), attempt()]
  await expect.poll(async () => (await sam.sessions.list({ state: 'active' })).items.length).toBe(2)
  const waiting = (await sam.sessions.list({ state: 'active' })).items
  const [first, second] = waiting
  if (first === undefined || second === undefined) throw new Error('Two sessions wait.')
  await sam.sessions.attach(first.id)
  const done = await Promise.race(both)
  expect(done).toMatchObject({ status: 'executed', value: 'ran' })
  await sam.sessions.attach(second.id)
  const replayed = (await Promise.all(both)).find(({ status }) => status === 'replayed')
  expect(replayed).toMatchObject({ decision: { code: 'ALREADY_EXECUTED' }, outcome: { value: 'ran' } })
  expect(runs).toBe(1)
  const { items } = await test.admin.journal.list({ subject: replayed?.decision.id ?? '', kind: 'decision.made' })
  expect(items[0]?.body.decision).toMatchObject({ route: 'denied', code: 'ALREADY_EXECUTED' })
  expect(await sam.sessions.get(second.id)).toMatchObject({ state: 'failed' })
})
