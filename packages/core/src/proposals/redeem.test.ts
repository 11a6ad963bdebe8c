import type { JsonObject } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { HOUR, shown, useApprovals } from './approvals.test.helper.ts'

const approvals = useApprovals()
const { ask, guard, intern, now, pass, shake } = approvals
const returned = { status: 'withheld', decision: { route: 'proposal', proposal: { version: 2 } } }
const refused = { status: 'withheld', decision: { route: 'denied', code: 'PERMIT_REFUSED' } }

describe('an approval is of what was shown', () => {
  it('and not of another build of the agent, capped before or not [I-3, I-7, I-14]', async () => {
    const { ana, test } = approvals
    await intern('built')
    const { trigger, proposal } = await ask({ agent: 'built', fingerprint: { version: '1' } })
    await ana.proposals.approve(proposal.id, shown(proposal))
    const second = { ...trigger, fingerprint: { version: '2' } }
    expect(await guard(second)).toMatchObject(returned)
    expect((await test.admin.agents.get('built')).fingerprintCapped).toBe(true)
    await ana.proposals.approve(proposal.id, shown(await now(proposal)))
    expect(await guard({ ...trigger, fingerprint: { version: '3' } })).toMatchObject({ status: 'withheld' })
    await ana.proposals.approve(proposal.id, shown(await now(proposal)))
    expect(await guard({ ...trigger, fingerprint: { version: '3' } })).toMatchObject({ status: 'executed' })
  })

  it('and not of another resource, nor for other agents [I-3, I-10]', async () => {
    const { ana } = approvals
    const { trigger, proposal } = await ask({ resource: 'customer/1', delegation: ['boss'] })
    await ana.proposals.approve(proposal.id, shown(proposal))
    const { delegation: _, ...alone } = trigger
    expect(await guard(alone)).toMatchObject(refused)
    expect(await guard({ ...trigger, resource: 'customer/2' })).toMatchObject(refused)
    expect(await guard(trigger)).toMatchObject({ status: 'executed' })
  })

  it('and not of args that another release would not take [I-3]', async () => {
    const { ana, test } = approvals
    const register = async (most: number): Promise<string> => {
      const args = z.object({ cents: z.int().max(most) })
      const [action] = await test.admin.registerActions({ 'refund.partial': { risk: 'high', args } })
      return action?.digest ?? ''
    }
    const [wide, narrow] = [await register(1_000), await register(50)]
    const { trigger, proposal } = await ask({ action: 'refund.partial', args: { cents: 10 }, digest: wide })
    await ana.proposals.approve(proposal.id, { ...shown(proposal), args: { cents: 100 } })
    expect(await guard({ ...trigger, digest: narrow })).toMatchObject({ decision: { code: 'ARGS_INVALID' } })
    expect(await guard(trigger)).toMatchObject({ status: 'executed', value: { cents: 100 } })
  })

  it('and its args are claimed only by a caller that has them [I-3]', async () => {
    const { ana, test } = approvals
    const { trigger, proposal } = await ask({ args: { cents: 100 } })
    await ana.proposals.approve(proposal.id, { ...shown(proposal), args: { cents: 60 } })
    const bot = test.agent('bot')
    expect(await bot.decide(trigger, { claim: true })).toMatchObject({ route: 'denied', code: 'ARGS_EDITED' })
    const edited = { ...trigger, args: { cents: 60 } }
    expect(await bot.decide(edited, { claim: true })).toMatchObject({ route: 'execution', approval: { version: 2 } })
  })
})

describe('an approval is taken back [I-7]', () => {
  it('when who delegated changed', async () => {
    const { ana } = approvals
    const { trigger, proposal } = await ask({ delegation: ['boss'] })
    await ana.proposals.approve(proposal.id, { ...shown(proposal), args: { cents: 4 } })
    await shake('boss')
    expect(await guard(trigger)).toMatchObject({ decision: { route: 'proposal', proposal: { version: 3 } } })
  })

  it.each<[string, readonly (readonly [changer: string, owner: string])[]]>([
    ['owns the agent by now', [['root', 'ana']]],
    [
      'owned the agent in between',
      [
        ['root', 'ana'],
        ['root', 'system'],
      ],
    ],
    ['handed the agent over', [['ana', 'cy']]],
  ])('when who approved %s [I-27]', async (title, changes) => {
    const { ana, test } = approvals
    const agent = title.replaceAll(' ', '-')
    await intern(agent)
    const { trigger, proposal } = await ask({ agent })
    await ana.proposals.approve(proposal.id, shown(proposal))
    for (const [changer, ownerId] of changes) await test.user(changer, 'admin').agents.change(agent, { ownerId })
    expect(await guard(trigger)).toMatchObject(returned)
    const { items } = await test.admin.proposals.list({ agent })
    const version = items[0]
    if (version === undefined) throw new Error('There is no proposal.')
    await expect(ana.proposals.approve(version.id, shown(version))).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
  })
})

describe('an approval', () => {
  it('of a delegated action may come with other args', async () => {
    const { ana } = approvals
    const { trigger, proposal } = await ask({ delegation: ['boss'] })
    await ana.proposals.approve(proposal.id, { ...shown(proposal), args: { cents: 8 } })
    expect(await guard(trigger)).toMatchObject({ status: 'executed', value: { cents: 8 } })
  })

  it('lets nothing run again after its time [I-2, I-20]', async () => {
    const { ana, test } = approvals
    const { trigger, proposal } = await ask({ action: 'refund.retry' })
    await ana.proposals.approve(proposal.id, shown(proposal))
    await test.agent('bot').decide(trigger, { claim: true })
    pass(HOUR)
    await test.governor.jobs.run('settle-lost-executions', { workspace: 'default' })
    expect(await now(proposal)).toMatchObject({ state: 'outcome_unknown' })
    pass(48 * HOUR)
    expect(await guard(trigger)).toMatchObject({ status: 'withheld', decision: { code: 'PROPOSAL_EXPIRED' } })
  })

  it('of the owner does not count where the edit brought a risk that is not theirs to take [I-27]', async () => {
    const { ana, test } = approvals
    const put = async (document: JsonObject): Promise<void> => {
      const { version } = await test.admin.policies.current()
      await test.admin.policies.put(document, { basedOn: version, reason: 'Test.' })
    }
    await put({ separationOfDuties: false })
    await test.admin.agents.register({ id: 'own', maturity: 'intern', ownerId: 'ana' })
    const { proposal } = await ask({ agent: 'own' })
    await put({ separationOfDuties: false, actions: { 'refund.create': { risk: 'critical' } } })
    const edited = ana.proposals.approve(proposal.id, { ...shown(proposal), args: { cents: 4 } })
    await expect(edited).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    await put({})
  })

  it('that fits a limit runs, although what was asked for does not', async () => {
    const { ana, test } = approvals
    const { version } = await test.admin.policies.current()
    const limits = [{ name: 'spend', spend: 'cents', most: 1_000, per: 'day', action: 'refund.create' }] as const
    await test.admin.policies.put({ limits }, { basedOn: version, reason: 'Test.' })
    await intern('spender')
    const big = await ask({ agent: 'spender', args: { cents: 900 } })
    const small = await ask({ agent: 'spender', args: { cents: 200 } })
    await ana.proposals.approve(small.proposal.id, shown(small.proposal))
    expect(await guard(small.trigger)).toMatchObject({ status: 'executed' })
    await ana.proposals.approve(big.proposal.id, { ...shown(big.proposal), args: { cents: 700 } })
    expect(await guard(big.trigger)).toMatchObject({ status: 'executed', value: { cents: 700 } })
  })
})
