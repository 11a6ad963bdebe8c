import type {
  ArgChange,
  ArgCondition,
  ControlScope,
  JsonObject,
  Proposal,
  ProposalCard,
  Scope,
  Trigger,
} from '@preceptor/client'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { suggestMatcher } from '../grants/suggest-matcher.ts'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

const CANARY = 'canary-7f31'
const MASK = '[redacted]'

let test: TestGovernor
let ana: ControlScope
let ben: ControlScope
let attempts = 0
let offset = 0
const ran: JsonObject[] = []

const payout = z.object({
  cents: z.int().default(5),
  to: z.string().default('clara'),
  iban: z.string().meta({ writeOnly: true }).optional(),
  stamps: z.array(z.object({ name: z.string(), seal: z.string().meta({ format: 'password' }) })).optional(),
})

beforeAll(async () => {
  test = await createTestGovernor({
    clock: { now: () => Date.now() + offset, monotonic: () => performance.now() },
    actions: {
      'payout.send': {
        risk: 'high',
        args: payout,
        execute: ({ args }) => {
          ran.push(args)
          return { sent: args.cents ?? null }
        },
        summary: ({ cents, iban }) => `Send ${cents} cents to ${iban ?? 'nobody'}`,
        preview: (args) => [{ kind: 'code', code: JSON.stringify(args), language: 'json' }],
      },
      'refund.create': { risk: 'high' },
      'refund.broken': {
        preview: () => {
          throw new Error('broken')
        },
      },
      'ledger.close': { risk: 'critical', idempotent: true, ceiling: 'supervised' },
    },
  })
  ana = test.user('ana', 'supervisor')
  ben = test.user('ben', 'supervisor')
  await test.register('bot', 'intern')
  await test.admin.agents.register({ id: 'hers', maturity: 'intern', ownerId: 'ana' })
})
afterAll(() => test.close())

interface Asked {
  readonly trigger: Trigger
  readonly proposal: Proposal
}

async function ask(extra: Partial<Trigger> = {}, scope?: Scope): Promise<Asked> {
  attempts += 1
  const trigger = { agent: 'bot', action: 'refund.create', args: {}, idempotencyKey: `ask-${attempts}`, ...extra }
  const decision = await (scope ?? test.agent(trigger.agent)).decide(trigger)
  if (decision.route !== 'proposal') throw new Error(`${decision.route}: ${decision.reason}`)
  return { trigger, proposal: await test.admin.proposals.get(decision.proposal.id) }
}

/** Stored args come back in another order of keys. */
const byPointer = (changes: readonly ArgChange[]) => [...changes].sort((a, b) => a.pointer.localeCompare(b.pointer))

const shown = ({ version, actionHash }: Proposal) => ({ version, actionHash })

/** Lets what was asked for be approved, and run. */
async function approveAndRun({ trigger, proposal }: Asked): Promise<void> {
  await ana.proposals.approve(proposal.id, shown(proposal))
  const result = await test.agent(trigger.agent).guard(trigger, () => ({ done: true }))
  if (result.status !== 'executed') throw new Error(result.status)
}

