import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

let test: TestGovernor
const outcome = { status: 'succeeded', value: 'said', stored: true } as const
const attempt = (idempotencyKey: string) => ({ agent: 'bot', action: 'refund.create', args: {}, idempotencyKey })

beforeAll(async () => {
  test = await createTestGovernor({ settings: { claimLeaseMs: 300 } })
  await test.register('bot', 'autonomous')
})
afterAll(() => test.close())

describe('the outcome of a claimed run [I-4, I-18]', () => {
  it('cannot be reported while a guard runs it', async () => {
    const bot = test.agent('bot')
    const result = await bot.guard(attempt('guarded'), async ({ decision }) => {
      await expect(bot.report(decision.id, outcome)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
      return 'done'
    })
    expect(result).toMatchObject({ status: 'executed', recorded: true })
    expect(await bot.guard(attempt('guarded'), () => 'no')).toMatchObject({ outcome: { value: 'done' } })
  })

  it('is reported by its claimant only', async () => {
    const decision = await test.agent('bot').decide(attempt('claimed'), { claim: true })
    const other = test.governor.as({ workspace: 'default', principal: { kind: 'system', id: 'other', roles: [] } })
    await expect(other.report(decision.id, outcome)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    await test.agent('bot').report(decision.id, outcome)
  })

  it('may come long after the lease of a run that is renewed', async () => {
    const slow = { ...attempt('slow'), action: 'refund.retry' }
    const decision = await test.agent('bot').decide(slow, { claim: true })
    await new Promise((resolve) => setTimeout(resolve, 400))
    const again = await test.agent('bot').guard(slow, () => 'twice')
    expect(again).toMatchObject({ status: 'withheld', decision: { code: 'EXECUTION_IN_PROGRESS' } })
    await test.agent('bot').report(decision.id, outcome)
    expect((await test.admin.decisions.get(decision.id)).execution).toMatchObject({ state: 'succeeded' })
  })
})
