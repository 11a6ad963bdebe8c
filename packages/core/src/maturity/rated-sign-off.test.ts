import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

let test: TestGovernor

beforeAll(async () => {
  test = await createTestGovernor({ settings: { attachWithinMs: 5_000 } })
  await test.register('bot', 'supervised')
  await test.admin.members.put('sam', { displayName: 'sam', roles: ['admin'] })
})
afterAll(() => test.close())

it('is not signed off by who rated a run of it [MAT-15, I-12]', async () => {
  const sam = test.user('sam', 'admin')
  await sam.presence.heartbeat()
  const running = test.agent('bot').guard({ agent: 'bot', action: 'refund.create', args: {} }, () => 'done')
  await expect.poll(async () => (await sam.sessions.list({ state: 'active' })).items.length).toBe(1)
  const [session] = (await sam.sessions.list({ state: 'active' })).items
  const id = session?.id ?? ''
  await sam.sessions.attach(id)
  expect(await running).toMatchObject({ status: 'executed' })
  await sam.sessions.complete(id, { rating: 5 })
  await test.governor.jobs.run('count-evidence', { workspace: 'default' })
  await expect(sam.agents.promote('bot', 'It is good.')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
})
