import type { ControlScope, GuardCall, Proposal, Scope, Trigger } from '@preceptor/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

let test: TestGovernor
let ana: ControlScope
let ben: ControlScope
let attempts = 0

beforeAll(async () => {
  test = await createTestGovernor({
    actions: {
      'refund.create': { risk: 'high', args: z.object({ cents: z.int().min(1).default(5) }) },
      'refund.retry': { risk: 'high', idempotent: true },
      'ledger.close': { risk: 'critical' },
    },
  })
  ana = test.user('ana', 'supervisor')
  ben = test.user('ben', 'supervisor')
  for (const id of ['ana', 'ben', 'cy']) await test.admin.members.put(id, { displayName: id, roles: ['supervisor'] })
  await test.register('bot', 'intern')
})
afterAll(() => test.close())

interface Asked {
  readonly trigger: Trigger
  readonly proposal: Proposal
}

async function ask(extra: Partial<Trigger> = {}, scope: Scope = test.agent('bot')): Promise<Asked> {
  attempts += 1
  const trigger = { agent: 'bot', action: 'refund.create', args: {}, idempotencyKey: `ask-${attempts}`, ...extra }
  const decision = await scope.decide(trigger)
  if (decision.route !== 'proposal') throw new Error(`${decision.route}: ${decision.reason}`)
  return { trigger, proposal: await test.admin.proposals.get(decision.proposal.id) }
}

const shown = ({ version, actionHash }: Proposal) => ({ version, actionHash })
const given = ({ args }: GuardCall) => args
const guard = (trigger: Trigger, scope: Scope = test.agent('bot')) => scope.guard(trigger, given)

