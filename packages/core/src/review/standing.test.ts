import type { Proposal } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { honest, shown, usePlane, verdict } from './plane.test.helper.ts'

describe('a reviewer that degrades', () => {
  const plane = usePlane(() => ({}))

  it('is suspended by a canary, which nothing can run, and what it approved is taken back [REVIEW-5, I-28]', async () => {
    const { test, ana } = plane
    await plane.earn()
    let approved: Proposal | undefined
    while (approved?.state !== 'approved') {
      const { proposalId } = await plane.decide('approve')
      approved = await test.admin.proposals.get(proposalId ?? '')
      if (approved.decidedBy[0] !== 'agent:judge') approved = undefined
    }
    const before = (await test.admin.proposals.list({ limit: 100 })).items.length
    // From now on it approves whatever it is shown.
    plane.says((question) => verdict('approve', question))
    const high: Proposal[] = []
    let reviews = 0
    let end: unknown
    while (end === undefined) {
      const proposal = await plane.ask(reviews % 2 === 0 ? 'refund.create' : 'ledger.close')
      high.push(proposal)
      reviews += 1
      await ana.proposals.review(proposal.id).catch((error: unknown) => {
        end = error
      })
      expect(reviews).toBeLessThanOrEqual(21)
    }
    expect(end).toMatchObject({ code: 'CONFLICT' })
    for (const { id } of high) {
      expect(await test.admin.proposals.get(id)).toMatchObject({ state: 'pending', reviews: [] })
    }
    const [reviewer] = (await ana.reviewers.list()).items
    expect(reviewer).toMatchObject({ agent: 'judge', state: 'suspended', record: { missed: 1 } })
    const alerts = (await ana.alerts.list({ state: 'open' })).items
    expect(alerts).toMatchObject([{ code: 'REVIEWER_SUSPENDED', subjectId: 'judge', agent: 'judge' }])
    expect((await test.admin.journal.list({ kind: 'reviewer.suspended' })).items).toHaveLength(1)
    const canaries = (await ana.reviews.list({ agent: 'judge', limit: 100 })).items
    expect(canaries.length).toBeGreaterThanOrEqual(4)
    expect(
      canaries.every(({ kind, proposalId, effect }) => kind === 'canary' && proposalId === null && effect === 'none'),
    ).toBe(true)
    expect((await test.admin.proposals.list({ limit: 100 })).items.length).toBe(Math.min(100, before + high.length))
    // The approval that it gave before does not hold any more.
    const { agent, action, args, id } = approved
    const run = await test.agent(agent).guard({ agent, action, args, permit: id }, () => 'ran')
    expect(run.status).not.toBe('executed')
    expect(await test.admin.proposals.get(id)).toMatchObject({ state: 'pending', version: 2 })
  }, 60_000)

  it('comes back by an administrator without a hand in it, with a new record [REVIEW-5, REVIEW-7]', async () => {
    const { test, ana } = plane
    const denied = { code: 'PERMISSION_DENIED' }
    await expect(ana.reviewers.resume('judge', 'Fixed.')).rejects.toMatchObject(denied)
    await expect(test.user('paul', 'admin').reviewers.resume('judge', 'Mine.')).rejects.toMatchObject(denied)
    expect(await test.admin.reviewers.resume('judge', 'Fixed.')).toMatchObject({
      state: 'active',
      record: { agreed: 0, caught: 0, missed: 0, counts: { safe: false, medium: false } },
    })
    await expect(test.admin.reviewers.resume('judge', 'Again.')).rejects.toMatchObject({ code: 'CONFLICT' })
    expect((await ana.alerts.list({ state: 'open' })).items).toEqual([])
    plane.later(1_000)
    plane.says(honest('approve'))
    expect(await plane.decide('approve')).toMatchObject({ verdict: 'approve', effect: 'none' })
    expect(await ana.reviewers.suspend('judge', 'By hand.')).toMatchObject({
      state: 'suspended',
      changedBy: 'user:ana',
    })
    await expect(ana.reviewers.suspend('nobody', 'x')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const proposal = await plane.ask()
    await expect(ana.proposals.review(proposal.id)).rejects.toMatchObject({ code: 'CONFLICT' })
    await test.admin.reviewers.resume('judge', 'Fixed.')
    plane.later(1_000)
  })

  it('is suspended where people often see it otherwise [REVIEW-5, I-28]', async () => {
    plane.says(honest('approve'))
    for (let turn = 0; turn < 8; turn += 1) await plane.decide('reject')
    const proposal = await plane.ask()
    await expect(plane.ana.proposals.review(proposal.id)).rejects.toMatchObject({ code: 'CONFLICT' })
    const [reviewer] = (await plane.ana.reviewers.list()).items
    expect(reviewer).toMatchObject({ state: 'suspended', reason: expect.stringContaining('8 were not theirs') })
  })
})

describe('what a reviewer approves in sum', () => {
  const plane = usePlane(() => ({ settings: { reviewedPerAgent: 10 } }))

  it('is limited for each target and agent; what goes beyond, or cannot be measured, is for people [REVIEW-6, I-24]', async () => {
    const { test, ana } = plane
    await plane.earn()
    const { version } = await test.admin.policies.current()
    const limits = [{ action: 'note.write', per: 'target', target: 'to', spend: 'cents', most: 2_500_000 }] as const
    await test.admin.policies.put({ review: { limits } }, { basedOn: version, reason: 'a test' })
    const ask = async (args: object) => {
      for (;;) {
        const review = await ana.proposals.review((await plane.ask('note.write', args)).id)
        if (!review.isSampled) return review
      }
    }
    // Each of the three is small enough by itself.
    expect(await ask({ to: 'AT1', cents: 1_000_000 })).toMatchObject({ effect: 'approved' })
    expect(await ask({ to: 'AT1', cents: 1_000_000 })).toMatchObject({ effect: 'approved' })
    const third = await ask({ to: 'AT1', cents: 1_000_000 })
    expect(third).toMatchObject({ verdict: 'approve', effect: 'none', note: expect.stringMatching(/used up/) })
    expect(await ask({ to: 'AT2', cents: 1_000_000 })).toMatchObject({ effect: 'approved' })
    for (const args of [{ to: 'AT3' }, { to: 'AT3', cents: -5 }, { cents: 5 }]) {
      expect(await ask(args)).toMatchObject({ effect: 'none', note: expect.stringMatching(/cannot be measured/) })
    }
    let last = await ask({ to: 'AT4', cents: 1 })
    while (last.effect === 'approved') last = await ask({ to: 'AT4', cents: 1 })
    expect(last.note).toMatch(/10 approvals for one agent/)
    const decided = (await ana.reviews.list({ limit: 100 })).items.filter(({ effect }) => effect === 'approved')
    expect(decided).toHaveLength(10)
    plane.later(86_400_000)
    expect(await ask({ to: 'AT1', cents: 1_000_000 })).toMatchObject({ effect: 'approved' })
  }, 60_000)

  it('is reviewed unasked only where the policy says so, and never of high risk [REVIEW-8]', async () => {
    const { test } = plane
    const [medium, high] = [await plane.ask(), await plane.ask('refund.create')]
    expect(await test.governor.jobs.review(5)).toBe(0)
    const { version } = await test.admin.policies.current()
    await test.admin.policies.put({ review: { automatic: true } }, { basedOn: version, reason: 'a test' })
    let reviewed = 0
    for (let turn = 0; turn < 50; turn += 1) {
      const some = await test.governor.jobs.review(5)
      reviewed += some
      if (some === 0) break
    }
    expect(reviewed).toBeGreaterThan(0)
    const items = (await plane.ana.reviews.list({ limit: 100 })).items
    expect(items.find(({ proposalId }) => proposalId === medium.id)).toMatchObject({ askedBy: 'system:reviewer' })
    expect(items.some(({ proposalId }) => proposalId === high.id)).toBe(false)
    expect(await test.governor.jobs.review(5)).toBe(0)
  }, 60_000)
})

describe('who may ask', () => {
  const plane = usePlane(() => ({}))

  it('is a person who judges, and nobody says which reviewer it is [REVIEW-1, REVIEW-7, I-27]', async () => {
    const { test } = plane
    plane.says(honest('escalate'))
    const proposal = await plane.ask()
    const denied = { code: 'PERMISSION_DENIED' }
    const agent = test.governor.as({ workspace: 'default', principal: { kind: 'agent', id: 'intern', roles: [] } })
    await expect(agent.proposals.review(proposal.id)).rejects.toMatchObject(denied)
    await expect(test.user('vic', 'viewer').proposals.review(proposal.id)).rejects.toMatchObject(denied)
    for (const scope of [agent, test.user('vic', 'viewer')]) {
      await expect(scope.reviews.list()).rejects.toMatchObject(denied)
      await expect(scope.reviewers.list()).rejects.toMatchObject(denied)
    }
    await expect(plane.ana.proposals.review('prp_none')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(() => test.governor.registerReviewer({ agent: 'x' }, 'model' as 'rules')).toThrow(/bound to/)
  })

  it('leaves it to rules where a reviewer is bound to them, which count for safe actions alone [REVIEW-8]', async () => {
    const { test, ana } = plane
    const trusted = { maturity: 'autonomous', ownerId: 'paul', category: 'Rules' } as const
    await test.admin.agents.register({ id: 'table', ...trusted })
    const end = test.governor.registerReviewer({ agent: 'table' }, 'rules')
    await test.admin.agents.change('intern', { category: 'Rules' })
    const proposal = await plane.ask()
    const review = await ana.proposals.review(proposal.id)
    expect(review).toMatchObject({ reviewer: 'table', by: 'rules', verdict: 'escalate', effect: 'none' })
    for (let turn = 0; turn < 3; turn += 1) {
      const before = await plane.ask()
      await ana.proposals.approve(before.id, shown(before))
      const { agent, action, args, id } = before
      await test.agent(agent).guard({ agent, action, args, permit: id }, () => 'ran')
    }
    const alike = await ana.proposals.review((await plane.ask()).id)
    expect(alike).toMatchObject({
      by: 'rules',
      verdict: 'approve',
      effect: 'none',
      note: expect.stringMatching(/enough/),
    })
    end()
    const next = await plane.ask()
    await expect(ana.proposals.review(next.id)).rejects.toMatchObject({ code: 'CONFLICT' })
  })
})
