import { createGovernor, type EmbeddedGovernor } from '@preceptor/core'
import { createTestClock } from '@preceptor/core/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { governanceApi } from './governance-api.ts'
import { queueRoutes } from './queue-routes.ts'

const clock = createTestClock()
let governor: EmbeddedGovernor

beforeAll(async () => {
  // It never ends, so that its claim is lost.
  const execute = (): Promise<void> => new Promise(() => undefined)
  governor = await createGovernor({
    memory: true,
    report: () => undefined,
    clock,
    settings: { closeWithinMs: 10 },
    actions: { 'refund.create': { risk: 'high', execute } },
  })
})
afterAll(() => governor.close())

const as = (kind: 'agent' | 'user' | 'system', id: string, ...roles: 'supervisor'[]) =>
  governor.as({ workspace: 'default', principal: { kind, id, roles } })

it('answers to what came of a queued run that was lost by its schema [HTTP-4, QUEUE-1]', async () => {
  const host = as('system', 'host')
  await host.agents.register({ id: 'bot', maturity: 'supervised', ownerId: 'system' })
  await host.members.put('sue', { displayName: 'Sue', roles: ['supervisor'] })
  const user = { displayName: 'k', principalKind: 'user', principalId: 'sue', roles: ['supervisor'] } as const
  const { secret } = await host.keys.create(user)
  const waiting = await as('agent', 'bot').decide({ agent: 'bot', action: 'refund.create', args: {} })
  if (waiting.route !== 'queue') throw new Error(waiting.reason)
  const { id } = waiting.queueEntry
  const sue = as('user', 'sue', 'supervisor')
  await sue.presence.heartbeat()
  expect(await governor.jobs.runQueue(1)).toMatchObject({ offered: 1 })
  await sue.sessions.attach((await sue.queue.get(id)).sessionId ?? '')
  expect((await governor.jobs.runQueue(1)).runs).toHaveLength(1)
  const send = async (outcome: string) => {
    const response = await governanceApi(governor).request(`/supervised-queue/${id}/resolve`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ outcome, reason: 'The bank says so.' }),
    })
    const body: unknown = await response.json()
    return { status: response.status, body }
  }
  expect(await send('succeeded')).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
  clock.advance(31_000)
  await governor.jobs.run('settle-lost-executions', {})
  const resolved = await send('succeeded')
  expect(resolved).toMatchObject({ status: 200, body: { state: 'completed', outcome: 'succeeded' } })
  const route = queueRoutes.find(({ path }) => path === '/supervised-queue/{id}/resolve')
  expect(route?.response.safeParse(resolved.body).success).toBe(true)
})