describe('an approved action', () => {
  it('runs once, with the args as parsed, for who comes back with the same attempt [I-2, I-4]', async () => {
    const { trigger, proposal } = await ask()
    expect(await guard(trigger)).toMatchObject({ status: 'withheld', decision: { route: 'proposal' } })
    const approved = await ana.proposals.approve(proposal.id, { ...shown(proposal), reason: 'Fine.' })
    expect(approved).toMatchObject({ state: 'approved', decidedBy: ['user:ana'], reviews: [{ verdict: 'approve' }] })
    const result = await guard(trigger)
    expect(result).toMatchObject({
      status: 'executed',
      value: { cents: 5 },
      decision: { route: 'execution', approval: { proposal: proposal.id, version: 1, decidedBy: ['user:ana'] } },
    })
    expect(await test.admin.proposals.get(proposal.id)).toMatchObject({ state: 'succeeded' })
    expect(await guard(trigger)).toMatchObject({ status: 'replayed', outcome: { value: { cents: 5 } } })
  })

  it('runs for a permit, or for the same args, but for nobody else and not twice [I-2, I-3, I-22]', async () => {
    await test.register('other', 'intern')
    const { proposal } = await ask({ args: { cents: 7 } })
    await ana.proposals.approve(proposal.id, shown(proposal))
    const again = { agent: 'bot', action: 'refund.create', args: { cents: 7 }, permit: proposal.id }
    const refused = { status: 'withheld', decision: { route: 'denied', code: 'PERMIT_REFUSED' } }
    expect(await guard({ ...again, args: { cents: 8 } })).toMatchObject(refused)
    expect(await guard({ ...again, action: 'refund.retry' })).toMatchObject(refused)
    expect(await guard({ ...again, agent: 'other' }, test.agent('other'))).toMatchObject(refused)
    expect(await guard(again, ana)).toMatchObject(refused)
    expect(await guard({ ...again, permit: 'prp_none' })).toMatchObject(refused)
    expect(await guard(again)).toMatchObject({ status: 'executed', value: { cents: 7 } })
    expect(await guard(again)).toMatchObject({ status: 'replayed' })
    expect(await guard(again, ana)).toMatchObject(refused)

    const { proposal: matching } = await ask({ args: { cents: 9 } })
    const same = { agent: 'bot', action: 'refund.create', args: { cents: 9 }, permit: 'matching' }
    expect(await guard({ ...same, idempotencyKey: 'm0' })).toMatchObject({ decision: { route: 'proposal' } })
    await ana.proposals.approve(matching.id, shown(matching))
    expect(await guard({ ...same, args: { cents: 10 } })).toMatchObject({ decision: { route: 'proposal' } })
    expect(await guard(same)).toMatchObject({ status: 'executed' })
    expect(await guard(same)).toMatchObject({ status: 'withheld', decision: { route: 'proposal' } })
  })

  it('runs with what the reviewer made of the args, which are parsed and ruled on anew [I-3]', async () => {
    const { trigger, proposal } = await ask({ args: { cents: 100 } })
    const wrong = ana.proposals.approve(proposal.id, { ...shown(proposal), args: { cents: 'many' } })
    await expect(wrong).rejects.toMatchObject({ code: 'ARGS_INVALID' })
    const edited = await ana.proposals.approve(proposal.id, { ...shown(proposal), args: { cents: 60 } })
    expect(edited).toMatchObject({ state: 'approved', version: 2, args: { cents: 60 } })
    expect(edited.actionHash).not.toBe(proposal.actionHash)
    expect(await guard(trigger)).toMatchObject({ status: 'executed', value: { cents: 60 } })
    expect(await guard(trigger)).toMatchObject({ status: 'replayed', outcome: { value: { cents: 60 } } })
    expect(await guard({ ...trigger, args: { cents: 61 } })).toMatchObject({
      decision: { code: 'IDEMPOTENCY_KEY_REUSED' },
    })
  })

  it('with other args runs nowhere that goes by its own ones [I-3]', async () => {
    const { trigger, proposal } = await ask({ args: { cents: 100 } })
    await ana.proposals.approve(proposal.id, { ...shown(proposal), args: { cents: 60 } })
    const refused = { route: 'denied', code: 'ARGS_EDITED' }
    expect(await test.agent('bot').decide(trigger, { claim: true })).toMatchObject(refused)
    expect(await guard({ ...trigger, fixedArgs: true })).toMatchObject({ status: 'withheld', decision: refused })
    const edited = { ...trigger, args: { cents: 60 }, idempotencyKey: 'edited', permit: 'matching' }
    const decision = await test.agent('bot').decide(edited, { claim: true })
    expect(decision).toMatchObject({ route: 'execution', approval: { proposal: proposal.id, version: 2 } })
    await test.agent('bot').report(decision.id, { status: 'succeeded', value: 1, stored: true })
    expect(await test.admin.proposals.get(proposal.id)).toMatchObject({ state: 'succeeded' })
  })

  it('can be attempted again when nothing ran under the claim [I-4]', async () => {
    const { trigger, proposal } = await ask()
    await ana.proposals.approve(proposal.id, shown(proposal))
    const aborted = test.agent('bot').guard(trigger, given, { signal: AbortSignal.abort(new Error('Not now.')) })
    await expect(aborted).rejects.toThrow('Not now.')
    expect(await test.admin.proposals.get(proposal.id)).toMatchObject({ state: 'approved' })
    expect(await guard(trigger)).toMatchObject({ status: 'executed' })
  })

  it('that failed is a failed proposal, and does not run again [I-4]', async () => {
    const { trigger, proposal } = await ask()
    await ana.proposals.approve(proposal.id, shown(proposal))
    const failing = test.agent('bot').guard(trigger, () => Promise.reject(new Error('Declined.')))
    await expect(failing).rejects.toThrow('Declined.')
    expect(await test.admin.proposals.get(proposal.id)).toMatchObject({ state: 'failed' })
    expect(await guard(trigger)).toMatchObject({ status: 'replayed', outcome: { status: 'failed' } })
  })
})

