import { type Decision, MATURITIES, RISKS, type Route, type Trigger } from '@preceptor/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

const ACTIONS = { safe: 'order.read', medium: 'note.write', high: 'refund.create', critical: 'ledger.close' } as const

let test: TestGovernor

beforeAll(async () => {
  test = await createTestGovernor()
  for (const maturity of MATURITIES) await test.register(maturity, maturity)
})
afterAll(() => test.close())

function decide(agent: string, trigger: Partial<Trigger> & { readonly action: string }): Promise<Decision> {
  return test.agent(agent).decide({ agent, args: {}, ...trigger }, { claim: true })
}

function codeOf(decision: Decision): string | null {
  return 'code' in decision ? decision.code : null
}

async function kindsOf(subject: string): Promise<string[]> {
  const { items } = await test.admin.journal.list({ subject })
  return items.map(({ kind }) => kind)
}

describe('the matrix of actions inside a run', () => {
  const rows: Record<string, readonly Route[]> = {
    student: ['execution', 'training', 'training', 'training'],
    intern: ['execution', 'proposal', 'proposal', 'proposal'],
    supervised: ['execution', 'execution', 'queue', 'proposal'],
    autonomous: ['execution', 'execution', 'execution', 'proposal'],
  }
  it.each(MATURITIES)('routes what a %s attempts, by risk [ROUTE-3]', async (maturity) => {
    const routes: Route[] = []
    for (const risk of RISKS) routes.push((await decide(maturity, { action: ACTIONS[risk] })).route)
    // Nobody is online here: what would be supervised waits in the queue.
    expect(routes).toEqual(rows[maturity])
  })
})

describe('the matrix of triggers that start a run', () => {
  it.each([
    ['student', 'training'],
    ['intern', 'proposal'],
    ['supervised', 'queue'],
    ['autonomous', 'execution'],
  ] as const)('routes what a %s starts to %s, whatever the risk [ROUTE-2]', async (maturity, route) => {
    for (const risk of RISKS) {
      expect((await decide(maturity, { action: ACTIONS[risk], type: 'workflow_trigger' })).route).toBe(route)
    }
  })
})

describe('a route and what follows from it', () => {
  it('training: a blocked trigger, and one open training proposal that counts repeats [ROUTE-5, TRAIN-1]', async () => {
    await test.register('pupil', 'student')
    const first = await decide('pupil', { action: 'note.write', args: { text: 'one' } })
    const second = await decide('pupil', { action: 'note.write', args: { text: 'two' } })
    if (first.route !== 'training' || second.route !== 'training') throw new Error('Both are trained.')
    expect(second.trainingProposal).toEqual({ id: first.trainingProposal.id, repeats: 2 })
    const blocked = await test.admin.blockedTriggers.list({ agent: 'pupil' })
    expect(blocked.items).toHaveLength(2)
    expect(blocked.items[0]).toMatchObject({ action: 'note.write', maturity: 'student', resolvedAt: null })
    const proposal = await test.admin.trainingProposals.get(first.trainingProposal.id)
    expect(proposal).toMatchObject({ state: 'proposed', repeats: 2, gaps: ['note'] })
  })

  it('proposal: one pending proposal per key, bound to the args, with quorum 2 for critical [ROUTE-6]', async () => {
    const attempt = { action: 'refund.create', args: { cents: 5 }, idempotencyKey: 'refund-1' }
    const first = await decide('intern', attempt)
    const again = await decide('intern', attempt)
    if (first.route !== 'proposal' || again.route !== 'proposal') throw new Error('Both are proposals.')
    expect(again.proposal).toEqual(first.proposal)
    expect(again.id).toBe(first.id)
    const proposal = await test.admin.proposals.get(first.proposal.id)
    expect(proposal).toMatchObject({ state: 'pending', version: 1, args: { cents: 5 }, requiredApprovals: 1 })
    expect(proposal.actionHash).toMatch(/^[0-9a-f]{64}$/)
    expect(codeOf(await decide('intern', { ...attempt, args: { cents: 6 } }))).toBe('IDEMPOTENCY_KEY_REUSED')
    expect(await decide('intern', { action: 'ledger.close' })).toMatchObject({ proposal: { requiredApprovals: 2 } })
  })

  it('queue: an entry that is kept, by risk before age [ROUTE-7]', async () => {
    const decision = await decide('supervised', { action: 'refund.create', args: { cents: 7 } })
    if (decision.route !== 'queue') throw new Error('It waits.')
    expect(await test.admin.queue.get(decision.queueEntry.id)).toMatchObject({
      state: 'pending',
      risk: 'high',
      priority: 8,
    })
  })

  it('execution and denial: the journal says what and why [ROUTE-8, ROUTE-9]', async () => {
    const ran = await decide('autonomous', { action: 'refund.create', idempotencyKey: 'ran' })
    expect(await test.admin.decisions.get(ran.id)).toMatchObject({
      decision: { route: 'execution', id: ran.id },
      actor: 'agent:autonomous',
      execution: { state: 'claimed', attempt: 1 },
    })
    const refused = await decide('autonomous', { action: 'no.such' })
    expect(await test.admin.decisions.get(refused.id)).toMatchObject({
      decision: { route: 'denied', code: 'ACTION_UNKNOWN' },
    })
    expect(await kindsOf(refused.id)).toEqual(['decision.made'])
  })

  it('check answers the same and leaves no trace [ROUTE-12]', async () => {
    const before = await test.admin.journal.list({ limit: 1, kind: 'decision.made' })
    const scope = test.agent('intern')
    const assessment = await scope.check({ agent: 'intern', action: 'ledger.close', args: {} })
    expect(assessment).toMatchObject({
      route: 'proposal',
      code: 'APPROVAL_REQUIRED',
      maturity: 'intern',
      risk: 'critical',
    })
    expect('id' in assessment).toBe(false)
    expect((await test.admin.journal.list({ limit: 1, kind: 'decision.made' })).items[0]?.id).toBe(before.items[0]?.id)
  })
})

