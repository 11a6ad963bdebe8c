import type { JsonObject, StandardSchema } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { actionHash } from './action-hash.ts'
import { HOUR, shown, useApprovals } from './approvals.test.helper.ts'

const approvals = useApprovals()
const { ask, guard, intern, now, pass, shake } = approvals

async function put(document: JsonObject): Promise<void> {
  const { version } = await approvals.test.admin.policies.current()
  await approvals.test.admin.policies.put(document, { basedOn: version, reason: 'Test.' })
}

const lose = async (): Promise<void> => {
  pass(HOUR)
  await approvals.test.governor.jobs.run('settle-lost-executions', { workspace: 'default' })
}

describe('an approval is given to what is true now [PROP-10]', () => {
  it('and not to what was proposed under an older policy', async () => {
    const { ana } = approvals
    const { trigger, proposal } = await ask()
    await put({ actions: { 'refund.create': { requiredApprovals: 2 } } })
    const refused = await ana.proposals.approve(proposal.id, shown(proposal)).catch((error: unknown) => error)
    const renewed = await now(proposal)
    expect(renewed).toMatchObject({ version: 2, state: 'pending', requiredApprovals: 2, args: proposal.args })
    expect(renewed.policyVersion).toBeGreaterThan(proposal.policyVersion)
    expect(refused).toMatchObject({ code: 'PROPOSAL_CHANGED', details: shown(renewed) })
    await ana.proposals.approve(proposal.id, shown(renewed))
    await approvals.ben.proposals.approve(proposal.id, shown(renewed))
    expect(await guard(trigger)).toMatchObject({ status: 'executed' })
    await put({})
  })

  it('and the rules that forbid it by now forbid its approval', async () => {
    const { ana } = approvals
    const { proposal } = await ask({ args: { cents: 90 } })
    await put({ actions: { 'refund.create': { when: 'args.cents < 10' } } })
    await expect(ana.proposals.approve(proposal.id, shown(proposal))).rejects.toMatchObject({
      code: 'CONDITION_FAILED',
    })
    expect(await now(proposal)).toMatchObject({ version: 1, state: 'pending' })
    await put({})
  })

  it('and not to an agent that changed since the first approval, nor beside one that counts no more', async () => {
    const { ana, ben, test } = approvals
    const { proposal } = await ask({ action: 'ledger.close' })
    await ana.proposals.approve(proposal.id, shown(proposal))
    await shake('bot')
    await expect(ben.proposals.approve(proposal.id, shown(proposal))).rejects.toMatchObject({
      code: 'PROPOSAL_CHANGED',
      details: { version: 2 },
    })
    await test.admin.members.put('cy', { displayName: 'Cy', roles: ['supervisor'] })
    await test.user('cy', 'supervisor').proposals.approve(proposal.id, shown(await now(proposal)))
    await test.admin.members.put('cy', { displayName: 'Cy', roles: ['viewer'] })
    await expect(ben.proposals.approve(proposal.id, shown(await now(proposal)))).rejects.toMatchObject({
      code: 'PROPOSAL_CHANGED',
      details: { version: 3 },
    })
  })

  it('and a rejection needs no more than what was shown', async () => {
    const { ana } = approvals
    const { proposal } = await ask()
    await put({ shadow: [] })
    const no = { ...shown(proposal), category: 'other', reason: 'No.' } as const
    expect(await ana.proposals.reject(proposal.id, no)).toMatchObject({ state: 'rejected', version: 1 })
  })
})