describe('a decision on a proposal', () => {
  it('is for supervisors, who neither asked nor own the agent [I-5, I-27]', async () => {
    const { proposal } = await ask()
    const approve = (scope: ControlScope) => scope.proposals.approve(proposal.id, shown(proposal))
    const agent = test.governor.as({ workspace: 'default', principal: { kind: 'agent', id: 'bot', roles: [] } })
    const service = test.governor.as({
      workspace: 'default',
      principal: { kind: 'service', id: 'svc', roles: [], scopes: ['proposals.approve'] },
    })
    for (const scope of [agent, service, test.user('vic', 'viewer')]) {
      await expect(approve(scope)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    }
    await test.admin.agents.register({ id: 'anas', maturity: 'intern', ownerId: 'ana' })
    const owned = await ask({ agent: 'anas' }, test.agent('anas'))
    await expect(ana.proposals.approve(owned.proposal.id, shown(owned.proposal))).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    })
    await test.admin.agents.change('anas', { ownerId: 'cy' })
    await expect(ana.proposals.approve(owned.proposal.id, shown(owned.proposal))).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    })
    await expect(ben.proposals.approve(owned.proposal.id, shown(owned.proposal))).resolves.toMatchObject({
      state: 'approved',
    })
  })

  it('keeps what a reviewer made of the args from viewers of the journal [I-36]', async () => {
    const { proposal } = await ask({ args: { cents: 4_321 } })
    await ana.proposals.approve(proposal.id, { ...shown(proposal), args: { cents: 8_765 } })
    const rows = async (scope: typeof ana) =>
      (await scope.journal.list({ subject: proposal.id, kind: 'proposal.edited' })).items.map(({ body }) => body)
    expect(await rows(ana)).toMatchObject([{ before: { cents: 4_321 }, after: { cents: 8_765 } }])
    const masked = { cents: '[redacted]' }
    expect(await rows(test.user('vic', 'viewer'))).toMatchObject([{ before: masked, after: masked }])
  })

  it('keeps the notes of reviewers from agents, and what a reviewer answered from viewers [I-36]', async () => {
    const { proposal } = await ask()
    await ana.proposals.respond(proposal.id, { ...shown(proposal), response: 'by hand', reason: 'Between us.' })
    const bot = test.governor.as({ workspace: 'default', principal: { kind: 'agent', id: 'bot', roles: [] } })
    const seen = await bot.proposals.get(proposal.id)
    expect(seen).toMatchObject({ response: 'by hand', reviews: [{ verdict: 'respond', reason: null }] })
    const viewed = await test.user('vic', 'viewer').proposals.get(proposal.id)
    expect(viewed).toMatchObject({ response: null, reviews: [{ reason: null }] })
    expect(await ben.proposals.get(proposal.id)).toMatchObject({ reviews: [{ reason: 'Between us.' }] })
    const rowsOf = async (scope: ControlScope) =>
      (await scope.journal.list({ subject: proposal.id, kind: 'proposal.responded' })).items.map(({ body }) => body)
    expect(await rowsOf(bot)).toMatchObject([{ actor: 'user:ana', reason: null }])
    expect(await rowsOf(test.user('vic', 'viewer'))).toMatchObject([{ reason: null }])
    expect(await rowsOf(ben)).toMatchObject([{ reason: 'Between us.' }])
  })

  it('is on the version that was shown [I-3]', async () => {
    const { proposal } = await ask()
    const { version, actionHash } = shown(proposal)
    for (const reviewed of [
      { version: 2, actionHash },
      { version, actionHash: 'f'.repeat(64) },
    ]) {
      await expect(ana.proposals.approve(proposal.id, reviewed)).rejects.toMatchObject({ code: 'PROPOSAL_CHANGED' })
    }
  })

  it('that is the first one stands, of fifty at once [I-4, I-6]', async () => {
    const { proposal } = await ask()
    const reviewers = Array.from({ length: 50 }, (_, index) => test.user(`reviewer-${index}`, 'supervisor'))
    const settled = await Promise.allSettled(
      reviewers.map((scope) => scope.proposals.approve(proposal.id, shown(proposal))),
    )
    const won = settled.filter(({ status }) => status === 'fulfilled')
    const lost = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    expect(won.length).toBe(1)
    const { decidedBy } = await test.admin.proposals.get(proposal.id)
    expect(lost.length).toBe(49)
    for (const error of lost) {
      expect(error).toMatchObject({ code: 'PROPOSAL_DECIDED', details: { state: 'approved', decidedBy } })
    }
  }, 60_000)

  it('by approval, rejection, answer and cancellation at once has one winner, and what lost never runs [I-6]', async () => {
    for (let round = 0; round < 8; round += 1) {
      const { trigger, proposal } = await ask()
      const reviewed = shown(proposal)
      const [approved, ...others] = await Promise.allSettled([
        ana.proposals.approve(proposal.id, reviewed),
        ben.proposals.reject(proposal.id, { ...reviewed, category: 'other', reason: 'No.' }),
        ben.proposals.respond(proposal.id, { ...reviewed, response: { instead: true } }),
        test.admin.proposals.cancel(proposal.id, 'Not needed.'),
      ])
      const { state } = await test.admin.proposals.get(proposal.id)
      // An approval may be taken back by the cancellation that comes after it.
      const most = state === 'cancelled' && approved?.status === 'fulfilled' ? 2 : 1
      const won = [approved, ...others].filter((one) => one?.status === 'fulfilled')
      expect(won.length).toBe(most)
      const result = await guard(trigger)
      expect(result.status === 'executed').toBe(state === 'approved')
    }
  }, 60_000)

  it('to reject is final, whoever else approves, and the agent learns why not [I-6]', async () => {
    const { trigger, proposal } = await ask({ action: 'ledger.close' })
    expect(proposal.requiredApprovals).toBe(2)
    await ana.proposals.approve(proposal.id, shown(proposal))
    const rejected = await ben.proposals.reject(proposal.id, {
      ...shown(proposal),
      category: 'not_allowed',
      reason: 'Closed books stay closed.',
    })
    expect(rejected).toMatchObject({ state: 'rejected', decidedBy: ['user:ben'] })
    await expect(test.user('cy', 'supervisor').proposals.approve(proposal.id, shown(proposal))).rejects.toMatchObject({
      code: 'PROPOSAL_DECIDED',
    })
    expect(await guard(trigger)).toMatchObject({ decision: { route: 'denied', code: 'PROPOSAL_REJECTED' } })
  })

  it('on a critical action needs two people, none of them twice [I-27]', async () => {
    const { trigger, proposal } = await ask({ action: 'ledger.close' })
    const first = await ana.proposals.approve(proposal.id, shown(proposal))
    expect(first.state).toBe('pending')
    await expect(ana.proposals.approve(proposal.id, shown(proposal))).rejects.toMatchObject({
      code: 'PROPOSAL_DECIDED',
    })
    expect(await guard(trigger)).toMatchObject({ status: 'withheld', decision: { route: 'proposal' } })
    const second = await ben.proposals.approve(proposal.id, shown(proposal))
    expect(second).toMatchObject({ state: 'approved', decidedBy: ['user:ana', 'user:ben'] })
    expect(await guard(trigger)).toMatchObject({ status: 'executed' })
  })

  it('to answer gives the answer in the place of the action', async () => {
    const { trigger, proposal } = await ask()
    await ana.proposals.respond(proposal.id, { ...shown(proposal), response: { refunded: 'by hand' } })
    expect(await guard(trigger)).toMatchObject({
      status: 'replayed',
      decision: { code: 'PROPOSAL_RESPONDED' },
      outcome: { status: 'succeeded', value: { refunded: 'by hand' } },
    })
  })
})

