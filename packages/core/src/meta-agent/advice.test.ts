import type { ControlScope, Proposal } from '@preceptor/client'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { GovernorOptions } from '../options.ts'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

const DENIED = { code: 'PERMISSION_DENIED' }

interface Plane {
  readonly test: TestGovernor
  readonly ana: ControlScope
  /** A pending proposal of an intern of its own, or of the one that is named. */
  ask(given?: { agent?: string; action?: string; args?: object }): Promise<Proposal>
  /** An intern with these capabilities. */
  intern(capabilities?: readonly string[]): Promise<string>
  approve(proposal: Proposal, args?: object): Promise<Proposal>
}

const shown = ({ version, actionHash }: Proposal) => ({ version, actionHash })

function usePlane(options: () => GovernorOptions): Plane {
  let test: TestGovernor
  let count = 0
  const keys = new Map<string, string>()
  beforeAll(async () => {
    test = await createTestGovernor({
      ...options(),
      settings: { deadlineMs: 10_000 },
      actions: {
        'note.write': {
          risk: 'medium',
          args: z.object({ cents: z.int().max(100), pin: z.string().meta({ writeOnly: true }).optional() }),
        },
        'refund.create': { risk: 'high' },
      },
    })
  })
  afterAll(() => test?.close())
  const plane: Plane = {
    get test() {
      return test
    },
    get ana() {
      return test.user('ana', 'supervisor')
    },
    async intern(capabilities = ['note']) {
      count += 1
      const id = `intern-${count}`
      await test.admin.agents.register({ id, maturity: 'intern', ownerId: 'system', capabilities })
      return id
    },
    async ask({ agent, action = 'note.write', args = { cents: 5 } } = {}) {
      count += 1
      const asker = agent ?? (await plane.intern())
      const idempotencyKey = `ask-${count}`
      const trigger = { agent: asker, action, args: { ...args }, idempotencyKey }
      const decision = await test.agent(asker).decide(trigger)
      if (decision.route !== 'proposal') throw new Error(`${decision.route}: ${decision.reason}`)
      keys.set(decision.proposal.id, idempotencyKey)
      return test.admin.proposals.get(decision.proposal.id)
    },
    async approve(proposal, args) {
      const edited = args === undefined ? {} : { args: { ...args } }
      await plane.ana.proposals.approve(proposal.id, { ...shown(proposal), ...edited })
      const { agent, action, args: asked } = proposal
      const trigger = { agent, action, args: asked, idempotencyKey: keys.get(proposal.id) ?? '' }
      const result = await test.agent(agent).guard(trigger, () => 'done')
      if (result.status !== 'executed') throw new Error(result.status)
      return test.admin.proposals.get(proposal.id)
    },
  }
  return plane
}

