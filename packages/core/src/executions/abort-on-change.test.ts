import { setTimeout as delay } from 'node:timers/promises'
import type { GuardCall } from '@preceptor/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

let test: TestGovernor
let meanwhile: (() => Promise<unknown>) | undefined

beforeAll(async () => {
  const failpoint = async (name: string): Promise<void> => {
    if (name !== 'claim.after_commit') return
    const act = meanwhile
    meanwhile = undefined
    await act?.()
  }
  test = await createTestGovernor({ testing: { failpoint } })
})
afterAll(() => test.close())

/** Runs until it is aborted, having done something once it ran. */
function untilAborted(act: () => Promise<unknown>): (call: GuardCall) => Promise<unknown> {
  return ({ signal }) => {
    const aborted = new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    return Promise.all([aborted, act()])
  }
}

describe('a running call is aborted [I-10, I-13]', () => {
  it('when an agent that delegated it is paused', { timeout: 10_000 }, async () => {
    for (const id of ['lead', 'helper']) await test.register(id, 'autonomous')
    const trigger = { agent: 'helper', delegation: ['lead'], action: 'refund.create', args: {} }
    const run = untilAborted(() => test.admin.agents.pause('lead', 'Enough.'))
    await expect(test.agent('helper').guard(trigger, run)).rejects.toMatchObject({ code: 'AGENT_STOPPED' })
  })

  it('when its agent is demoted', { timeout: 10_000 }, async () => {
    await test.register('fallen', 'autonomous')
    const trigger = { agent: 'fallen', action: 'refund.create', args: {} }
    const run = untilAborted(() => test.admin.agents.demote('fallen', 'intern', 'Enough.'))
    await expect(test.agent('fallen').guard(trigger, run)).rejects.toMatchObject({ code: 'AGENT_CHANGED' })
  })

  it('but not when the level of another agent falls', { timeout: 10_000 }, async () => {
    await test.register('rising', 'intern')
    await test.register('bystander', 'autonomous')
    const trigger = { agent: 'bystander', action: 'refund.create', args: {} }
    const result = await test.agent('bystander').guard(trigger, async ({ signal }) => {
      await test.admin.agents.demote('rising', 'student', 'Not this one.')
      await delay(600)
      return signal.aborted
    })
    expect(result).toMatchObject({ status: 'executed', value: false })
  })
})

describe('what is announced between the claim and the run lets nothing begin [I-13]', () => {
  const changes = {
    'a stop': (agent: string) => test.admin.stops.set({ target: 'agent', agent, reason: 'Now.' }),
    'a pause': (agent: string) => test.admin.agents.pause(agent, 'Now.'),
    'a demotion': (agent: string) => test.admin.agents.demote(agent, 'student', 'Now.'),
  }
  const codes: Record<string, string> = {
    'a stop': 'STOPPED',
    'a pause': 'AGENT_STOPPED',
    'a demotion': 'AGENT_CHANGED',
  }

  it.each(Object.entries(changes))('%s', { timeout: 10_000 }, async (name, change) => {
    const agent = `sudden-${codes[name]?.toLowerCase()}`
    await test.register(agent, 'autonomous')
    let runs = 0
    meanwhile = async () => {
      await change(agent)
      // Long enough for this process to have heard of it, and to have found nothing of the agent that runs.
      await delay(600)
    }
    const trigger = { agent, action: 'refund.create', args: {}, idempotencyKey: 'once' }
    const run = (): void => {
      runs += 1
    }
    const result = await test.agent(agent).guard(trigger, run)
    expect(result).toMatchObject({ status: 'withheld', decision: { route: 'denied', code: codes[name] } })
    expect(runs).toBe(0)
    const record = await test.admin.decisions.get(result.decision.id)
    expect(record.execution).toMatchObject({ state: 'released' })
  })
})

describe('a checkpoint of a run that another agent delegated [I-10]', () => {
  it('does not pass once that one has changed', { timeout: 10_000 }, async () => {
    for (const id of ['changing', 'worker']) await test.register(id, 'autonomous')
    const trigger = { agent: 'worker', delegation: ['changing'], action: 'refund.create', args: {} }
    const running = test.agent('worker').guard(trigger, async ({ checkpoint }) => {
      await test.admin.agents.pause('changing', 'For a moment.')
      await test.admin.agents.resume('changing', 'Go on.')
      await checkpoint()
    })
    await expect(running).rejects.toMatchObject({ code: expect.stringMatching(/AGENT_(CHANGED|STOPPED)/) })
  })
})
