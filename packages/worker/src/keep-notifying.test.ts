import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { createTestClock, createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { afterEach, expect, it } from 'vitest'
import { createWorker } from './create-worker.ts'

interface Received {
  readonly id: string | undefined
  readonly body: string
}

const closing: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A server that notes what it is told, and answers as it is told to. */
async function startReceiver(answer: (response: ServerResponse, count: number) => void) {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    received.push({ id: request.headers['webhook-id']?.toString(), body })
    answer(response, received.length)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { received, origin: `http://127.0.0.1:${port}` }
}

async function ask(test: TestGovernor, agent: string): Promise<void> {
  await test.register(agent, 'intern')
  const decision = await test.agent(agent).decide({ agent, action: 'refund.create', args: {} })
  expect(decision.route).toBe('proposal')
}

describeWithPostgres('a worker', () => {
  const database = useTestDatabase()

  async function open(origin: string) {
    const clock = createTestClock()
    const test = await createTestGovernor({ database: database.url, clock, outbound: { allow: [origin] } })
    const { webhook } = await test.admin.webhooks.create({ url: origin, events: ['proposal.created'] })
    closing.push(async () => {
      await test.admin.webhooks.remove(webhook.id)
      await test.close()
    })
    return { test, clock, webhook }
  }

  it('tells a webhook within a few seconds of what happened [NOTE-4, NOTE-11]', async () => {
    const { received, origin } = await startReceiver((response) => void response.writeHead(204).end())
    const { test } = await open(origin)
    const worker = await createWorker(test.governor)
    closing.push(() => worker.close())
    await ask(test, 'heard')
    await expect.poll(() => received.length, { timeout: 15_000 }).toBe(1)
    await worker.close()
    await ask(test, 'unheard')
    expect(received).toHaveLength(1)
  })

  it('that is killed after it sent is followed by one that sends the same again, under the same id [NOTE-11]', async () => {
    const child = { kill: (): void => undefined }
    const { received, origin } = await startReceiver((response, count) => {
      if (count === 1) child.kill()
      else response.writeHead(204).end()
    })
    const { test, clock, webhook } = await open(origin)
    await ask(test, 'killed')
    const source = `
      import { createGovernor } from '@preceptor/core'
      import { createWorker } from '@preceptor/worker'
      const outbound = { allow: [${JSON.stringify(origin)}] }
      await createWorker(await createGovernor({ database: ${JSON.stringify(database.url)}, outbound }))`
    const spawned = spawn(process.execPath, ['--input-type=module', '-e', source], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    child.kill = () => void spawned.kill('SIGKILL')
    const [, signal] = await once(spawned, 'exit')
    expect(signal).toBe('SIGKILL')
    const state = async () => (await test.admin.webhooks.deliveries(webhook.id)).items[0]
    expect(await state()).toMatchObject({ state: 'sending', attempt: 1 })
    expect(await test.governor.jobs.notify(10)).toBe(0)
    clock.advance(31_000)
    expect(await test.governor.jobs.notify(10)).toBe(1)
    expect(await state()).toMatchObject({ state: 'delivered', attempt: 2, status: 204 })
    expect(received.map(({ id, body }) => [id, body])).toEqual(Array(2).fill([received[0]?.id, received[0]?.body]))
  })
})
