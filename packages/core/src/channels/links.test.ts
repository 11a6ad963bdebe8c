import type { ApprovalLink, ControlScope, LinkDecision, Proposal } from '@preceptor/client'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestClock } from '../testing/test-clock.ts'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

const HOUR = 3_600_000
const clock = createTestClock()
let test: TestGovernor
let keys = 0

const desk = () => test.governor.channels.desk('default')
const person = (id: string): ControlScope => test.user(id, 'supervisor')
const shown = ({ version, actionHash }: Pick<Proposal, 'version' | 'actionHash'>) => ({ version, actionHash })
const approval = (proposal: Proposal): LinkDecision => ({ decision: 'approve', ...shown(proposal) })
const rejection = (proposal: Proposal): LinkDecision => ({
  decision: 'reject',
  ...shown(proposal),
  category: 'wrong_time',
  reason: 'Not today.',
})

async function ask(action = 'note.write'): Promise<Proposal> {
  keys += 1
  const decision = await test.agent('bot').decide({ agent: 'bot', action, args: { n: keys } })
  if (decision.route !== 'proposal') throw new Error(decision.reason)
  return test.admin.proposals.get(decision.proposal.id)
}

async function linkFor(proposal: Proposal, user = 'ana'): Promise<ApprovalLink> {
  const link = await desk().createLink({ proposal: proposal.id, ...shown(proposal), user })
  if (link === null) throw new Error('No link was made.')
  return link
}

const open = (token: string) => test.governor.channels.readLink(token)
const decide = (token: string, decision: LinkDecision) => test.governor.channels.decideByLink(token, decision)
const now = (proposal: Proposal) => test.admin.proposals.get(proposal.id)

beforeAll(async () => {
  test = await createTestGovernor({ clock })
  for (const id of ['ana', 'ben']) await test.admin.members.put(id, { displayName: id, roles: ['supervisor'] })
  await test.admin.members.put('vic', { displayName: 'Vic', roles: ['viewer'] })
  await test.register('bot', 'intern')
})
afterAll(() => test.close())