function advises(plane: Plane): void {
  it('reviews by rules, stores what it says, and shows it on the card [META-2, META-5]', async () => {
    const { ana, test } = plane
    const proposal = await plane.ask()
    expect((await ana.proposals.card(proposal.id)).advice).toBeNull()
    const advice = await ana.proposals.advise(proposal.id)
    expect(advice).toMatchObject({ proposalId: proposal.id, ...shown(proposal), verdict: 'escalate', by: 'rules' })
    expect(advice).toMatchObject({
      reasons: ['Nobody has decided on this action of this agent before.', expect.any(String)],
    })
    expect((await ana.proposals.card(proposal.id)).advice).toEqual(advice)
    const again = await ana.proposals.advise(proposal.id)
    expect((await ana.proposals.card(proposal.id)).advice).toEqual(again)
    const first = await ana.proposals.advices(proposal.id, { limit: 1 })
    expect(first.items).toEqual([again])
    const rest = await ana.proposals.advices(proposal.id, { cursor: first.next ?? '' })
    expect(rest).toEqual({ items: [advice], next: null })
    const journal = await test.admin.journal.list({ subject: proposal.id, kind: 'proposal.advised' })
    const told = { actor: 'user:ana', adviceId: again.id, ...shown(proposal), by: 'rules' }
    expect(journal.items.map(({ body }) => body)).toContainEqual(told)
    expect(JSON.stringify(journal)).not.toContain('Nobody has decided')
  })

  it('approves what is alike and always was, and suggests what people made of the same [META-2, META-4]', async () => {
    const { ana } = plane
    const agent = await plane.intern()
    for (const cents of [5, 6, 7]) await plane.approve(await plane.ask({ agent, args: { cents } }))
    const alike = await ana.proposals.advise((await plane.ask({ agent, args: { cents: 6 } })).id)
    expect(alike).toMatchObject({ verdict: 'approve', suggestions: [] })
    await plane.approve(await plane.ask({ agent, args: { cents: 90 } }), { cents: 9 })
    const same = await ana.proposals.advise((await plane.ask({ agent, args: { cents: 90 } })).id)
    expect(same).toMatchObject({ verdict: 'modify', by: 'rules' })
    expect(same.suggestions).toEqual([{ pointer: '/cents', kind: 'changed', before: 90, after: 9 }])
    const rejected = await plane.ask({ agent, args: { cents: 66 } })
    await ana.proposals.reject(rejected.id, { ...shown(rejected), category: 'other', reason: 'No.' })
    const repeated = await ana.proposals.advise((await plane.ask({ agent, args: { cents: 66 } })).id)
    expect(repeated).toMatchObject({
      verdict: 'reject',
      reasons: [expect.stringContaining(rejected.id), expect.any(String)],
    })
  })

  it('changes no proposal, whatever it says [META-5]', async () => {
    const { ana, test } = plane
    const agent = await plane.intern()
    for (const cents of [1, 2, 3]) await plane.approve(await plane.ask({ agent, args: { cents } }))
    const proposals = [
      await plane.ask({ agent, args: { cents: 2 } }),
      await plane.ask({ agent, action: 'refund.create', args: {} }),
      await plane.ask(),
    ]
    const verdicts: string[] = []
    for (const proposal of proposals) {
      verdicts.push((await ana.proposals.advise(proposal.id)).verdict)
      // Not even when it was last changed.
      expect(await test.admin.proposals.get(proposal.id)).toEqual(proposal)
      const kinds = (await test.admin.journal.list({ subject: proposal.id })).items.map(({ kind }) => kind)
      expect(kinds.sort()).toEqual(['proposal.advised', 'proposal.created'])
    }
    expect(verdicts).toEqual(['approve', 'reject', 'escalate'])
    const [approved] = proposals
    if (approved === undefined) throw new Error('There are three.')
    const trigger = { agent, action: 'note.write', args: { cents: 2 }, idempotencyKey: 'unapproved' }
    expect(await test.agent(agent).guard(trigger, () => 'ran')).toMatchObject({ status: 'withheld' })
    await plane.approve(approved)
  })

  it('is about one version: the next one has none, and what was decided gets none [META-5]', async () => {
    const { ana, test } = plane
    const proposal = await plane.ask()
    const advice = await ana.proposals.advise(proposal.id)
    const until = new Date(Date.parse(proposal.expiresAt) + 3_600_000).toISOString()
    await ana.proposals.extend(proposal.id, { ...shown(proposal), until })
    expect((await ana.proposals.card(proposal.id)).advice).toBeNull()
    expect((await ana.proposals.advices(proposal.id)).items).toEqual([advice])
    const next = await ana.proposals.advise(proposal.id)
    expect(next).toMatchObject({ version: 2 })
    expect(next.actionHash).not.toBe(advice.actionHash)
    await ana.proposals.reject(proposal.id, {
      version: 2,
      actionHash: next.actionHash,
      category: 'other',
      reason: 'No.',
    })
    await expect(ana.proposals.advise(proposal.id)).rejects.toMatchObject({ code: 'PROPOSAL_DECIDED' })
    expect((await test.admin.proposals.card(proposal.id)).advice).toEqual(next)
  })
}

