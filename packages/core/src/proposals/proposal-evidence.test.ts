import type { ConfidenceEntry, GuardCall, JsonObject, Principal, Trigger } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { type Asked, HOUR, shown, useApprovals } from './approvals.test.helper.ts'

const approvals = useApprovals()
const { ask, guard, intern, now, pass } = approvals
const OPENING = 5_000
const UNHURRIED = 10_000
let interns = 0

async function newIntern(): Promise<string> {
  interns += 1
  await intern(`intern-${interns}`)
  return `intern-${interns}`
}

/** What was counted of an agent beside its opening, the newest first. */
async function counted(agent: string): Promise<readonly ConfidenceEntry[]> {
  const { governor, admin } = approvals.test
  await governor.jobs.run('count-evidence', { workspace: 'default' })
  const { items } = await admin.agents.confidence(agent)
  expect((await admin.agents.get(agent)).confidence).toBe(items.reduce((sum, { applied }) => sum + applied, 0))
  return items.slice(0, -1)
}

async function approve({ proposal }: Asked, args?: JsonObject): Promise<void> {
  pass(UNHURRIED)
  await approvals.ana.proposals.approve(proposal.id, { ...shown(proposal), ...(args && { args }) })
}

async function reject({ proposal }: Asked): Promise<void> {
  pass(UNHURRIED)
  const rejection = { category: 'wrong_args', reason: 'Too much.' } as const
  await approvals.ana.proposals.reject(proposal.id, { ...shown(proposal), ...rejection })
}

const service: Principal = {
  kind: 'service',
  id: 'runtime',
  roles: [],
  scopes: ['triggers.decide', 'decisions.report'],
}
const runtime = () => approvals.test.governor.as({ workspace: 'default', principal: service })

/** Claims an approved attempt as the scope that asked for it, and gives the decision. */
async function claimed(scope: ReturnType<typeof runtime>, trigger: Trigger): Promise<string> {
  const decision = await scope.decide(trigger, { claim: true })
  expect(decision.route).toBe('execution')
  return decision.id
}

