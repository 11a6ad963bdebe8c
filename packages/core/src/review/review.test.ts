import type { AgentReview } from '@preceptor/client'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { describe, expect, it } from 'vitest'
import { honest, type Plane, shown, usePlane } from './plane.test.helper.ts'

function reviews(plane: Plane): void {
  const judge = async () => (await plane.ana.reviewers.list()).items[0]

  it('is advice until the record of the reviewer lets it count, and then decides medium risk [REVIEW-2, REVIEW-3]', async () => {
    const { ana, says, test } = plane
    says(honest('approve'))
    const first = await plane.ask()
    const review = await ana.proposals.review(first.id)
    expect(review).toMatchObject({ verdict: 'approve', effect: 'none', reviewer: 'judge', by: 'model:judge' })
    expect(review.note).toMatch(/not shown enough/)
    expect(await ana.proposals.review(first.id)).toEqual(review)
    expect(await test.admin.proposals.get(first.id)).toMatchObject({ state: 'pending' })
    await ana.proposals.approve(first.id, shown(first))
    for (let turn = 0; turn < 40 && (await judge())?.record.counts.medium !== true; turn += 1)
      await plane.decide('approve')
    const record = (await judge())?.record
    expect(record).toMatchObject({ disagreed: 0, missed: 0, counts: { medium: true } })
    expect(record?.caught).toBeGreaterThanOrEqual(3)
    let decided: AgentReview | undefined
    while (decided?.effect !== 'approved') decided = await plane.decide('approve')
    const proposal = await test.admin.proposals.get(decided.proposalId ?? '')
    expect(proposal).toMatchObject({ state: 'approved', decidedBy: ['agent:judge'] })
    const journal = await test.admin.journal.list({ subject: proposal.id, kind: 'review.completed' })
    expect(journal.items[0]?.body).toMatchObject({ actor: 'agent:judge', reviewId: decided.id, effect: 'approved' })
    // What an agent approved shows nothing of another agent to count.
    const before = (await test.admin.agents.get('intern')).confidence
    await test.governor.jobs.run('count-evidence', { workspace: 'default' })
    expect((await test.admin.agents.get('intern')).confidence).toBe(before)
    says(honest('deny'))
    expect(await plane.decide('reject')).toMatchObject({ verdict: 'deny', effect: 'rejected' })
  })

  it('decides nothing of high or critical risk, whatever it says and however good its record is [REVIEW-2, I-24]', async () => {
    const { ana, says, test } = plane
    says(honest('approve'))
    for (const action of ['refund.create', 'ledger.close']) {
      const proposal = await plane.ask(action)
      const review = await ana.proposals.review(proposal.id)
      expect(review).toMatchObject({ verdict: 'approve', effect: 'none', note: expect.stringMatching(/for people/) })
      expect(await test.admin.proposals.get(proposal.id)).toMatchObject({ state: 'pending', reviews: [] })
    }
  })
}

describe('a verdict of an autonomous reviewer', () => {
  reviews(usePlane(() => ({ memory: true })))
})

describeWithPostgres('a verdict of an autonomous reviewer on Postgres', () => {
  const database = useTestDatabase()
  reviews(usePlane(() => ({ database: database.url })))
})