describe('an approval link', () => {
  it('shows the card to whoever holds it, any number of times, and decides nothing by that [CHAN-1]', async () => {
    const proposal = await ask()
    const { token, expiresAt } = await linkFor(proposal)
    expect(token).toMatch(/^pal_default\.[\w-]{43}$/)
    expect(Date.parse(expiresAt)).toBeLessThanOrEqual(clock.now() + 24 * HOUR)
    for (let times = 0; times < 5; times += 1) {
      expect(await open(token)).toMatchObject({ outcome: 'open', user: 'ana', card: { proposal: shown(proposal) } })
    }
    expect(await now(proposal)).toMatchObject({ state: 'pending', reviews: [] })
  })

  it('decides once, as the member that it was made for, and the journal says through what [CHAN-2]', async () => {
    const proposal = await ask()
    const { token } = await linkFor(proposal)
    expect(await decide(token, approval(proposal))).toMatchObject({ outcome: 'decided', user: 'ana' })
    expect(await decide(token, approval(proposal))).toMatchObject({ outcome: 'refused', refusal: 'used' })
    expect(await open(token)).toMatchObject({ outcome: 'refused', refusal: 'used' })
    expect(await now(proposal)).toMatchObject({ state: 'approved', decidedBy: ['user:ana'] })
    const { items } = await test.admin.journal.list({ subject: proposal.id, kind: 'proposal.reviewed' })
    expect(items.map(({ body }) => body)).toMatchObject([{ actor: 'user:ana', via: 'email' }])
  })

  it('rejects with a reason and a category, and not without [CHAN-2]', async () => {
    const proposal = await ask()
    const { token } = await linkFor(proposal)
    const silent = { ...rejection(proposal), reason: ' ' } as LinkDecision
    expect(await decide(token, silent)).toMatchObject({ outcome: 'refused', refusal: 'invalid' })
    expect(await decide(token, rejection(proposal))).toMatchObject({ outcome: 'decided' })
    expect((await now(proposal)).reviews).toMatchObject([{ reviewer: 'user:ana', reason: 'Not today.' }])
    const { items } = await test.admin.journal.list({ subject: proposal.id, kind: 'proposal.rejected' })
    expect(items.map(({ body }) => body.via)).toEqual(['email'])
  })

  it('lets one of several win that hold it at once, also where more approvals are needed [CHAN-2]', async () => {
    await test.admin.policies.put(
      { actions: { 'note.write': { requiredApprovals: 2 } } },
      { basedOn: (await test.admin.policies.current()).version, reason: 'two' },
    )
    const proposal = await ask()
    const [{ token }, again] = [await linkFor(proposal), await linkFor(proposal)]
    const results = await Promise.all(Array.from({ length: 8 }, () => decide(token, approval(proposal))))
    expect(results.filter(({ outcome }) => outcome === 'decided')).toHaveLength(1)
    expect(await decide(again.token, approval(proposal))).toMatchObject({ outcome: 'refused', refusal: 'decided' })
    expect(await now(proposal)).toMatchObject({ state: 'pending' })
    const bens = await linkFor(proposal, 'ben')
    expect(await decide(bens.token, approval(proposal))).toMatchObject({ outcome: 'decided' })
    expect(await now(proposal)).toMatchObject({ state: 'approved', decidedBy: ['user:ana', 'user:ben'] })
    await test.admin.policies.put({}, { basedOn: (await test.admin.policies.current()).version, reason: 'one' })
  })

  it('is no use for another version, hash or moment than its own [CHAN-3]', async () => {
    const proposal = await ask()
    const { token } = await linkFor(proposal)
    const other = { ...approval(proposal), version: proposal.version + 1 }
    const forged = { ...approval(proposal), actionHash: '0'.repeat(64) }
    for (const decision of [other, forged]) {
      expect(await decide(token, decision)).toMatchObject({ outcome: 'refused', refusal: 'invalid' })
    }
    const until = new Date(clock.now() + 48 * HOUR).toISOString()
    const next = await person('ben').proposals.extend(proposal.id, { ...shown(proposal), until })
    expect(await open(token)).toMatchObject({ outcome: 'refused', refusal: 'changed' })
    expect(await decide(token, approval(proposal))).toMatchObject({ outcome: 'refused', refusal: 'changed' })
    const newer = await linkFor(next)
    clock.advance(24 * HOUR + 1)
    expect(await open(newer.token)).toMatchObject({ outcome: 'refused', refusal: 'expired' })
    expect(await decide(newer.token, approval(next))).toMatchObject({ outcome: 'refused', refusal: 'expired' })
    expect(await now(proposal)).toMatchObject({ state: 'pending', reviews: [] })
  })

  it('is not made above medium risk, nor for who may not decide, nor for what is over [CHAN-3]', async () => {
    const [low, high] = [await ask(), await ask('refund.create')]
    for (const request of [
      { proposal: high.id, ...shown(high), user: 'ana' },
      { proposal: low.id, ...shown(low), user: 'vic' },
      { proposal: low.id, ...shown(low), user: 'nobody' },
      { proposal: low.id, ...shown(high), user: 'ana' },
      { proposal: 'prp_none', ...shown(low), user: 'ana' },
    ]) {
      expect(await desk().createLink(request)).toBeNull()
    }
    await person('ben').proposals.approve(low.id, shown(low))
    expect(await desk().createLink({ proposal: low.id, ...shown(low), user: 'ana' })).toBeNull()
  })

  it('says who decided where somebody else did, and ends with the role of its member [CHAN-3]', async () => {
    const [first, second] = [await ask(), await ask()]
    const [late, lost] = [await linkFor(first), await linkFor(second, 'ben')]
    await person('ben').proposals.approve(first.id, shown(first))
    expect(await open(late.token)).toMatchObject({ refusal: 'decided', message: expect.stringContaining('user:ben') })
    await test.admin.members.put('ben', { displayName: 'ben', roles: ['viewer'] })
    expect(await open(lost.token)).toMatchObject({ outcome: 'refused', refusal: 'not_allowed' })
    expect(await decide(lost.token, approval(second))).toMatchObject({ outcome: 'refused', refusal: 'not_allowed' })
    await test.admin.members.remove('ben')
    expect(await decide(lost.token, approval(second))).toMatchObject({ outcome: 'refused', refusal: 'not_allowed' })
    await test.admin.members.put('ben', { displayName: 'ben', roles: ['supervisor'] })
    expect(await now(second)).toMatchObject({ state: 'pending', reviews: [] })
  })

  it('decides nothing for whoever asked, or has owned the agent [CHAN-3]', async () => {
    await test.admin.agents.register({ id: 'annas-bot', maturity: 'intern', ownerId: 'ana' })
    const decision = await test.agent('annas-bot').decide({ agent: 'annas-bot', action: 'note.write', args: {} })
    if (decision.route !== 'proposal') throw new Error(decision.reason)
    const proposal = await test.admin.proposals.get(decision.proposal.id)
    const { token } = await linkFor(proposal)
    expect(await open(token)).toMatchObject({ outcome: 'refused', refusal: 'not_allowed' })
    expect(await decide(token, approval(proposal))).toMatchObject({ refusal: 'not_allowed' })
    expect(await now(proposal)).toMatchObject({ state: 'pending' })
  })

  it('is kept as a hash, and nothing but the whole token is one [CHAN-1]', async () => {
    const proposal = await ask()
    const { token } = await linkFor(proposal)
    const [, secret = ''] = token.split('.')
    const wrong = fc.oneof(
      fc.string(),
      fc.string({ unit: 'grapheme', minLength: 43, maxLength: 43 }).map((text) => `pal_default.${text}`),
      fc.nat(42).map((at) => {
        const changed = secret[at] === 'A' ? 'B' : 'A'
        return `pal_default.${secret.slice(0, at)}${changed}${secret.slice(at + 1)}`
      }),
      fc.constantFrom(`pal_other.${secret}`, secret, `${token} `, `${token}A`, token.toUpperCase(), `PAL${token}`),
    )
    await fc.assert(
      fc.asyncProperty(wrong, fc.boolean(), async (text, approves) => {
        fc.pre(text !== token)
        const decision = approves ? approval(proposal) : rejection(proposal)
        expect(await open(text)).toMatchObject({ outcome: 'refused', refusal: 'unknown' })
        expect(await decide(text, decision)).toMatchObject({ outcome: 'refused', refusal: 'unknown' })
      }),
      { numRuns: 60 },
    )
    expect(await now(proposal)).toMatchObject({ state: 'pending', reviews: [] })
    expect(await decide(token, approval(proposal))).toMatchObject({ outcome: 'decided' })
  })
})

describe('what a channel keeps', () => {
  it('is where its message stands, for whoever sent it first [CHAN-4]', async () => {
    const key = { channel: 'slack', subject: 'prp_1', part: 'request' }
    expect(await desk().findMessage(key)).toBeUndefined()
    await desk().keepMessage(key, { place: 'C1', reference: '1.1', shown: 'a' })
    const kept = await desk().keepMessage(key, { place: 'C2', reference: '2.2', shown: 'b' })
    expect(kept).toEqual({ place: 'C1', reference: '1.1', shown: 'b' })
    expect(await desk().findMessage({ ...key, part: 'file' })).toBeUndefined()
  })
})