describe('what was decided on a proposal is evidence', () => {
  it('of 200 basis points where it was approved as it was, and succeeded [EVID-1]', async () => {
    const agent = await newIntern()
    const asked = await ask({ agent })
    await approve(asked)
    expect(await counted(agent)).toEqual([])
    expect(await guard(asked.trigger)).toMatchObject({ status: 'executed' })
    expect(await counted(agent)).toMatchObject([
      { kind: 'proposal', requested: 200, applied: 200, sourceId: asked.proposal.id, actor: 'user:ana' },
    ])
    const { gates } = await approvals.test.admin.agents.promotion(agent)
    const gate = (name: string) => gates.find((one) => one.name === name)
    expect(gate('reviewers')).toMatchObject({ value: 1 })
    expect(gate('proposals')?.missing).toMatch(/^12 /)
    // It counts once, however often it is attempted and counted again.
    expect(await guard(asked.trigger)).toMatchObject({ status: 'replayed' })
    expect(await counted(agent)).toHaveLength(1)
  })

  it('of 50 where it succeeded as edited, which is no success for a promotion [EVID-1]', async () => {
    const agent = await newIntern()
    const asked = await ask({ agent, args: { cents: 100 } })
    await approve(asked, { cents: 60 })
    await guard(asked.trigger)
    expect(await counted(agent)).toMatchObject([{ kind: 'proposal', applied: 50 }])
    const { gates } = await approvals.test.admin.agents.promotion(agent)
    expect(gates.find(({ name }) => name === 'proposals')?.value).toBeLessThan(1)
  })

  it('of nothing where it failed, which is a failure for a promotion; against it where it was rejected [EVID-1]', async () => {
    const agent = await newIntern()
    const asked = await ask({ agent })
    await approve(asked)
    const failing = approvals.test.agent(agent).guard(asked.trigger, () => Promise.reject(new Error('Declined.')))
    await expect(failing).rejects.toThrow('Declined.')
    expect(await counted(agent)).toMatchObject([{ kind: 'proposal', requested: 0 }])
    const { gates } = await approvals.test.admin.agents.promotion(agent)
    expect(gates.find(({ name }) => name === 'proposals')?.value).toBeLessThan(1)
    await reject(await ask({ agent }))
    expect((await counted(agent))[0]).toMatchObject({ applied: -200, confidence: OPENING - 200 })
  })

  it('and of nothing at all where nobody judged the action, or nobody knows what came of it [EVID-1]', async () => {
    const agent = await newIntern()
    const { ana, test } = approvals
    const responded = await ask({ agent })
    await ana.proposals.respond(responded.proposal.id, { ...shown(responded.proposal), response: 'Not needed.' })
    await test.admin.proposals.cancel((await ask({ agent })).proposal.id, 'Not needed.')
    const lost = await ask({ agent })
    await approve(lost)
    await claimed(test.agent(agent) as ReturnType<typeof runtime>, { ...lost.trigger, args: { cents: 5 } })
    await ask({ agent })
    pass(48 * HOUR)
    await test.governor.jobs.run('expire-proposals', { workspace: 'default' })
    await test.governor.jobs.run('settle-lost-executions', { workspace: 'default' })
    expect(await now(lost.proposal)).toMatchObject({ state: 'outcome_unknown' })
    expect(await counted(agent)).toEqual([])
  })

  it.each([
    ['succeeded', 200],
    ['failed', 0],
  ] as const)('once a person found out that it %s [EVID-1]', async (outcome, delta) => {
    const agent = await newIntern()
    const asked = await ask({ agent })
    await approve(asked)
    await claimed(approvals.test.agent(agent) as ReturnType<typeof runtime>, { ...asked.trigger, args: { cents: 5 } })
    pass(HOUR)
    await approvals.test.governor.jobs.run('settle-lost-executions', { workspace: 'default' })
    await approvals.ben.proposals.resolve(asked.proposal.id, { outcome, reason: 'The bank says so.' })
    expect(await counted(agent)).toMatchObject([{ kind: 'proposal', requested: delta, actor: 'user:ana' }])
  })

  it('where a worker ran it, too [EVID-1]', async () => {
    const { test } = approvals
    const agent = await newIntern()
    await test.admin.registerActions({ 'refund.later': { risk: 'high', execute: () => 'done' } })
    const asked = await ask({ agent, action: 'refund.later' })
    await approve(asked)
    expect(await test.governor.jobs.runApproved(10)).toBe(1)
    expect(await counted(agent)).toMatchObject([{ applied: 200 }])
  })

  it('but not where a person asked for it by hand [EVID-1]', async () => {
    const { test } = approvals
    const agent = await newIntern()
    const { version } = await test.admin.policies.current()
    const document = { actions: { 'note.write': { ceiling: 'intern' } } } as const
    await test.admin.policies.put(document, { basedOn: version, reason: 'a test' })
    const scope = test.user('cy', 'supervisor')
    const decision = await scope.decide({ agent, action: 'note.write', args: {}, idempotencyKey: 'by hand' })
    if (decision.route !== 'proposal') throw new Error(decision.reason)
    const proposal = await test.admin.proposals.get(decision.proposal.id)
    await reject({ proposal, trigger: { agent, action: 'note.write', args: {} } })
    expect(await counted(agent)).toEqual([])
  })
})

describe('a decision within 3 seconds of another one by the same person', () => {
  it('counts half, in a batch or not [MAT-11, EVID-2]', async () => {
    const agent = await newIntern()
    const other = await newIntern()
    const first = await ask({ agent })
    const second = await ask({ agent: other })
    const third = await ask({ agent })
    await approve(first)
    for (const { proposal } of [second, third]) {
      pass(1_000)
      await approvals.ana.proposals.approve(proposal.id, shown(proposal))
    }
    for (const { trigger } of [first, second, third]) await guard(trigger)
    expect((await counted(agent)).map(({ applied }) => applied)).toEqual([100, 200])
    expect(await counted(other)).toMatchObject([{ applied: 100 }])
  })

  it('of a batch counts half from the second one on [MAT-11, EVID-2]', async () => {
    const agent = await newIntern()
    const asked = [await ask({ agent, action: 'note.write' }), await ask({ agent, action: 'note.write' })]
    pass(UNHURRIED)
    const items = asked.map(({ proposal }) => ({ id: proposal.id, ...shown(proposal) }))
    await approvals.ana.proposals.batch({ decision: 'approve', items })
    for (const { trigger } of asked) await guard(trigger)
    expect((await counted(agent)).map(({ applied }) => applied).toSorted()).toEqual([100, 200])
  })

  it('and one 3 seconds later, or by another person, counts whole [MAT-11, EVID-2]', async () => {
    const agent = await newIntern()
    const asked = [await ask({ agent }), await ask({ agent }), await ask({ agent })] as [Asked, Asked, Asked]
    await approve(asked[0])
    await approvals.ben.proposals.approve(asked[1].proposal.id, shown(asked[1].proposal))
    pass(3_000)
    await approvals.ana.proposals.approve(asked[2].proposal.id, shown(asked[2].proposal))
    for (const { trigger } of asked) await guard(trigger)
    expect((await counted(agent)).map(({ applied }) => applied)).toEqual([200, 200, 200])
  })
})

