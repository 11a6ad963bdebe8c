import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { shown, useApprovals } from './approvals.test.helper.ts'

const approvals = useApprovals()
const { ask, guard } = approvals

describe('who asked is told', () => {
  it('what a reviewer made of the args, without secrets [LC-15]', async () => {
    const { ana, test } = approvals
    const args = z.object({ cents: z.int(), note: z.string().optional(), password: z.string().default('none') })
    await test.admin.registerActions({ 'refund.noted': { risk: 'high', args } })
    const { trigger, proposal } = await ask({ action: 'refund.noted', args: { cents: 5, note: 'late' } })
    const edit = { ...shown(proposal), args: { cents: 4, password: 'hunter2' } }
    await ana.proposals.approve(proposal.id, edit)
    expect(await guard(trigger)).toMatchObject({
      value: { cents: 4, password: 'hunter2' },
      decision: { approval: { edited: { cents: 4, note: null, password: '[redacted]' } } },
    })
  })

  it('nothing of an edit where there was none', async () => {
    const { ana } = approvals
    const { trigger, proposal } = await ask()
    await ana.proposals.approve(proposal.id, shown(proposal))
    const result = await guard(trigger)
    expect(result.decision).toMatchObject({ approval: { version: 1 } })
    expect(result.decision).not.toHaveProperty('approval.edited')
  })

  it('who rejected it, as what and why, without secrets [LC-16]', async () => {
    const { ana } = approvals
    const { trigger, proposal } = await ask()
    const reason = 'Ask the customer first. token=abcdefghijkl'
    await ana.proposals.reject(proposal.id, { ...shown(proposal), category: 'wrong_time', reason })
    expect((await guard(trigger)).decision).toMatchObject({
      code: 'PROPOSAL_REJECTED',
      reason: `The proposal ${proposal.id} of this attempt is rejected by user:ana (wrong time): Ask the customer first. token=[redacted].`,
    })
  })
})
