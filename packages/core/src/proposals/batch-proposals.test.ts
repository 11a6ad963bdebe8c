import type { GuardCall, JsonObject, Proposal, Trigger } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { HOUR, shown, useApprovals } from './approvals.test.helper.ts'

const approvals = useApprovals()
const { ask, guard, intern, now, pass } = approvals

async function put(document: JsonObject): Promise<void> {
  const { version } = await approvals.test.admin.policies.current()
  await approvals.test.admin.policies.put(document, { basedOn: version, reason: 'Test.' })
}

async function several(count: number, extra: Partial<Trigger> = {}): Promise<Proposal[]> {
  const asked: Proposal[] = []
  for (let index = 0; index < count; index += 1) {
    asked.push((await ask({ action: 'note.write', args: { index }, ...extra })).proposal)
  }
  return asked
}

const itemOf = (proposal: Proposal) => ({ id: proposal.id, ...shown(proposal) })
const approve = (proposals: readonly Proposal[]) =>
  approvals.ana.proposals.batch({ decision: 'approve', items: proposals.map(itemOf), reason: 'All alike.' })

describe('a batch', () => {
  it('decides each proposal by itself, and says of each what it came to [PROP-12, I-6]', async () => {
    const { ana, ben, test } = approvals
    const [one, decided, stale, last] = (await several(4)) as [Proposal, Proposal, Proposal, Proposal]
    await ben.proposals.reject(decided.id, { ...shown(decided), category: 'other', reason: 'No.' })
    const items = [itemOf(one), itemOf(decided), { ...itemOf(stale), version: 2 }, itemOf(last)]
    const result = await ana.proposals.batch({ decision: 'approve', items })
    expect(result.items).toMatchObject([
      { id: one.id, result: 'decided', proposal: { state: 'approved', decidedBy: ['user:ana'] } },
      { id: decided.id, result: 'refused', problem: { code: 'PROPOSAL_DECIDED', message: expect.any(String) } },
      { id: stale.id, result: 'refused', problem: { code: 'PROPOSAL_CHANGED' } },
      { id: last.id, result: 'decided', proposal: { state: 'approved' } },
    ])
    expect(await now(stale)).toMatchObject({ state: 'pending' })
    const { items: rows } = await test.admin.journal.list({ subject: last.id, kind: 'proposal.reviewed' })
    expect(rows).toMatchObject([{ body: { actor: 'user:ana', batch: true } }])
    expect(
      (await test.admin.journal.list({ subject: decided.id, kind: 'proposal.rejected' })).items[0]?.body,
    ).not.toHaveProperty('batch')
  })

  it('rejects with category and reason, and not without [PROP-12]', async () => {
    const { ana, test } = approvals
    const proposals = await several(2)
    const items = proposals.map(itemOf)
    const wrong = [
      { decision: 'reject', items },
      { decision: 'reject', items, reason: 'No.' },
      { decision: 'reject', items, category: 'duplicate' },
      { decision: 'approve', items, category: 'duplicate' },
      { decision: 'wait', items },
    ]
    for (const batch of wrong) {
      await expect(ana.proposals.batch(batch as never)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    }
    const said = { category: 'duplicate', reason: 'Twice. token=abcdefghijkl' } as const
    const { items: results } = await ana.proposals.batch({ decision: 'reject', items, ...said })
    expect(results.map(({ result }) => result)).toEqual(['decided', 'decided'])
    const { items: rows } = await test.admin.journal.list({ subject: items[0]?.id ?? '', kind: 'proposal.rejected' })
    expect(rows).toMatchObject([{ body: { batch: true, category: 'duplicate', reason: 'Twice. token=[redacted]' } }])
  })

  it('is of proposals that are alike, or decides nothing [PROP-12, I-27]', async () => {
    const { ana } = approvals
    await intern('twin')
    const notes = await several(2)
    const [high] = await several(1, { action: 'refund.create', args: {} })
    const [critical] = await several(1, { action: 'ledger.close' })
    const [other] = await several(1, { agent: 'twin' })
    const [first] = notes
    if (first === undefined || high === undefined || critical === undefined || other === undefined) throw new Error()
    for (const items of [[high], [critical], [first, other], [first, high], [first, first]]) {
      await expect(approve(items)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    }
    const many = Array.from({ length: 51 }, () => itemOf(first))
    await expect(ana.proposals.batch({ decision: 'approve', items: many })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    })
    await expect(ana.proposals.batch({ decision: 'approve', items: [] })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    })
    await put({ actions: { 'note.write': { requiredApprovals: 2 } } })
    const [quorum] = await several(1)
    if (quorum === undefined) throw new Error()
    await expect(approve([quorum])).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    await expect(approve([first, quorum])).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    await put({})
    for (const one of [...notes, high, critical, other, quorum])
      expect(await now(one)).toMatchObject({ state: 'pending' })
  })

  it('of what was proposed under an older policy approves none of it, and shows each as it is now [PROP-10, PROP-12]', async () => {
    const proposals = await several(2)
    await put({ actions: { 'note.write': { waitMs: 0 } } })
    const { items } = await approve(proposals)
    expect(items).toMatchObject(proposals.map(() => ({ result: 'refused', problem: { code: 'PROPOSAL_CHANGED' } })))
    const renewed = await Promise.all(proposals.map(now))
    expect(renewed).toMatchObject(proposals.map(() => ({ version: 2, state: 'pending' })))
    expect((await approve(renewed)).items).toMatchObject(proposals.map(() => ({ result: 'decided' })))
  })
})