describe('the order of the checks', () => {
  it('names the first that fails [ROUTE-1, STOP-1]', async () => {
    await test.register('unlucky', 'student')
    const attempt = { action: 'no.such', args: {} }
    expect(codeOf(await decide('unlucky', attempt))).toBe('ACTION_UNKNOWN')
    await test.admin.agents.pause('unlucky', 'test')
    expect(codeOf(await decide('unlucky', attempt))).toBe('AGENT_PAUSED')
    const stop = await test.admin.stops.set({ target: 'agent', agent: 'unlucky', reason: 'test' })
    expect(codeOf(await decide('unlucky', attempt))).toBe('STOPPED')
    await expect(test.admin.stops.lift(stop.id, '')).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    await test.admin.stops.lift(stop.id, 'over')
    await expect(test.admin.stops.lift(stop.id, 'twice')).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(codeOf(await decide('unlucky', attempt))).toBe('AGENT_PAUSED')
    expect(codeOf(await decide('stranger', attempt))).toBe('AGENT_UNKNOWN')
  })

  it('a stop of the workspace reaches everybody, one of everything is for the system [STOP-1]', async () => {
    const stop = await test.admin.stops.set({ target: 'workspace', reason: 'test' })
    expect(codeOf(await decide('autonomous', { action: 'note.write' }))).toBe('STOPPED')
    await test.admin.stops.lift(stop.id, 'over')
    await expect(test.admin.stops.set({ target: 'all', reason: 'test' })).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    })
    const system = test.governor.as({ workspace: 'default', principal: { kind: 'system', id: 'ops', roles: [] } })
    const all = await system.stops.set({ target: 'all', reason: 'test' })
    expect(codeOf(await decide('autonomous', { action: 'note.write' }))).toBe('STOPPED')
    await system.stops.lift(all.id, 'over')
    expect((await decide('autonomous', { action: 'note.write' })).route).toBe('execution')
  })
})

