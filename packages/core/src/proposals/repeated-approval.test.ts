import type { Trigger } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { HOUR, shown, useApprovals } from './approvals.test.helper.ts'

const approvals = useApprovals()
const { ask, guard, intern, now, pass, shake } = approvals

const matching = (cents: number, idempotencyKey: string): Trigger => ({
  agent: 'bot',
  action: 'refund.create',
  args: { cents },
  permit: 'matching',
  idempotencyKey,
})

describe('an attempt with a key of its own that runs under a matching approval', () => {
  it('runs once, however many of its kind are approved [I-4, I-22]', async () => {
    const { ana } = approvals
    for (const { proposal } of [await ask({ args: { cents: 900 } }), await ask({ args: { cents: 900 } })]) {
      await ana.proposals.approve(proposal.id, shown(proposal))
    }
    expect(await guard(matching(900, 'mine'))).toMatchObject({ status: 'executed' })
    expect(await guard(matching(900, 'mine'))).toMatchObject({ status: 'replayed' })
    const { permit: _, ...plain } = matching(900, 'mine')
    expect(await guard(plain)).toMatchObject({ status: 'replayed' })
    expect(await guard(matching(900, 'another'))).toMatchObject({ status: 'executed' })
  })

  it('does not run when the key has run already [I-4, I-22]', async () => {
    const { ana, test } = approvals
    await test.register('free', 'autonomous')
    const mine = { ...matching(903, 'ran'), agent: 'free' }
    const { permit: _, ...plain } = mine
    expect(await guard(plain)).toMatchObject({ status: 'executed' })
    await test.admin.agents.demote('free', 'intern', 'Test.')
    const { proposal } = await ask({ agent: 'free', args: { cents: 903 } })
    await ana.proposals.approve(proposal.id, shown(proposal))
    expect(await guard(mine)).toMatchObject({ status: 'replayed' })
  })

  it('gets the decision on its own proposal when it comes back [I-6, I-22]', async () => {
    const { ana, test } = approvals
    const first = await guard(matching(901, 'asks'))
    expect(await guard(matching(901, 'asks'))).toMatchObject({ decision: { route: 'proposal', id: first.decision.id } })
    const { items } = await test.admin.proposals.list({ state: 'pending' })
    const own = items.find(({ decisionId }) => decisionId === first.decision.id)
    if (own === undefined) throw new Error('Nothing was proposed.')
    await ana.proposals.reject(own.id, { ...shown(own), category: 'other', reason: 'No.' })
    expect(await guard(matching(901, 'asks'))).toMatchObject({ decision: { code: 'PROPOSAL_REJECTED' } })
  })
})

describe('an attempt that comes back', () => {
  it('learns that its run failed, also of an idempotent action [I-4]', async () => {
    const { ana, test } = approvals
    const { trigger, proposal } = await ask({ action: 'refund.retry' })
    await ana.proposals.approve(proposal.id, shown(proposal))
    const failing = test.agent('bot').guard(trigger, () => Promise.reject(new Error('Declined.')))
    await expect(failing).rejects.toThrow('Declined.')
    expect(await guard(trigger)).toMatchObject({ status: 'replayed', outcome: { status: 'failed' } })
  })

  it('is not sent for an approval while the one that it had is in use [I-4]', async () => {
    const { ana, test } = approvals
    await intern('slow')
    const { trigger, proposal } = await ask({ agent: 'slow', action: 'refund.retry' })
    await ana.proposals.approve(proposal.id, shown(proposal))
    await test.agent('slow').decide(trigger, { claim: true })
    pass(HOUR)
    expect(await guard(trigger)).toMatchObject({ decision: { route: 'denied', code: 'EXECUTION_IN_PROGRESS' } })
  })

  it('runs with what was approved after a claim under which nothing ran [I-4]', async () => {
    const { ana, test } = approvals
    const { trigger, proposal } = await ask({ args: { cents: 33 } })
    await ana.proposals.approve(proposal.id, shown(proposal))
    const aborted = test.agent('bot').guard(trigger, () => 'no', { signal: AbortSignal.abort(new Error('Not now.')) })
    await expect(aborted).rejects.toThrow('Not now.')
    await shake('bot')
    expect(await guard(trigger)).toMatchObject({ decision: { proposal: { version: 2 } } })
    await ana.proposals.approve(proposal.id, { ...shown(await now(proposal)), args: { cents: 22 } })
    expect(await guard(trigger)).toMatchObject({ status: 'executed', value: { cents: 22 } })
  })
})
