import type { ServerResponse } from 'node:http'
import type { Decision } from '@preceptor/client'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { afterEach, expect, it } from 'vitest'
import { useReceiver } from '../outbound/receiver.test.helper.ts'
import { createTestClock } from '../testing/test-clock.ts'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

const receiver = useReceiver()
const idOf = ({ headers }: (typeof receiver.received)[number]) => headers['webhook-id']

describeWithPostgres('several senders', () => {
  const database = useTestDatabase()
  const clock = createTestClock()
  const opened: TestGovernor[] = []
  afterEach(async () => {
    for (const { admin } of opened.slice(0, 1)) {
      for (const { id } of (await admin.webhooks.list()).items) await admin.webhooks.remove(id)
    }
    await Promise.all(opened.splice(0).map((test) => test.close()))
  })

  async function open(): Promise<TestGovernor> {
    const test = await createTestGovernor({ database: database.url, clock, outbound: { allow: [receiver.origin] } })
    opened.push(test)
    return test
  }

  async function ask(test: TestGovernor, agent: string, count: number): Promise<readonly Decision[]> {
    await test.register(agent, 'intern')
    const decisions: Decision[] = []
    for (let index = 0; index < count; index += 1) {
      decisions.push(await test.agent(agent).decide({ agent, action: 'refund.create', args: { index } }))
    }
    await expect.poll(async () => (await test.admin.journal.verify()).unsealed, { timeout: 10_000 }).toBe(0)
    return decisions
  }

  it('tell of each event once, however many look at the same moment [NOTE-11, I-21]', async () => {
    const [first, ...others] = [await open(), await open(), await open()]
    await first.admin.webhooks.create({ url: receiver.origin, events: ['proposal.created'] })
    await ask(first, 'many', 25)
    const drain = async ({ governor }: TestGovernor): Promise<void> => {
      let idle = 0
      while (idle < 3) idle = (await governor.jobs.notify(4)) === 0 ? idle + 1 : 0
    }
    await Promise.all([first, ...others].map(drain))
    expect(receiver.received).toHaveLength(25)
    expect(new Set(receiver.received.map(idOf)).size).toBe(25)
  })

  it('send what a lost one had claimed again, under the same id; the late word of that one counts for nothing [NOTE-11]', async () => {
    const [lost, next] = [await open(), await open()]
    const { webhook } = await lost.admin.webhooks.create({ url: receiver.origin, events: ['proposal.created'] })
    await ask(lost, 'held', 1)
    const held: ServerResponse[] = []
    receiver.answer = (_, response) => void held.push(response)
    const sending = lost.governor.jobs.notify(10)
    await expect.poll(() => held.length).toBe(1)
    receiver.answer = (_, response) => void response.writeHead(204).end()
    await ask(next, 'other', 1)
    // What is held by the first one is not due.
    expect(await next.governor.jobs.notify(10)).toBe(1)
    const [first, other] = receiver.received.splice(0)
    expect(first && other && idOf(first) === idOf(other)).toBe(false)
    receiver.answer = (_, response) => void held.push(response)
    clock.advance(31_000)
    const again = next.governor.jobs.notify(10)
    await expect.poll(() => held.length).toBe(2)
    const delivery = async () => (await next.admin.webhooks.deliveries(webhook.id)).items.at(-1)
    held[0]?.writeHead(500).end()
    expect(await sending).toBe(1)
    expect(await delivery()).toMatchObject({ state: 'sending', attempt: 2, status: null })
    held[1]?.writeHead(202).end()
    expect(await again).toBe(1)
    expect(await delivery()).toMatchObject({ state: 'delivered', attempt: 2, status: 202 })
    expect(receiver.received.map(idOf)).toEqual([first && idOf(first)])
  })
})