describe('an approval card', () => {
  it('has everything that a person decides on [CARD-5]', async () => {
    const { proposal } = await ask({ action: 'payout.send', args: { cents: 700 } })
    const card = await ana.proposals.card(proposal.id)
    expect(card).toMatchObject({
      proposal,
      summary: 'Send 700 cents to nobody',
      risk: { level: 'high' },
      preview: [{ kind: 'code', language: 'json' }],
      changes: { against: null, entries: [] },
      edits: [],
      masked: [],
      bound: { agent: 'bot', action: 'payout.send', version: 1, expiresAt: proposal.expiresAt, policyVersion: 0 },
      schema: { type: 'object', properties: { iban: { writeOnly: true } } },
      approvals: { required: 1, given: [] },
      mayDecide: { allowed: true, reason: null },
      history: { decided: 0, approvedUnchanged: 0, edited: 0, rejected: 0, last: [] },
    })
    expect(Object.keys(card).sort()).toEqual(
      [
        'advice',
        'approvals',
        'bound',
        'changes',
        'edits',
        'history',
        'masked',
        'mayDecide',
        'preview',
        'proposal',
        'risk',
      ].concat(['schema', 'serverTime', 'summary']),
    )
    const catalogued = (await ana.actions.list()).items.find(({ name }) => name === 'payout.send')
    expect(card.bound.digest).toBe(catalogued?.digest)
    expect(card.bound.nonce).toMatch(/^evt_/)
    expect(Math.abs(Date.parse(card.serverTime) - Date.now() - offset)).toBeLessThan(60_000)
  })

  it('shows a payload of 20 kB whole [CARD-5]', async () => {
    const text = Array.from({ length: 2_000 }, (_, index) => `line ${index}`).join('\n')
    const args = { text, nested: { list: [text.slice(0, 5_000)] } }
    const { proposal } = await ask({ args })
    const card = await ana.proposals.card(proposal.id)
    expect(card.proposal.args).toEqual(args)
    const code = card.preview.map((block) => (block.kind === 'code' ? JSON.parse(block.code) : {}))
    expect(Object.assign({}, ...code)).toEqual(args)
    expect(card.summary).toBe('Asks for refund.create with 2 arguments.')
  })

  it('of an action whose preview fails warns, and shows the args [CARD-4]', async () => {
    const { proposal } = await ask({ action: 'refund.broken', args: { cents: 5 } })
    const { preview, summary } = await ana.proposals.card(proposal.id)
    expect(preview).toEqual([
      { kind: 'warning', text: expect.stringContaining('could not be had') },
      { kind: 'kv', items: [{ label: 'cents', value: 5 }] },
    ])
    expect(summary).toBe('Asks for refund.broken with cents 5.')
    expect(test.reports.some(({ message }) => message.includes('refund.broken'))).toBe(true)
  })

  it('compares with what the agent last ran after an approval, and with what was asked for [CARD-6]', async () => {
    await test.register('comparing', 'intern')
    const of = (args: JsonObject) => ask({ agent: 'comparing', args })
    await approveAndRun(await of({ cents: 310, to: 'a' }))
    const rejected = await of({ cents: 1 })
    await ana.proposals.reject(rejected.proposal.id, { ...shown(rejected.proposal), category: 'other', reason: 'No.' })
    const last = await of({ cents: 320, to: 'a' })
    await approveAndRun(last)
    const { proposal } = await of({ cents: '320', to: 'b', note: null })
    const card = await ana.proposals.card(proposal.id)
    expect(card.changes.against?.proposalId).toBe(last.proposal.id)
    expect(byPointer(card.changes.entries)).toEqual([
      { pointer: '/cents', kind: 'changed', before: 320, after: '320' },
      { pointer: '/note', kind: 'added', after: null },
      { pointer: '/to', kind: 'changed', before: 'a', after: 'b' },
    ])
    expect(card.history).toMatchObject({ decided: 3, approvedUnchanged: 2, edited: 0, rejected: 1 })
    expect(card.history.last.map(({ state }) => state)).toEqual(['succeeded', 'rejected', 'succeeded'])
    await ana.proposals.approve(proposal.id, { ...shown(proposal), args: { cents: 1 } })
    const edited = await ben.proposals.card(proposal.id)
    expect(byPointer(edited.edits)).toEqual([
      { pointer: '/cents', kind: 'changed', before: '320', after: 1 },
      { pointer: '/note', kind: 'removed', before: null },
      { pointer: '/to', kind: 'removed', before: 'b' },
    ])
    expect(edited).toMatchObject({ bound: { version: 2 }, approvals: { given: ['user:ana'] } })
    expect(edited.preview).toEqual([{ kind: 'kv', items: [{ label: 'cents', value: 1 }] }])
    // What it is compared with was decided before it.
    expect((await ana.proposals.card(last.proposal.id)).changes.entries).toHaveLength(1)
  })

  it('says by the rules that decide whether the caller may, and if not why [CARD-7]', async () => {
    const { proposal } = await ask({ action: 'ledger.close', agent: 'hers' })
    const mayDecide = async (scope: ControlScope) => (await scope.proposals.card(proposal.id)).mayDecide
    const refusal = async (scope: ControlScope): Promise<string> =>
      scope.proposals.approve(proposal.id, shown(proposal)).then(
        () => 'approved',
        (error: Error) => error.message,
      )
    for (const scope of [ana, test.user('vic', 'viewer')]) {
      const { allowed, reason } = await mayDecide(scope)
      expect(allowed).toBe(false)
      expect(reason).toBe(await refusal(scope))
    }
    expect((await mayDecide(ana)).reason).toContain('owns the agent')
    expect(await mayDecide(ben)).toEqual({ allowed: true, reason: null })
    await ben.proposals.approve(proposal.id, shown(proposal))
    expect(await mayDecide(ben)).toEqual({ allowed: false, reason: await refusal(ben) })
    expect((await mayDecide(ben)).reason).toContain('has approved this version already')
    expect(await ana.proposals.card(proposal.id)).toMatchObject({ approvals: { required: 2, given: ['user:ben'] } })
    await test.admin.proposals.approve(proposal.id, shown(proposal))
    expect(await mayDecide(test.user('cy', 'supervisor'))).toEqual({ allowed: false, reason: await refusal(ben) })
    const late = (await ask({})).proposal
    offset += 25 * 3_600_000
    const expired = (await ana.proposals.card(late.id)).mayDecide
    expect(expired).toEqual({ allowed: false, reason: `The proposal ${late.id} is expired.` })
  })

  it('says what made the risk, and what is unusual [CARD-8]', async () => {
    await test.register('risky', 'intern')
    const of = (cents: number, action = 'refund.create') => ask({ agent: 'risky', action, args: { cents } })
    const reasons = async ({ proposal }: Asked): Promise<string> =>
      (await ana.proposals.card(proposal.id)).risk.reasons.join('\n')
    const first = await of(100)
    expect(await reasons(first)).toContain('No earlier proposal of this agent')
    expect(await reasons(first)).toContain('declared to be of high risk')
    expect(await reasons(first)).toContain('an agent that counts as intern needs approval for an action of high risk')
    expect(await reasons(first)).toContain('repeating does not undo it')
    await approveAndRun(first)
    for (const cents of [200, 300]) await approveAndRun(await of(cents))
    expect(await reasons(await of(200))).not.toMatch(/No earlier|"cents"/)
    expect(await reasons(await of(301))).toContain(
      '"cents" is 301; in the last 3 that were approved and ran it was 100 to 300.',
    )
    expect(await reasons(first)).toContain('No earlier proposal of this agent')
    const critical = await of(5, 'ledger.close')
    expect(await reasons(critical)).toContain('at most supervised')
    expect(await reasons(critical)).toContain('2 people must approve')
    expect(await reasons(critical)).not.toContain('undo')
    const limits = [{ name: 'daily', per: 'day', most: 1_000, spend: 'cents' }]
    const actions = { 'refund.create': { risk: 'critical', when: 'args.cents < 5000' } }
    const { version } = await test.admin.policies.current()
    await test.admin.policies.put({ limits, actions } as JsonObject, { basedOn: version, reason: 'A test.' })
    const strict = await reasons(await of(900))
    expect(strict).toContain('The policy makes it critical.')
    expect(strict).toContain('only while: args.cents < 5000')
    expect(strict).toContain('The limit "daily" of 1000 per day has 1000 left before this.')
    expect(await reasons(await of(300))).not.toContain('daily')
    expect(await reasons(critical)).toContain(`The policy is at version ${version + 1} by now, not ${version}`)
    await test.admin.policies.put({}, { basedOn: version + 1, reason: 'The end.' })
  })

  it('is for who judges: redacted for a viewer, refused to an agent, unknown elsewhere [CARD-9, I-34]', async () => {
    const { proposal } = await ask({ args: { note: 'a parcel' }, context: { why: 'a parcel' } })
    const card = await test.user('vic', 'viewer').proposals.card(proposal.id)
    expect(JSON.stringify(card)).not.toContain('a parcel')
    expect(card).toMatchObject({ proposal: { args: { note: MASK } }, preview: [], summary: 'Asks for refund.create.' })
    const scope = test.agent('bot') as ControlScope
    await expect(scope.proposals.card(proposal.id)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    const root = { kind: 'user', id: 'root', roles: ['admin'] } as const
    const elsewhere = test.governor.as({ workspace: 'other', principal: root })
    for (const id of [proposal.id, 'prp_none', '']) {
      await expect(elsewhere.proposals.card(id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    }
    const sync = { kind: 'service', id: 's', roles: [], scopes: ['proposals.card'], agents: ['hers'] } as const
    const service = test.governor.as({ workspace: 'default', principal: sync })
    await expect(service.proposals.card(proposal.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('an arg that the schema hides', () => {
  const secret = { iban: CANARY, stamps: [{ name: 'a', seal: `${CANARY}-1` }] }

  /** How often it is in what anybody can read about a proposal. */
  async function leaksOf(id: string, { journal = true } = {}): Promise<number> {
    await vi.waitFor(async () => expect((await test.admin.journal.verify()).unsealed).toBe(0), { timeout: 5_000 })
    const scopes = [test.admin, ana, test.user('vic', 'viewer')]
    const cards: ProposalCard[] = await Promise.all(scopes.map((scope) => scope.proposals.card(id)))
    const own = test.agent('bot') as ControlScope
    const read = await Promise.all(
      [...scopes, own].map(async ({ proposals }) => [await proposals.get(id), await proposals.list()]),
    )
    const rows = await test.admin.journal.list({ limit: 100 })
    return JSON.stringify([cards, read, journal ? rows.items : [], test.reports]).split(CANARY).length - 1
  }

  it('is in nothing that is read, and what runs gets it [CARD-2, I-33]', async () => {
    const { trigger, proposal } = await ask({ action: 'payout.send', args: { cents: 9, ...secret } })
    expect(proposal.args).toEqual({ cents: 9, to: 'clara', iban: MASK, stamps: [{ name: 'a', seal: MASK }] })
    const card = await ana.proposals.card(proposal.id)
    expect([...card.masked].sort()).toEqual(['/iban', '/stamps/0/seal'])
    expect(card.summary).toBe('Send 9 cents to [redacted]')
    const events = await test.admin.events.subscribe({ after: 0 })
    await ana.proposals.approve(proposal.id, { ...shown(proposal), args: { ...proposal.args, cents: 8 } as JsonObject })
    expect(await leaksOf(proposal.id)).toBe(0)
    expect((await ana.proposals.card(proposal.id)).edits).toEqual([
      { pointer: '/cents', kind: 'changed', before: 9, after: 8 },
    ])
    ran.length = 0
    expect(await test.governor.jobs.runApproved(10)).toBe(1)
    expect(ran).toEqual([{ cents: 8, to: 'clara', ...secret }])
    expect(await leaksOf(proposal.id)).toBe(0)
    const again = await test.agent('bot').decide(trigger)
    expect(JSON.stringify(again)).not.toContain(CANARY)
    const heard: unknown[] = []
    for await (const event of events) {
      heard.push(event)
      if (event.kind === 'proposal.succeeded') break
    }
    expect(JSON.stringify(heard)).not.toContain(CANARY)
    expect(heard.length).toBeGreaterThan(3)
  })

  it('is as hidden where the attempt is blocked, or waits for somebody who can watch it [CARD-2, I-33]', async () => {
    for (const maturity of ['student', 'supervised'] as const) {
      await test.register(`hidden-${maturity}`, maturity)
      const trigger = { agent: `hidden-${maturity}`, action: 'payout.send', args: secret }
      expect(await test.agent(trigger.agent).decide(trigger)).toMatchObject({
        route: maturity === 'student' ? 'training' : 'queue',
      })
    }
    const { items: blocked } = await test.admin.blockedTriggers.list()
    const { items: queued } = await test.admin.queue.list()
    const masked = { cents: 5, to: 'clara', iban: MASK, stamps: [{ name: 'a', seal: MASK }] }
    expect([blocked, queued]).toMatchObject([[{ args: masked }], [{ args: masked }]])
  })

  it('is neither shown nor guessed by what a grant would have let run [CARD-2, I-33]', async () => {
    const any = { any: true } as const
    const preview = (iban: ArgCondition) =>
      ana.grants.preview({
        agent: 'bot',
        action: 'payout.send',
        matcher: { args: { cents: any, to: any, iban, stamps: any } },
      })
    const matched = await preview(any)
    expect(matched.matched).toBeGreaterThan(0)
    expect(JSON.stringify(matched).split(CANARY)).toHaveLength(1)
    expect((await preview({ equals: CANARY })).matched).toBe(0)
    const asked = matched.sample.map(({ args }) => ({ args, resource: null }))
    expect(suggestMatcher(asked)).toBeNull()
  })

  it('is compared without being shown [CARD-2]', async () => {
    const { proposal } = await ask({ action: 'payout.send', args: { cents: 8, ...secret, iban: `${CANARY}-2` } })
    const { changes } = await ana.proposals.card(proposal.id)
    expect(changes.entries).toEqual([{ pointer: '/iban', kind: 'changed', before: MASK, after: MASK }])
    await ana.proposals.approve(proposal.id, {
      ...shown(proposal),
      args: { ...proposal.args, iban: 'new' } as JsonObject,
    })
    ran.length = 0
    await test.governor.jobs.runApproved(10)
    expect(ran).toEqual([{ cents: 8, to: 'clara', ...secret, iban: 'new' }])
  })

  it('sent back as it was shown is no edit [CARD-3]', async () => {
    const { proposal } = await ask({ action: 'payout.send', args: secret })
    const approved = await ana.proposals.approve(proposal.id, { ...shown(proposal), args: proposal.args })
    expect(approved).toMatchObject({ state: 'approved', version: 1, actionHash: proposal.actionHash })
    await ana.proposals.cancel(proposal.id, 'A test.')
  })

  it('is refused where the mask would be the value, from people and from agents [CARD-3]', async () => {
    const { proposal } = await ask({ action: 'payout.send', args: secret })
    const approve = (args: object) =>
      ana.proposals.approve(proposal.id, { ...shown(proposal), args: args as JsonObject })
    const invalid = expect.objectContaining({ code: 'ARGS_INVALID' })
    await expect(approve({ ...proposal.args, to: MASK })).rejects.toEqual(invalid)
    await expect(approve({ cents: 5, stamps: [{ name: 'b', seal: MASK }] })).rejects.toEqual(invalid)
    expect(await test.admin.proposals.get(proposal.id)).toMatchObject({ state: 'pending', version: 1 })
    const copied = { agent: 'bot', action: 'payout.send', args: proposal.args }
    expect(await test.agent('bot').decide(copied)).toMatchObject({ route: 'denied', code: 'ARGS_INVALID' })
  })

  it('stays hidden in what was asked for before, whatever the action says of it later [CARD-2]', async () => {
    const register = async (hidden: boolean): Promise<string> => {
      const args = { properties: { iban: { type: 'string', writeOnly: hidden } } }
      const [action] = await test.admin.registerActions({ 'payout.open': { risk: 'high', args } })
      return action?.digest ?? ''
    }
    const [closed, open] = [await register(true), await register(false)]
    const { trigger, proposal } = await ask({ action: 'payout.open', args: { iban: CANARY }, digest: closed })
    await ana.proposals.approve(proposal.id, shown(proposal))
    const run = vi.fn()
    expect(await test.agent('bot').guard({ ...trigger, digest: open }, run)).toMatchObject({
      decision: { route: 'proposal', proposal: { version: 2 } },
    })
    expect(run).not.toHaveBeenCalled()
    // What the agent itself sends under another definition is of that one.
    expect(await leaksOf(proposal.id, { journal: false })).toBe(0)
  })
})
