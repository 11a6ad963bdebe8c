import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

let test: TestGovernor
let meanwhile: (() => Promise<unknown>) | undefined

beforeAll(async () => {
  test = await createTestGovernor({
    testing: {
      failpoint: async (name) => {
        if (name !== 'claim.after_commit') return
        const act = meanwhile
        meanwhile = undefined
        await act?.()
      },
    },
  })
  for (const id of ['lead', 'helper', 'fallen', 'sudden']) await test.register(id, 'autonomous')
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

describe('a running call of an agent that is demoted [I-13]', () => {
  it('is aborted', { timeout: 10_000 }, async () => {
    const trigger = { agent: 'fallen', action: 'refund.create', args: {} }
    const running = test.agent('fallen').guard(trigger, async ({ signal }) => {
      const aborted = new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      await Promise.all([aborted, test.admin.agents.demote('fallen', 'intern', 'Enough.')])
    })
    await expect(running).rejects.toMatchObject({ code: 'AGENT_CHANGED' })
  })
})

describe('a stop that is announced between the claim and the run [I-13]', () => {
  it('lets nothing begin', { timeout: 10_000 }, async () => {
    let ran = false
    meanwhile = async () => {
      const { id } = await test.admin.stops.set({ target: 'agent', agent: 'sudden', reason: 'Now.' })
      // Long enough for the process to have heard of it, and to have found nothing that runs.
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      return id
    }
    const running = test.agent('sudden').guard({ agent: 'sudden', action: 'refund.create', args: {} }, () => {
      ran = true
    })
    await expect(running).rejects.toMatchObject({ code: 'STOPPED' })
    expect(ran).toBe(false)
  })
})

describe('a checkpoint of a run that another agent delegated [I-10]', () => {
  it('does not pass once that one has changed', { timeout: 10_000 }, async () => {
    const trigger = { agent: 'helper', delegation: ['changing'], action: 'refund.create', args: {} }
    await test.register('changing', 'autonomous')
    const running = test.agent('helper').guard(trigger, async ({ checkpoint }) => {
      await test.admin.agents.pause('changing', 'For a moment.')
      await test.admin.agents.resume('changing', 'Go on.')
      await checkpoint()
    })
    await expect(running).rejects.toMatchObject({ code: expect.stringMatching(/AGENT_(CHANGED|STOPPED)/) })
  })
})