describe('a wait before the run', () => {
  const wait = { actions: { 'refund.create': { waitMs: HOUR } } }

  it('holds back every claim until it is over, and says until when [PROP-11, I-2]', async () => {
    await put(wait)
    const { ana, test } = approvals
    const { trigger, proposal } = await ask()
    const approved = await ana.proposals.approve(proposal.id, shown(proposal))
    const { runnableAt, decidedAt } = approved
    expect(Date.parse(runnableAt ?? '') - Date.parse(decidedAt ?? '')).toBe(HOUR)
    const early = { route: 'proposal', reason: expect.stringContaining(runnableAt ?? ''), proposal: { runnableAt } }
    expect(await guard(trigger)).toMatchObject({ status: 'withheld', decision: early })
    expect(await guard({ ...trigger, permit: proposal.id })).toMatchObject({ status: 'withheld', decision: early })
    expect(await test.agent('bot').decide(trigger, { claim: true })).toMatchObject(early)
    expect(await now(proposal)).toMatchObject({ state: 'approved', runnableAt })
    pass(HOUR)
    expect(await guard(trigger)).toMatchObject({ status: 'executed' })
  })

  it('lets anybody who may decide take it back meanwhile [PROP-11, I-6]', async () => {
    const { ana, ben } = approvals
    const { trigger, proposal } = await ask()
    await ana.proposals.approve(proposal.id, shown(proposal))
    expect(await ben.proposals.cancel(proposal.id, 'Wait, no.')).toMatchObject({ state: 'cancelled' })
    pass(HOUR)
    expect(await guard(trigger)).toMatchObject({ decision: { code: 'PROPOSAL_CANCELLED' } })
  })

  it('is not run into by a worker [PROP-11]', async () => {
    const { ana, test } = approvals
    const ran: string[] = []
    const execute = ({ idempotencyKey }: GuardCall) => void ran.push(idempotencyKey)
    await test.admin.registerActions({ 'parcel.send': { risk: 'high', execute } })
    await put({ actions: { 'parcel.send': { waitMs: HOUR } } })
    const { proposal } = await ask({ action: 'parcel.send' })
    await ana.proposals.approve(proposal.id, shown(proposal))
    expect(await test.governor.jobs.runApproved(10)).toBe(0)
    pass(HOUR)
    expect(await test.governor.jobs.runApproved(10)).toBe(1)
    expect(ran).toHaveLength(1)
  })

  it('is not passed by a grant [PROP-11, GRANT-5]', async () => {
    await put(wait)
    const { ana, test } = approvals
    const expiresAt = new Date(Date.parse((await ask()).proposal.createdAt) + HOUR).toISOString()
    const grant = { agent: 'bot', action: 'refund.create', matcher: { args: { cents: { any: true } } } } as const
    const made = ana.grants.create({ ...grant, uses: 1, expiresAt, reason: 'Test.' })
    await expect(made).rejects.toMatchObject({ code: 'GRANT_REFUSED' })
    expect((await test.admin.grants.list()).items).toEqual([])
  })

  it('that would last longer than the proposal is refused before anybody relies on it [PROP-11]', async () => {
    const { ana } = approvals
    await put(wait)
    const { proposal } = await ask()
    pass(23 * HOUR + 1)
    await expect(ana.proposals.approve(proposal.id, shown(proposal))).rejects.toMatchObject({ code: 'CONFLICT' })
    const until = new Date(Date.parse(proposal.createdAt) + 48 * HOUR).toISOString()
    const extended = await ana.proposals.extend(proposal.id, { ...shown(proposal), until })
    expect(await ana.proposals.approve(proposal.id, shown(extended))).toMatchObject({ state: 'approved' })
  })
})
