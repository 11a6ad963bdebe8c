import type { JsonObject } from '@preceptor/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestClock } from '../testing/test-clock.ts'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

const HOUR = 3_600_000
const clock = createTestClock()
let test: TestGovernor

beforeAll(async () => {
  test = await createTestGovernor({ clock, settings: { deadlineMs: 30_000 } })
  await put({ breaker: { failures: 3, per: 'hour' } })
})
afterAll(() => test.close())

async function put(document: JsonObject): Promise<void> {
  const { version } = await test.admin.policies.current()
  await test.admin.policies.put(document, { basedOn: version, reason: 'a test' })
}

let agents = 0
async function agent(): Promise<string> {
  agents += 1
  await test.register(`agent-${agents}`, 'autonomous')
  return `agent-${agents}`
}

const lifecycleOf = async (id: string) => (await test.admin.agents.get(id)).lifecycle
const alertsOf = async (id: string) =>
  (await test.admin.alerts.list({ limit: 100 })).items.filter(({ subjectId }) => subjectId === id)

async function fail(id: string): Promise<void> {
  const failing = test.agent(id).guard({ agent: id, action: 'refund.create', args: {} }, () => {
    throw new TypeError('no answer')
  })
  await expect(failing).rejects.toThrow('no answer')
}

async function beRefused(id: string): Promise<void> {
  expect(await test.agent(id).decide({ agent: id, action: 'no.such', args: {} })).toMatchObject({
    code: 'ACTION_UNKNOWN',
  })
}

describe('a breaker', () => {
  it('pauses an agent at its last failure or refusal, with an alert, until a person resumes it [LIM-4]', async () => {
    const id = await agent()
    await fail(id)
    await beRefused(id)
    expect(await lifecycleOf(id)).toBe('active')
    await fail(id)
    expect(await lifecycleOf(id)).toBe('paused')
    expect(await test.agent(id).decide({ agent: id, action: 'order.read', args: {} })).toMatchObject({
      code: 'AGENT_PAUSED',
    })
    expect(await alertsOf(id)).toMatchObject([{ code: 'BREAKER_OPEN', agent: id, clearedAt: null }])
    const { items } = await test.admin.journal.list({ subject: id, kind: 'agent.paused' })
    expect(items).toMatchObject([{ body: { actor: 'system:breaker' } }])
    await test.admin.agents.resume(id, 'It was looked at.')
    await test.governor.jobs.run('check-alerts', { workspace: 'default' })
    expect(await alertsOf(id)).toMatchObject([{ clearedAt: expect.any(String) }])
    await fail(id)
    await fail(id)
    expect(await lifecycleOf(id)).toBe('active')
    await beRefused(id)
    expect(await lifecycleOf(id)).toBe('paused')
  })

  it('counts each agent and each window apart, and 20 failures at once pause once [LIM-4]', async () => {
    const [one, other] = [await agent(), await agent()]
    for (const id of [one, one, other, other]) await beRefused(id)
    clock.advance(HOUR)
    await beRefused(one)
    expect([await lifecycleOf(one), await lifecycleOf(other)]).toEqual(['active', 'active'])
    await Promise.all(
      Array.from({ length: 20 }, () => test.agent(other).decide({ agent: other, action: 'x', args: {} })),
    )
    expect(await lifecycleOf(other)).toBe('paused')
    const { items } = await test.admin.journal.list({ subject: other, kind: 'agent.paused' })
    expect(items).toHaveLength(1)
  })

  it('does not count what a person sets off, what was set for the agent, or anything where there is none [LIM-4]', async () => {
    const id = await agent()
    for (let times = 0; times < 4; times += 1) {
      await test.user('sue', 'supervisor').decide({ agent: id, action: 'no.such', args: {} })
    }
    const stop = await test.admin.stops.set({ target: 'agent', agent: id, reason: 'a test' })
    for (let times = 0; times < 4; times += 1) {
      expect(await test.agent(id).decide({ agent: id, action: 'note.write', args: {} })).toMatchObject({
        code: 'STOPPED',
      })
    }
    await test.admin.stops.lift(stop.id, 'a test')
    await put({})
    for (let times = 0; times < 4; times += 1) await fail(id)
    expect(await lifecycleOf(id)).toBe('active')
  })
})