describe('the word of who has a hand in the agent', () => {
  it('speaks for it only in a workspace of one person, and against it anywhere [EVID-8, I-12]', async () => {
    const { admin, user } = approvals.test
    const olga = user('olga', 'supervisor')
    await admin.agents.register({ id: 'her-own', maturity: 'intern', ownerId: 'olga' })
    const put = async (document: JsonObject): Promise<void> => {
      const { version } = await admin.policies.current()
      await admin.policies.put(document, { basedOn: version, reason: 'a test' })
    }
    const approveAndRun = async (): Promise<void> => {
      const { proposal, trigger } = await ask({ agent: 'her-own' })
      pass(UNHURRIED)
      await olga.proposals.approve(proposal.id, shown(proposal))
      expect(await guard(trigger)).toMatchObject({ status: 'executed' })
    }
    await put({ separationOfDuties: false })
    await approveAndRun()
    expect(await counted('her-own')).toEqual([])
    const { proposal } = await ask({ agent: 'her-own' })
    await olga.proposals.reject(proposal.id, { ...shown(proposal), category: 'wrong_args', reason: 'Too much.' })
    expect(await counted('her-own')).toMatchObject([{ applied: -200 }])
    await put({ separationOfDuties: false, promotion: { onePerson: true } })
    await approveAndRun()
    expect((await counted('her-own'))[0]).toMatchObject({ applied: 200, actor: 'user:olga' })
    await put({})
  })
})

describe('an outcome that only the agent tells', () => {
  it('is no success, whatever people approved, but a failure [EVID-3, I-12]', async () => {
    const agent = await newIntern()
    const own = approvals.test.agent(agent) as ReturnType<typeof runtime>
    const tell = async (outcome: Parameters<typeof own.report>[1]): Promise<void> => {
      const asked = await ask({ agent })
      await approve(asked)
      await own.report(await claimed(own, { ...asked.trigger, args: { cents: 5 } }), outcome)
    }
    await tell({ status: 'succeeded', value: 'done', stored: true })
    expect(await counted(agent)).toEqual([])
    await tell({ status: 'failed', message: 'The network was away.', infrastructure: true })
    expect(await counted(agent)).toMatchObject([{ kind: 'proposal', requested: 0 }])
  })

  it('is the word of the runtime where that has a credential of its own [EVID-3]', async () => {
    const agent = await newIntern()
    const scope = runtime()
    const tell = async (key: string, outcome: Parameters<typeof scope.report>[1]): Promise<void> => {
      const trigger = { agent, action: 'refund.create', args: { cents: 5 }, idempotencyKey: key }
      const decision = await scope.decide(trigger)
      if (decision.route !== 'proposal') throw new Error(decision.reason)
      const proposal = await approvals.test.admin.proposals.get(decision.proposal.id)
      await approve({ trigger, proposal })
      await scope.report(await claimed(scope, trigger), outcome)
    }
    await tell('service-1', { status: 'failed', message: 'The network was away.', infrastructure: true })
    expect(await counted(agent)).toEqual([])
    await tell('service-2', { status: 'succeeded', value: 'done', stored: true })
    expect(await counted(agent)).toMatchObject([{ applied: 200 }])
  })
})

describe('a failure around an approved run', () => {
  it('is evidence neither for the agent nor against it [EVID-4]', async () => {
    const agent = await newIntern()
    const asked = await ask({ agent })
    await approve(asked)
    const away = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
    const run = (_call: GuardCall) => Promise.reject(away)
    await expect(approvals.test.agent(agent).guard(asked.trigger, run)).rejects.toBe(away)
    expect(await now(asked.proposal)).toMatchObject({ state: 'failed' })
    expect(await counted(agent)).toEqual([])
  })
})
