import type { JsonObject, QueueDecision } from '@preceptor/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

let test: TestGovernor

beforeAll(async () => {
  test = await createTestGovernor()
  for (const agent of ['caller', 'other']) await test.register(agent, 'supervised')
})
afterAll(() => test.close())

/** Calls under a guard while nobody can watch, and gives the entry that it waits as. */
async function call(agent: string, args: JsonObject, more = {}): Promise<QueueDecision['queueEntry']> {
  const trigger = { agent, action: 'refund.create', args, ...more }
  const ended = await test.agent(agent).guard(trigger, () => 'ran')
  if (ended.status !== 'withheld' || ended.decision.route !== 'queue') throw new Error(`It was ${ended.status}.`)
  return ended.decision.queueEntry
}

describe('a call that is repeated while it waits for a supervisor', () => {
  it('waits once, and what differs waits by itself [QUEUE-3]', async () => {
    const first = await call('caller', { cents: 1 })
    expect(await call('caller', { cents: 1 })).toEqual(first)
    expect(await call('caller', { cents: 1 }, { permit: 'matching' })).toEqual(first)
    const others = [
      await call('caller', { cents: 2 }),
      await call('other', { cents: 1 }),
      await call('caller', { cents: 1 }, { idempotencyKey: 'its own' }),
    ]
    expect(new Set([first, ...others].map(({ id }) => id)).size).toBe(4)
    const { items } = await test.admin.queue.list()
    expect(items).toHaveLength(4)
  })

  it('waits anew once the entry was cancelled [QUEUE-3]', async () => {
    const first = await call('caller', { cents: 3 })
    await test.admin.queue.cancel(first.id, 'a test')
    expect((await call('caller', { cents: 3 })).id).not.toBe(first.id)
  })
})
