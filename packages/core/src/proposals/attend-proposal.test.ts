import { beforeAll, describe, expect, it } from 'vitest'
import { HOUR, shown, useApprovals } from './approvals.test.helper.ts'

const approvals = useApprovals()
const { ask, guard, intern, now, pass } = approvals
const bot = () =>
  approvals.test.governor.as({ workspace: 'default', principal: { kind: 'agent', id: 'bot', roles: [] } })
const kinds = async (subject: string) =>
  (await approvals.test.admin.journal.list({ subject, limit: 100 })).items.map(({ kind }) => kind)
const inHours = (hours: number, { createdAt }: { readonly createdAt: string }): string =>
  new Date(Date.parse(createdAt) + hours * HOUR).toISOString()

beforeAll(async () => {
  const { members } = approvals.test.admin
  await members.put('ben', { displayName: 'Ben', roles: ['supervisor'] })
  await members.put('vic', { displayName: 'Vic', roles: ['viewer'] })
  await members.put('own', { displayName: 'Own', roles: ['supervisor'] })
})

describe('a pending proposal', () => {
  it('is assigned to who may decide on it, and to nobody again [PROP-14]', async () => {
    const { ana, test } = approvals
    await test.admin.agents.register({ id: 'owned', maturity: 'intern', ownerId: 'own' })
    const { proposal } = await ask({ agent: 'owned' })
    expect(await ana.proposals.assign(proposal.id, 'ben')).toMatchObject({ assignedTo: 'ben', version: 1 })
    for (const nobody of ['vic', 'stranger', '']) {
      await expect(ana.proposals.assign(proposal.id, nobody)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    }
    await expect(ana.proposals.assign(proposal.id, 'own')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    await expect(bot().proposals.assign(proposal.id, null)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    expect(await now(proposal)).toMatchObject({ assignedTo: 'ben' })
    expect(await ana.proposals.assign(proposal.id, null)).toMatchObject({ assignedTo: null })
    expect((await kinds(proposal.id)).filter((kind) => kind === 'proposal.assigned')).toHaveLength(2)
  })

  it('is acknowledged and snoozed by who may decide on it, which changes nothing of its expiry [PROP-14]', async () => {
    const { ana, ben, test } = approvals
    const { proposal } = await ask({ agent: 'owned' })
    await expect(test.user('own', 'supervisor').proposals.acknowledge(proposal.id)).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    })
    const seen = await ana.proposals.acknowledge(proposal.id)
    expect(seen).toMatchObject({ acknowledgedBy: 'user:ana', acknowledgedAt: expect.any(String) })
    expect(await ana.proposals.acknowledge(proposal.id)).toEqual(seen)
    const until = inHours(2, proposal)
    expect(await ana.proposals.snooze(proposal.id, until)).toMatchObject({ snoozedUntil: until })
    for (const wrong of [inHours(-1, proposal), inHours(25, proposal), 'soon']) {
      await expect(ana.proposals.snooze(proposal.id, wrong)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    }
    expect(await ben.proposals.acknowledge(proposal.id)).toMatchObject({ acknowledgedBy: 'user:ben' })
    const { expiresAt, state } = await now(proposal)
    expect({ expiresAt, state }).toEqual({ expiresAt: proposal.expiresAt, state: 'pending' })
    expect((await kinds(proposal.id)).filter((kind) => /acknowledged|snoozed/.test(kind))).toHaveLength(3)
  })

  it('that is decided is not attended to any more [PROP-14, I-6]', async () => {
    const { ana, ben } = approvals
    const { proposal } = await ask()
    await ana.proposals.reject(proposal.id, { ...shown(proposal), category: 'other', reason: 'No.' })
    const late = { code: 'PROPOSAL_DECIDED', details: { state: 'rejected', decidedBy: ['user:ana'] } }
    await expect(ben.proposals.acknowledge(proposal.id)).rejects.toMatchObject(late)
    await expect(ben.proposals.assign(proposal.id, null)).rejects.toMatchObject(late)
    await expect(ben.proposals.snooze(proposal.id, inHours(1, proposal))).rejects.toMatchObject(late)
  })

  it('that was taken back has to be looked at again [PROP-14, I-7]', async () => {
    const { ana } = approvals
    await intern('back')
    const { trigger, proposal } = await ask({ agent: 'back' })
    await ana.proposals.acknowledge(proposal.id)
    await ana.proposals.approve(proposal.id, shown(proposal))
    await approvals.shake('back')
    expect(await guard(trigger)).toMatchObject({ decision: { proposal: { version: 2 } } })
    expect(await now(proposal)).toMatchObject({ state: 'pending', acknowledgedBy: null, acknowledgedAt: null })
  })
})

describe('a comment', () => {
  it('is for reviewers, oldest first, whatever became of the proposal; agents never see it [PROP-15, I-36]', async () => {
    const { ana, ben, test } = approvals
    const { proposal } = await ask()
    await ana.proposals.comment(proposal.id, 'Is the sum right?')
    await ana.proposals.cancel(proposal.id, 'Not needed.')
    const second = await ben.proposals.comment(proposal.id, '  It was. token=abcdefghijkl  ')
    expect(second).toMatchObject({ author: 'user:ben', proposalId: proposal.id, text: 'It was. token=[redacted]' })
    const first = await ana.proposals.comments(proposal.id, { limit: 1 })
    expect(first.items).toMatchObject([{ author: 'user:ana', text: 'Is the sum right?' }])
    expect(await ana.proposals.comments(proposal.id, { cursor: first.next ?? '' })).toEqual({
      items: [second],
      next: null,
    })
    for (const scope of [bot(), test.user('vic', 'viewer')]) {
      await expect(scope.proposals.comments(proposal.id)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
      await expect(scope.proposals.comment(proposal.id, 'me')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    }
    expect(JSON.stringify((await bot().journal.list({ limit: 100 })).items)).not.toMatch(/sum right|It was/)
    for (const wrong of ['', '   ', 'a'.repeat(4_001)]) {
      await expect(ana.proposals.comment(proposal.id, wrong)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    }
    await expect(ana.proposals.comment('prp_none', 'here')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('an extension', () => {
  it('is the next version, which is approved anew [PROP-13, I-3]', async () => {
    const { ana, ben, test } = approvals
    const { trigger, proposal } = await ask({ action: 'ledger.close' })
    await ana.proposals.acknowledge(proposal.id)
    await ana.proposals.approve(proposal.id, shown(proposal))
    const until = inHours(72, proposal)
    const extended = await ben.proposals.extend(proposal.id, { ...shown(proposal), until })
    expect(extended).toMatchObject({ version: 2, state: 'pending', expiresAt: until, acknowledgedBy: 'user:ana' })
    expect(extended.args).toEqual(proposal.args)
    expect(extended.actionHash).not.toBe(proposal.actionHash)
    await expect(ben.proposals.approve(proposal.id, shown(proposal))).rejects.toMatchObject({
      code: 'PROPOSAL_CHANGED',
    })
    expect(await ben.proposals.approve(proposal.id, shown(extended))).toMatchObject({ state: 'pending' })
    pass(30 * HOUR)
    await test.governor.jobs.run('expire-proposals', { workspace: 'default' })
    expect(await ana.proposals.approve(proposal.id, shown(extended))).toMatchObject({ state: 'approved' })
    expect(await guard(trigger)).toMatchObject({ status: 'executed' })
    expect(await kinds(proposal.id)).toContain('proposal.extended')
  })

  it('is of what was shown, is pending, and ends 7 days after it was proposed at the latest [PROP-13]', async () => {
    const { ana, ben, test } = approvals
    const { proposal } = await ask()
    const extend = (hours: number) =>
      ana.proposals.extend(proposal.id, { ...shown(proposal), until: inHours(hours, proposal) })
    for (const hours of [-1, 23, 24, 7 * 24 + 1])
      await expect(extend(hours)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    const stale = { version: 1, actionHash: 'f'.repeat(64), until: inHours(48, proposal) }
    await expect(ana.proposals.extend(proposal.id, stale)).rejects.toMatchObject({ code: 'PROPOSAL_CHANGED' })
    await expect(bot().proposals.extend(proposal.id, stale)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    const own = (await ask({ agent: 'owned' })).proposal
    const owner = test.user('own', 'supervisor').proposals
    await expect(owner.extend(own.id, { ...shown(own), until: inHours(48, own) })).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    })
    expect(await extend(7 * 24)).toMatchObject({ version: 2 })
    await ben.proposals.approve(proposal.id, shown(await now(proposal)))
    await expect(extend(7 * 24)).rejects.toMatchObject({ code: 'PROPOSAL_DECIDED' })
  })
})

describe('the history of an agent', () => {
  it('is what was decided, newest first, and shows each what it may see [PROP-20, I-36]', async () => {
    const { ana, test } = approvals
    await intern('past')
    const asked = []
    for (const action of ['refund.create', 'refund.create', 'ledger.close', 'refund.create']) {
      asked.push((await ask({ agent: 'past', action, args: { cents: 7 } })).proposal)
    }
    const [first, second, third] = asked
    if (first === undefined || second === undefined || third === undefined) throw new Error('Nothing was asked.')
    await ana.proposals.respond(first.id, { ...shown(first), response: 'by hand', reason: 'Between us.' })
    await ana.proposals.approve(second.id, shown(second))
    await ana.proposals.cancel(third.id, 'Not needed.')
    const idsOf = (page: { readonly items: readonly { readonly id: string }[] }) => page.items.map(({ id }) => id)
    expect(idsOf(await ana.proposals.history('past'))).toEqual([third.id, second.id, first.id])
    const page = await ana.proposals.history('past', { action: 'refund.create', limit: 1 })
    expect(idsOf(page)).toEqual([second.id])
    const rest = await ana.proposals.history('past', { action: 'refund.create', cursor: page.next ?? '' })
    expect(rest).toMatchObject({ items: [{ id: first.id, reviews: [{ reason: 'Between us.' }] }], next: null })
    const viewed = await test.user('vic', 'viewer').proposals.history('past')
    expect(viewed.items[2]).toMatchObject({
      args: { cents: '[redacted]' },
      response: null,
      reviews: [{ reason: null }],
    })
    await expect(bot().proposals.history('past')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    await expect(ana.proposals.history('nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