describe('an approval', () => {
  it('that came by a key counts no more once the key is revoked [PROP-17, I-7]', async () => {
    const { test } = approvals
    await test.admin.members.put('kay', { displayName: 'Kay', roles: ['supervisor'] })
    const user = { principalKind: 'user', principalId: 'kay', roles: ['supervisor'] } as const
    const { key, secret } = await test.admin.keys.create({ displayName: 'k', ...user })
    const kay = test.governor.as(await test.governor.authenticate(secret))
    const [lost, kept] = [await ask(), await ask()]
    await kay.proposals.approve(lost.proposal.id, shown(lost.proposal))
    await kay.proposals.approve(kept.proposal.id, shown(kept.proposal))
    expect(await guard(kept.trigger)).toMatchObject({ status: 'executed' })
    await test.admin.keys.revoke(key.id)
    expect(await guard(lost.trigger)).toMatchObject({ status: 'withheld', decision: { proposal: { version: 2 } } })
  })

  it('of an action that may run twice lets it be tried three times at most [PROP-16, I-20]', async () => {
    const { ana, test } = approvals
    const { trigger, proposal } = await ask({ action: 'refund.retry' })
    await ana.proposals.approve(proposal.id, shown(proposal))
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      expect(await test.agent('bot').decide(trigger, { claim: true })).toMatchObject({ route: 'execution' })
      await lose()
      expect(await now(proposal)).toMatchObject({ state: 'outcome_unknown' })
    }
    expect(await guard(trigger)).toMatchObject({ decision: { route: 'denied', code: 'OUTCOME_UNKNOWN' } })
    await ana.proposals.resolve(proposal.id, { outcome: 'failed', reason: 'Nothing arrived.' })
    expect(await guard(trigger)).toMatchObject({ status: 'replayed', outcome: { status: 'failed' } })
  })

  it('that is named gives nothing to a key that has run already [I-4, I-22]', async () => {
    const { ana, test } = approvals
    await test.register('free', 'autonomous')
    const direct = { agent: 'free', action: 'refund.create', args: { cents: 12 }, idempotencyKey: 'ran' }
    expect(await guard(direct)).toMatchObject({ status: 'executed' })
    await test.admin.agents.demote('free', 'intern', 'Test.')
    const [same, other] = [12, 13].map((cents) => ask({ agent: 'free', args: { cents } }))
    for (const asked of [await same, await other]) {
      if (asked === undefined) throw new Error('Nothing was asked.')
      await ana.proposals.approve(asked.proposal.id, shown(asked.proposal))
    }
    const permits = [(await same)?.proposal.id ?? '', (await other)?.proposal.id ?? '']
    const [first = '', second = ''] = permits
    expect(await guard({ ...direct, permit: first })).toMatchObject({
      status: 'replayed',
      outcome: { value: { cents: 12 } },
    })
    const reused = { decision: { code: 'IDEMPOTENCY_KEY_REUSED' } }
    expect(await guard({ ...direct, args: { cents: 13 }, permit: second })).toMatchObject(reused)
    const own = (await other)?.trigger
    expect(await guard({ ...direct, permit: first, idempotencyKey: own?.idempotencyKey ?? '' })).toMatchObject(reused)
    expect(await guard({ ...direct, permit: first, idempotencyKey: 'new' })).toMatchObject({ status: 'executed' })
    expect(await guard({ ...direct, permit: second, args: { cents: 13 }, idempotencyKey: 'new' })).toMatchObject(reused)
  })

  it('with other args holds nothing while the schema of the host looks at them', async () => {
    const { ana, ben, test } = approvals
    let meanwhile: () => Promise<unknown> = async () => undefined
    const schema: StandardSchema = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: async (value) => {
          await meanwhile()
          return { value }
        },
      },
    }
    await test.admin.registerActions({ 'parcel.send': { risk: 'high', args: schema } })
    const { proposal } = await ask({ action: 'parcel.send', args: { to: 'here' } })
    meanwhile = () => ben.proposals.cancel(proposal.id, 'While it is looked at.')
    const edited = ana.proposals.approve(proposal.id, { ...shown(proposal), args: { to: 'there' } })
    await expect(edited).rejects.toMatchObject({ code: 'PROPOSAL_DECIDED', details: { decidedBy: ['user:ben'] } })
  })

  it('is bound to what anybody can recompute from what is shown [PROP-19, I-3]', async () => {
    const { ana } = approvals
    const recomputed = ({ agent, fingerprint, action, digest, args, ...rest }: Awaited<ReturnType<typeof now>>) => {
      const { policyVersion, expiresAt, nonce } = rest
      const bound = { workspace: 'default', agent, fingerprint, action, digest, args, policyVersion, expiresAt, nonce }
      return actionHash(bound)
    }
    await intern('shown')
    const { proposal } = await ask({ agent: 'shown', fingerprint: { version: '1', model: 'm' }, args: { cents: 3 } })
    expect(recomputed(proposal)).toBe(proposal.actionHash)
    await ana.proposals.approve(proposal.id, { ...shown(proposal), args: { cents: 4 } })
    const edited = await now(proposal)
    expect(recomputed(edited)).toBe(edited.actionHash)
    expect(edited.actionHash).not.toBe(proposal.actionHash)
  })
})

describe('what came of a lost run', () => {
  it('is not for who asked or owns the agent to say, unless the workspace lets them [PROP-18, I-27]', async () => {
    const { ana, ben, test } = approvals
    await test.admin.agents.register({ id: 'mine', maturity: 'intern', ownerId: 'ana' })
    const { trigger, proposal } = await ask({ agent: 'mine' })
    await ben.proposals.approve(proposal.id, shown(proposal))
    await test.agent('mine').decide(trigger, { claim: true })
    await lose()
    const resolution = { outcome: 'succeeded', reason: 'The bank says so.' } as const
    const denied = { code: 'PERMISSION_DENIED' }
    await expect(ana.proposals.resolve(proposal.id, resolution)).rejects.toMatchObject(denied)
    await put({ separationOfDuties: false })
    expect(await ana.proposals.resolve(proposal.id, resolution)).toMatchObject({ state: 'succeeded' })
    await put({})
  })
})

describe('what people say why', () => {
  it('goes to the journal without the secrets in it [PROP-21, JRN-5]', async () => {
    const { ana, ben, test } = approvals
    const secret = 'token=abcdefghijklmnop'
    const reason = `See ${secret}.`
    const asked = [await ask(), await ask(), await ask(), await ask(), await ask()].map(({ proposal }) => proposal)
    const [approved, rejected, responded, cancelled] = asked
    if (approved === undefined || rejected === undefined || responded === undefined || cancelled === undefined) {
      throw new Error('Nothing was asked.')
    }
    await ana.proposals.approve(approved.id, { ...shown(approved), reason })
    await ana.proposals.reject(rejected.id, { ...shown(rejected), category: 'other', reason })
    await ana.proposals.respond(responded.id, { ...shown(responded), response: 1, reason })
    await ben.proposals.cancel(cancelled.id, reason)
    const lost = await ask()
    await ana.proposals.approve(lost.proposal.id, shown(lost.proposal))
    await test.agent('bot').decide(lost.trigger, { claim: true })
    await lose()
    await ana.proposals.resolve(lost.proposal.id, { outcome: 'failed', reason })
    for (const { id } of [approved, rejected, responded, cancelled, lost.proposal]) {
      const { items } = await test.admin.journal.list({ subject: id, limit: 100 })
      const text = JSON.stringify(items)
      expect(text).toContain('See token=[redacted]')
      expect(text).not.toContain(secret)
    }
    expect(await now(rejected)).toMatchObject({ reviews: [{ reason: 'See token=[redacted]' }] })
  })
})