describe('who acts', () => {
  it('an agent acts for itself only, whatever the trigger says [I-8]', async () => {
    const decision = await test.agent('student').decide({ agent: 'autonomous', action: 'refund.create', args: {} })
    expect(decision).toMatchObject({ route: 'denied', code: 'AGENT_MISMATCH' })
    for (const field of ['source', 'workspace', 'principal', 'maturity', 'approved']) {
      const forged = { agent: 'student', action: 'refund.create', args: {}, [field]: 'manual' }
      await expect(test.agent('student').decide(forged)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    }
  })

  it('a person may set it off, is warned, and still meets stops, lifecycle and schemas [ROUTE-4]', async () => {
    await test.register('helper', 'student')
    const person = test.user('ana', 'supervisor')
    const attempt = { agent: 'helper', action: 'refund.create', args: {} }
    const decision = await person.decide(attempt)
    expect(decision).toMatchObject({ route: 'execution', source: 'manual', maturity: 'student' })
    expect(decision.warnings.join()).toContain('student')
    await test.admin.agents.pause('helper', 'test')
    expect(codeOf(await person.decide(attempt))).toBe('AGENT_PAUSED')
    expect(codeOf(await test.user('vic', 'viewer').decide(attempt))).toBe('PERMISSION_DENIED')
  })

  it('delegation counts the least of the chain; too long, twice or unknown is denied [I-10, ROUTE-10]', async () => {
    const attempt = { action: 'refund.create' }
    expect((await decide('autonomous', { ...attempt, delegation: ['supervised', 'intern'] })).route).toBe('proposal')
    expect((await decide('autonomous', { ...attempt, delegation: ['student'] })).route).toBe('training')
    expect(codeOf(await decide('autonomous', { ...attempt, delegation: ['autonomous'] }))).toBe('DELEGATION_CYCLE')
    const six = ['a', 'b', 'c', 'd', 'e', 'f']
    expect(codeOf(await decide('autonomous', { ...attempt, delegation: six }))).toBe('DELEGATION_TOO_DEEP')
    expect(codeOf(await decide('autonomous', { ...attempt, delegation: ['ghost'] }))).toBe('AGENT_UNKNOWN')
  })

  it('an agent whose build changed counts as intern until it is attested [I-14, AGENT-5]', async () => {
    await test.register('rebuilt', 'autonomous')
    const attempt = { action: 'refund.create' }
    const build = { version: '1', model: 'm1', tools: 'a'.repeat(64) }
    expect((await decide('rebuilt', { ...attempt, fingerprint: build })).route).toBe('execution')
    expect((await decide('rebuilt', { ...attempt, fingerprint: { tools: 'a'.repeat(64), version: '1' } })).route).toBe(
      'execution',
    )
    expect((await decide('rebuilt', { ...attempt, fingerprint: { ...build, model: 'm2' } })).route).toBe('proposal')
    expect((await decide('rebuilt', { ...attempt, fingerprint: build })).route).toBe('proposal')
    expect(await test.admin.agents.get('rebuilt')).toMatchObject({ fingerprintCapped: true, maturity: 'autonomous' })
    await test.admin.agents.attest('rebuilt', 'reviewed')
    expect((await decide('rebuilt', { ...attempt, fingerprint: { ...build, model: 'm2' } })).route).toBe('execution')
  })
})

describe('names and digests', () => {
  it.each(['constructor', '__proto__', 'toString', 'Order.read', 'order.read ', 'оrder.read'])(
    'the action %j is unknown [ACT-1, ACT-3, I-9]',
    async (action) => {
      const decision = await decide('autonomous', { action })
      expect(decision).toMatchObject({
        route: 'denied',
        code: 'ACTION_UNKNOWN',
        reason: expect.stringContaining('registerActions'),
      })
    },
  )

  it('two definitions of one name run side by side, by digest; without it neither does [ACT-4, I-9]', async () => {
    const scope = test.agent('autonomous')
    const schema = (type: string) => ({ type: 'object', properties: { id: { type } }, required: ['id'] })
    const [one] = await scope.registerActions({ 'item.get': { risk: 'medium', args: schema('string') } })
    const [two] = await scope.registerActions({ 'item.get': { risk: 'medium', args: schema('integer') } })
    const attempt = { action: 'item.get', args: { id: 'x' } }
    expect(codeOf(await decide('autonomous', attempt))).toBe('ACTION_AMBIGUOUS')
    expect((await decide('autonomous', { ...attempt, digest: one?.digest ?? '' })).route).toBe('execution')
    expect(codeOf(await decide('autonomous', { ...attempt, digest: two?.digest ?? '' }))).toBe('ARGS_INVALID')
    expect(codeOf(await decide('autonomous', { ...attempt, digest: 'f'.repeat(64) }))).toBe('ACTION_UNKNOWN')
  })

  it('capability and risk have their defaults [ACT-5]', async () => {
    await test.agent('autonomous').registerActions({ 'mail.send.bulk': {} })
    expect(await test.agent('intern').check({ agent: 'intern', action: 'mail.send.bulk', args: {} })).toMatchObject({
      risk: 'high',
    })
    const student = await decide('student', { action: 'mail.send.bulk' })
    if (student.route !== 'training') throw new Error('It is trained.')
    expect((await test.admin.trainingProposals.get(student.trainingProposal.id)).capability).toBe('mail')
  })
})

describe('where an attempt says that it comes from', () => {
  const attempt = { agent: 'autonomous', action: 'order.read', args: {} }

  it('is a source that is registered [ERR-3]', async () => {
    const made = test.governor
      .as({ workspace: 'default', principal: { kind: 'agent', id: 'autonomous', roles: [] }, source: 'teletype' })
      .decide(attempt)
    expect(await made).toMatchObject({ route: 'denied', code: 'SOURCE_UNKNOWN' })
  })

  it('is a type that is registered [ERR-3]', async () => {
    const made = test.agent('autonomous').decide({ ...attempt, type: 'smoke_signal' })
    expect(await made).toMatchObject({ route: 'denied', code: 'TYPE_UNKNOWN' })
  })
})