describe('advice of the meta-agent on pglite', () => {
  const plane = usePlane(() => ({}))
  advises(plane)

  it('is for people who judge: others neither ask for it nor read it [META-5, I-5]', async () => {
    const { ana, test } = plane
    const proposal = await plane.ask()
    await ana.proposals.advise(proposal.id)
    const as = (kind: 'agent' | 'service', id: string, scopes: readonly string[] = []): ControlScope =>
      test.governor.as({ workspace: 'default', principal: { kind, id, roles: [], scopes } })
    const scopes = ['proposals.card', 'proposals.advise', 'proposals.advices']
    const others = [as('agent', proposal.agent), as('service', 'sync', scopes), test.user('vic', 'viewer')]
    for (const { proposals } of others) {
      await expect(proposals.advise(proposal.id)).rejects.toMatchObject(DENIED)
      await expect(proposals.advices(proposal.id)).rejects.toMatchObject(DENIED)
    }
    for (const { proposals } of others.slice(1)) {
      expect((await proposals.card(proposal.id)).advice).toBeNull()
    }
    await expect(others[0]?.proposals.card(proposal.id)).rejects.toMatchObject(DENIED)
    expect(JSON.stringify(await as('agent', proposal.agent).journal.list())).not.toContain('verdict')
    await expect(ana.proposals.advise('prp_none')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('suggests nothing hidden [META-4]', async () => {
    const agent = await plane.intern()
    const args = { cents: 50, pin: 'canary-1234' }
    const first = await plane.ask({ agent, args })
    await plane.ana.proposals.approve(first.id, { ...shown(first), args: { cents: 50, pin: 'canary-9999' } })
    const advice = await plane.ana.proposals.advise((await plane.ask({ agent, args })).id)
    expect(advice).toMatchObject({ verdict: 'escalate', suggestions: [] })
    expect(JSON.stringify(advice)).not.toContain('canary')
  })

  it('stays unasked for where nobody asks: a worker does nothing by default [META-7]', async () => {
    const proposal = await plane.ask()
    expect(await plane.test.governor.jobs.advise(4)).toBe(0)
    expect((await plane.ana.proposals.card(proposal.id)).advice).toBeNull()
  })
})

describeWithPostgres('advice of the meta-agent on postgres', () => {
  const database = useTestDatabase()
  advises(usePlane(() => ({ database: database.url, migrate: true })))
})

describe('a worker that advises unasked', () => {
  let test: TestGovernor
  beforeAll(async () => {
    test = await createTestGovernor({ metaAgent: { advise: 'always' } })
    await test.register('bot', 'intern')
  })
  afterAll(() => test?.close())

  it('does so once for each version [META-7]', async () => {
    const decision = await test.agent('bot').decide({ agent: 'bot', action: 'note.write', args: {} })
    if (decision.route !== 'proposal') throw new Error(decision.reason)
    const { id } = decision.proposal
    const ana = test.user('ana', 'supervisor')
    const ran = await Promise.all([test.governor.jobs.advise(4), test.governor.jobs.advise(4)])
    expect(ran.reduce((sum, count) => sum + count)).toBe(1)
    expect(await test.governor.jobs.advise(4)).toBe(0)
    expect((await ana.proposals.card(id)).advice).toMatchObject({ by: 'rules', version: 1 })
    const { items } = await test.admin.journal.list({ subject: id, kind: 'proposal.advised' })
    expect(items).toMatchObject([{ body: { actor: 'system:meta-agent' } }])
    const proposal = await test.admin.proposals.get(id)
    const until = new Date(Date.parse(proposal.expiresAt) + 3_600_000).toISOString()
    await ana.proposals.extend(id, { ...shown(proposal), until })
    expect(await test.governor.jobs.advise(4)).toBe(1)
    expect((await ana.proposals.advices(id)).items.map(({ version }) => version)).toEqual([2, 1])
  })
})
