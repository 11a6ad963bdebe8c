import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

let test: TestGovernor

beforeAll(async () => {
  test = await createTestGovernor()
  await test.register('watched', 'supervised')
  for (const user of ['sam', 'kim']) await test.admin.members.put(user, { displayName: user, roles: ['supervisor'] })
})
afterAll(() => test.close())

it('lets one person watch five sessions, whoever attaches at the same time, and renew each of them [ROUTE-13]', async () => {
  const [sam, kim] = [test.user('sam', 'supervisor'), test.user('kim', 'supervisor')]
  await sam.presence.heartbeat()
  for (let run = 1; run <= 7; run += 1) {
    const trigger = { agent: 'watched', action: 'refund.create', args: {}, run: `run-${run}` }
    expect((await test.agent('watched').decide(trigger)).route).toBe('supervision')
  }
  const ids = (await sam.sessions.list({ state: 'active' })).items.map(({ id }) => id)
  expect(ids).toHaveLength(7)
  const attached = await Promise.allSettled(ids.map((id) => sam.sessions.attach(id)))
  const refused = attached.filter((attempt) => attempt.status === 'rejected')
  expect(refused.map(({ reason }) => reason.code)).toEqual(['CONFLICT', 'CONFLICT'])
  const held = attached.filter((attempt) => attempt.status === 'fulfilled').map(({ value }) => value.id)
  for (const id of held) expect(await sam.sessions.attach(id)).toMatchObject({ supervisorId: 'sam' })
  const [free = '', next = ''] = ids.filter((id) => !held.includes(id))
  expect(await kim.sessions.attach(free)).toMatchObject({ supervisorId: 'kim' })
  const { run } = await sam.sessions.get(held[0] ?? '')
  await test.agent('watched').finish(run, { agent: 'watched', status: 'completed' })
  expect(await sam.sessions.attach(next)).toMatchObject({ supervisorId: 'sam' })
})
