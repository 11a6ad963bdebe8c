import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

let test: TestGovernor

beforeAll(async () => {
  test = await createTestGovernor()
  for (const id of ['lead', 'helper']) await test.register(id, 'autonomous')
})
afterAll(() => test.close())

describe('a running call of an agent that another one delegated to [I-10, I-13]', () => {
  it('is aborted when the other one is paused', { timeout: 10_000 }, async () => {
    const trigger = { agent: 'helper', delegation: ['lead'], action: 'refund.create', args: {} }
    const running = test.agent('helper').guard(trigger, async ({ signal }) => {
      const aborted = new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      await Promise.all([aborted, test.admin.agents.pause('lead', 'Enough.')])
    })
    await expect(running).rejects.toMatchObject({ code: 'AGENT_STOPPED' })
  })
})