describe('an approval is taken back before the claim [I-7]', () => {
  const changes: Record<string, () => Promise<unknown>> = {
    'when the agent was paused and resumed meanwhile': async () => {
      await test.admin.agents.pause('bot', 'A moment.')
      await test.admin.agents.resume('bot', 'Go on.')
    },
    'when the policy changed': async () => {
      const { version } = await test.admin.policies.current()
      await test.admin.policies.put(
        { actions: { 'ledger.close': { risk: 'critical' } } },
        { basedOn: version, reason: 'Now.' },
      )
    },
    'when who approved is no supervisor any more': async () => {
      await test.admin.members.put('cy', { displayName: 'cy', roles: ['viewer'] })
    },
  }

  it.each(Object.entries(changes))('%s; people decide anew', async (_, change) => {
    const { trigger, proposal } = await ask()
    await test.user('cy', 'supervisor').proposals.approve(proposal.id, shown(proposal))
    await change()
    const taken = await guard(trigger)
    expect(taken).toMatchObject({
      status: 'withheld',
      decision: { route: 'proposal', reason: expect.stringContaining('taken back'), proposal: { version: 2 } },
    })
    const now = await test.admin.proposals.get(proposal.id)
    expect(now).toMatchObject({ state: 'pending', version: 2, decidedBy: [] })
    await expect(ben.proposals.approve(proposal.id, shown(proposal))).rejects.toMatchObject({
      code: 'PROPOSAL_CHANGED',
    })
    await ben.proposals.approve(proposal.id, shown(now))
    expect(await guard(trigger)).toMatchObject({ status: 'executed' })
  })

  it('while a paused agent runs nothing, approved or not', async () => {
    const { trigger, proposal } = await ask()
    await ana.proposals.approve(proposal.id, shown(proposal))
    await test.admin.agents.pause('bot', 'Stop.')
    expect(await guard(trigger)).toMatchObject({ decision: { route: 'denied', code: 'AGENT_PAUSED' } })
    await test.admin.agents.resume('bot', 'Go on.')
  })
})
