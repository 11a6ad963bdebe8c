import type { GrantRequest, GuardResult, Trigger } from '@preceptor/client'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'
import { attempt, grantRequest, grantTo } from './grants.test.helper.ts'

let test: TestGovernor
let offset = 0
let made = 0
/** The agent of the present test. */
let bot = ''

beforeAll(async () => {
  test = await createTestGovernor({
    clock: { now: () => Date.now() + offset, monotonic: () => performance.now() },
    workspaces: ['default', 'other'],
    actions: {
      'order.read': { risk: 'safe' },
      'note.write': { risk: 'medium' },
      'refund.create': {
        risk: 'high',
        args: z.object({ cents: z.coerce.number().int(), note: z.string().optional() }),
      },
      'refund.retry': { risk: 'high', idempotent: true },
      'ledger.close': { risk: 'critical' },
    },
  })
  await test.register('boss', 'intern')
  await test.admin.members.put('ana', { displayName: 'Ana', roles: ['supervisor'] })
})
beforeEach(async () => {
  made += 1
  bot = `bot-${made}`
  await test.register(bot, 'intern')
})
afterAll(() => test.close())

const grant = (extra: Partial<GrantRequest> = {}) =>
  grantTo(test, { agent: bot, expiresAt: new Date(Date.now() + offset + 3_600_000).toISOString(), ...extra })
const run = (extra: Partial<Trigger> = {}): Promise<GuardResult<unknown>> => attempt(test, { agent: bot, ...extra })
const ran = { status: 'executed', decision: { route: 'execution' } }
const waits = { status: 'withheld', decision: { route: 'proposal' } }
const used = async (id: string): Promise<number> => (await test.admin.grants.get(id)).used
const refusal = (extra: Partial<GrantRequest>, ana = test.user('ana', 'supervisor')) =>
  ana.grants.create(grantRequest({ agent: bot, expiresAt: soon(), ...extra })).then(
    () => 'made',
    (error: { code?: string }) => error.code,
  )
const soon = (): string => new Date(Date.now() + offset + 60_000).toISOString()
const shake = async (id: string): Promise<void> => {
  await test.admin.agents.pause(id, 'A moment.')
  await test.admin.agents.resume(id, 'Go on.')
}

describe('a grant', () => {
  it('lets so many matching attempts run, and says so; the next one is proposed [GRANT-1, PROP-2]', async () => {
    const { id } = await grant()
    expect(await run()).toMatchObject({ ...ran, value: { cents: 5 }, decision: { grant: { id, usesLeft: 1 } } })
    expect(await run({ args: { cents: 101 } })).toMatchObject(waits)
    expect(await run()).toMatchObject({ ...ran, decision: { grant: { id, usesLeft: 0 } } })
    expect(await run()).toMatchObject(waits)
    expect(await test.admin.grants.get(id)).toMatchObject({ state: 'used_up', used: 2, uses: 2, lapsed: null })
    const { items } = await test.admin.journal.list({ agent: bot, kind: 'decision.made' })
    expect(items.filter(({ body }) => JSON.stringify(body.decision).includes(id))).toHaveLength(2)
  })

  it('goes by the args as parsed, by all of them, and by the resource [GRANT-2]', async () => {
    const { id } = await grant({ uses: 5 })
    expect(await run({ args: { cents: '7' } })).toMatchObject({ ...ran, value: { cents: 7 } })
    for (const other of [
      { args: { cents: 5, note: 'and more' } },
      { args: { cents: 5 }, resource: 'order-1' },
      { args: { cents: -5 } },
      { args: { cents: 5 }, action: 'refund.retry' },
      { args: { cents: 5 }, delegation: ['boss'] },
    ]) {
      expect(await run(other)).toMatchObject(waits)
    }
    expect(await attempt(test, { agent: 'boss' })).toMatchObject(waits)
    expect(await used(id)).toBe(1)
  })

  it('is shown by check and by a decision without a claim, which use nothing [GRANT-3, ROUTE-12]', async () => {
    const { id } = await grant()
    const trigger = { agent: bot, action: 'refund.create', args: { cents: 5 }, idempotencyKey: 'shown' }
    const shown = { route: 'execution', grant: { id, usesLeft: 2 } }
    expect(await test.agent(bot).check(trigger)).toMatchObject({ ...shown, code: null })
    expect(await test.agent(bot).decide(trigger)).toMatchObject(shown)
    expect(await used(id)).toBe(0)
    expect(await test.agent(bot).decide(trigger, { claim: true })).toMatchObject({ grant: { id, usesLeft: 1 } })
    expect(await used(id)).toBe(1)
    expect((await test.admin.proposals.list({ agent: bot })).items).toEqual([])
  })

  it('is used once by attempts with one key, also at the same moment [GRANT-3, I-4]', async () => {
    const { id } = await grant({ uses: 5 })
    const results = await Promise.all([1, 2, 3, 4].map(() => run({ idempotencyKey: 'same' })))
    expect(results.filter(({ status }) => status === 'executed')).toHaveLength(1)
    expect(await run({ idempotencyKey: 'same' })).toMatchObject({ status: 'replayed' })
    expect(await used(id)).toBe(1)
  })

  it('gets a use back when nothing ran under the claim [GRANT-3]', async () => {
    const { id } = await grant({ uses: 1 })
    const trigger = { agent: bot, action: 'refund.create', args: { cents: 5 }, idempotencyKey: 'aborted' }
    const aborted = test.agent(bot).guard(trigger, () => 1, { signal: AbortSignal.abort(new Error('Not now.')) })
    await expect(aborted).rejects.toThrow('Not now.')
    expect(await test.admin.grants.get(id)).toMatchObject({ used: 0, state: 'active' })
    expect(await run({ idempotencyKey: 'aborted' })).toMatchObject({ ...ran, decision: { grant: { id, usesLeft: 0 } } })
  })

  it('that failed is used: what ran has run; each run of an idempotent action uses one [GRANT-3]', async () => {
    const { id } = await grant({ action: 'refund.retry', uses: 3 })
    const trigger = { agent: bot, action: 'refund.retry', args: { cents: 5 }, idempotencyKey: 'again' }
    const failing = test.agent(bot).guard(trigger, () => Promise.reject(new Error('It broke.')))
    await expect(failing).rejects.toThrow('It broke.')
    expect(await used(id)).toBe(1)
    expect(await run(trigger)).toMatchObject({ ...ran, decision: { grant: { id, usesLeft: 1 } } })
    expect(await used(id)).toBe(2)
  })

  it('of several is the one that expires first [GRANT-1]', async () => {
    const late = await grant({ uses: 1 })
    const early = await grant({ uses: 1, expiresAt: soon() })
    expect(await run()).toMatchObject({ decision: { grant: { id: early.id } } })
    expect(await run()).toMatchObject({ decision: { grant: { id: late.id } } })
    expect(await run()).toMatchObject(waits)
  })

  it('does not bring back what waits or was rejected under a key [GRANT-3, I-6]', async () => {
    const key = { idempotencyKey: 'waiting' }
    const waiting = await run(key)
    const { id } = await grant()
    expect(await run(key)).toMatchObject({ ...waits, decision: { id: waiting.decision.id } })
    const [proposal] = (await test.admin.proposals.list({ agent: bot })).items
    if (proposal === undefined) throw new Error('Nothing was proposed.')
    const { version, actionHash } = proposal
    const rejection = { version, actionHash, category: 'other', reason: 'No.' } as const
    await test.user('ben', 'supervisor').proposals.reject(proposal.id, rejection)
    expect(await run(key)).toMatchObject({ decision: { code: 'PROPOSAL_REJECTED' } })
    expect(await used(id)).toBe(0)
  })
})

describe('a grant ends', () => {
  it('with its time, and is shown as that [GRANT-4]', async () => {
    const { id } = await grant({ expiresAt: soon() })
    expect(await run()).toMatchObject(ran)
    offset += 60_001
    expect(await run()).toMatchObject(waits)
    expect(await test.admin.grants.get(id)).toMatchObject({ state: 'expired', used: 1, lapsed: null })
    expect((await test.admin.grants.list({ agent: bot, state: 'active' })).items).toEqual([])
    expect((await test.admin.grants.list({ agent: bot, state: 'expired' })).items).toMatchObject([{ id }])
  })

  it('when somebody revokes it, once and for good [GRANT-4]', async () => {
    const { id } = await grant()
    const ben = test.user('ben', 'supervisor')
    expect(await ben.grants.revoke(id, 'Enough, token=abcdef123.')).toMatchObject({
      state: 'revoked',
      revokedBy: 'user:ben',
    })
    expect(await run()).toMatchObject(waits)
    await expect(ben.grants.revoke(id, 'Again.')).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(ben.grants.revoke('grt_none', 'Why.')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const { items } = await test.admin.journal.list({ subject: id })
    expect(items.map(({ kind }) => kind).sort()).toEqual(['grant.created', 'grant.revoked'])
    expect(JSON.stringify(items)).not.toContain('abcdef123')
  })

  it.each<[string, () => Promise<unknown>]>([
    ['pauses and goes on', () => shake(bot)],
    ['is attested anew', () => test.user('root', 'admin').agents.attest(bot, 'Checked.')],
    ['comes as another build', () => run({ fingerprint: { version: '2' } })],
  ])('when its agent %s [GRANT-5, ROUTE-11]', async (_, change) => {
    await run({ fingerprint: { version: '1' } })
    const { id } = await grant()
    expect(await run()).toMatchObject(ran)
    await change()
    expect(await run({ fingerprint: { version: '1' } })).toMatchObject(waits)
    expect(await test.admin.grants.get(id)).toMatchObject({ state: 'active', lapsed: 'agent_changed', used: 1 })
  })

  it('when its agent is demoted, and stays so after the way up again [GRANT-5, ROUTE-11]', async () => {
    const { id } = await grant()
    await test.admin.agents.demote(bot, 'student', 'A test.')
    expect(await run()).toMatchObject({ decision: { route: 'training' } })
    await test.admin.agents.promote(bot, 'A test.')
    expect(await run()).toMatchObject(waits)
    expect(await used(id)).toBe(0)
  })

  it('when the policy changes [GRANT-5, ROUTE-11]', async () => {
    const { id } = await grant({ uses: 9 })
    const { version } = await test.admin.policies.current()
    await test.admin.policies.put({ actions: { 'refund.create': { requiredApprovals: 2 } } }, put(version))
    expect(await run()).toMatchObject(waits)
    await test.admin.policies.put({}, put(version + 1))
    expect(await run()).toMatchObject(waits)
    expect(await test.admin.grants.get(id)).toMatchObject({ lapsed: 'policy_changed', used: 0 })
  })

  it('when the action is defined in another way [GRANT-5, ROUTE-11]', async () => {
    const action = `late-${bot}.run`
    await test.admin.registerActions({ [action]: { risk: 'high' } })
    const { digest } = await grant({ action })
    const [defined] = (await test.admin.registerActions({ [action]: { risk: 'high', idempotent: true } })).filter(
      (one) => one.name === action,
    )
    expect(await run({ action, digest })).toMatchObject(ran)
    if (defined === undefined) throw new Error('It was not defined.')
    expect(await run({ action, digest: defined.digest })).toMatchObject(waits)
  })

  it.each([
    ['becomes the owner', 'root', ['ana']],
    ['owned it for a while', 'root', ['ana', 'system']],
    ['hands it to somebody else', 'ana', ['cleo']],
  ])('when who made it %s [GRANT-5, I-27]', async (_, changer, owners) => {
    await grant({ uses: 9 })
    expect(await run()).toMatchObject(ran)
    for (const ownerId of owners) await test.user(changer, 'admin').agents.change(bot, { ownerId })
    expect(await run()).toMatchObject(waits)
    await expect(grant({ uses: 9 })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
  })

  it('when who made it is no supervisor any more [GRANT-5, I-27]', async () => {
    await grant({ uses: 9 })
    expect(await run()).toMatchObject(ran)
    await test.admin.members.put('ana', { displayName: 'Ana', roles: ['viewer'] })
    expect(await run()).toMatchObject(waits)
    await test.admin.members.put('ana', { displayName: 'Ana', roles: ['supervisor'] })
  })

  it('when the key by which it was made is revoked [GRANT-5, I-7]', async () => {
    await test.admin.members.put('kay', { displayName: 'Kay', roles: ['supervisor'] })
    const user = { principalKind: 'user', principalId: 'kay', roles: ['supervisor'] } as const
    const { key, secret } = await test.admin.keys.create({ displayName: 'k', ...user })
    const kay = test.governor.as(await test.governor.authenticate(secret))
    await kay.grants.create(grantRequest({ agent: bot, expiresAt: soon(), uses: 9 }))
    expect(await run()).toMatchObject(ran)
    await test.admin.keys.revoke(key.id)
    expect(await run()).toMatchObject(waits)
  })
})

const put = (basedOn: number) => ({ basedOn, reason: 'a test' })

describe('a grant never passes', () => {
  it('a stop, a pause or an exhausted limit [GRANT-5, ROUTE-11]', async () => {
    const { version } = await test.admin.policies.current()
    const limits = [{ name: 'spend', action: 'refund.create', per: 'day', most: 8, spend: 'cents' }]
    await test.admin.policies.put({ limits }, put(version))
    const { id } = await grant({ uses: 9 })
    const stop = await test.admin.stops.set({ target: 'agent', agent: bot, reason: 'a test' })
    expect(await run()).toMatchObject({ decision: { code: 'STOPPED' } })
    await test.admin.stops.lift(stop.id, 'a test')
    expect(await run()).toMatchObject(ran)
    expect(await run()).toMatchObject({ decision: { code: 'LIMIT_EXCEEDED' } })
    await test.admin.agents.pause(bot, 'a test')
    expect(await run()).toMatchObject({ decision: { code: 'AGENT_PAUSED' } })
    expect(await used(id)).toBe(1)
    await test.admin.policies.put({}, put(version + 1))
  })

  it('what a person sets off, or who made it asks for [GRANT-5, I-27]', async () => {
    const { version } = await test.admin.policies.current()
    await test.admin.policies.put({ actions: { 'refund.create': { ceiling: 'intern' } } }, put(version))
    await grant({ uses: 9 })
    const trigger = { agent: bot, action: 'refund.create', args: { cents: 5 } }
    const as = (id: string, source: string) =>
      test.governor.as({ workspace: 'default', principal: { kind: 'user', id, roles: ['supervisor'] }, source })
    expect(await as('ben', 'manual').decide(trigger)).toMatchObject({ route: 'proposal' })
    expect(await as('ana', 'workflow_engine').decide(trigger)).toMatchObject({ route: 'proposal' })
    expect(await as('ben', 'workflow_engine').decide(trigger)).toMatchObject({ route: 'execution' })
    await test.admin.policies.put({}, put(version + 1))
  })

  it('because an agent names it: in args, context, key or permit [GRANT-5, I-5]', async () => {
    const { id } = await grant({ matcher: { args: { cents: { equals: 1 } } } })
    const named = { grant: id, grantId: id, decision: { grant: { id, usesLeft: 9 } } }
    expect(await run({ args: { cents: 5, ...named } as never, context: named })).toMatchObject(waits)
    expect(await run({ idempotencyKey: id })).toMatchObject(waits)
    expect(await run({ permit: id })).toMatchObject({ decision: { route: 'denied', code: 'PERMIT_REFUSED' } })
    await expect(run({ grant: id } as never)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    expect(await used(id)).toBe(0)
  })
})

describe('a grant is made', () => {
  it('by people who approve, never by an agent, a service, the system or a viewer [GRANT-1, I-5]', async () => {
    const as = (kind: 'agent' | 'service' | 'system', id: string) =>
      test.governor.as({ workspace: 'default', principal: { kind, id, roles: [], scopes: ['grants.create'] } })
    for (const scope of [as('agent', bot), as('service', 'x'), as('system', 'host'), test.user('vic', 'viewer')]) {
      expect(await refusal({}, scope)).toBe('PERMISSION_DENIED')
      const { agent, action, matcher } = grantRequest({ agent: bot })
      await expect(scope.grants.preview({ agent, action, matcher })).rejects.toMatchObject({
        code: 'PERMISSION_DENIED',
      })
    }
    const { id } = await grant()
    await expect(as('agent', bot).grants.get(id)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    await expect(as('agent', bot).grants.revoke(id, 'Mine.')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
  })

  it('not by who owns the agent, has owned it or has handed it over [GRANT-1, I-27]', async () => {
    await test.admin.agents.change(bot, { ownerId: 'ana' })
    expect(await refusal({})).toBe('PERMISSION_DENIED')
    await test.admin.agents.change(bot, { ownerId: 'system' })
    expect(await refusal({})).toBe('PERMISSION_DENIED')
    expect(await refusal({}, test.admin)).toBe('PERMISSION_DENIED')
    expect(await refusal({}, test.user('ben', 'supervisor'))).toBe('made')
  })

  it('only where one approval lets run [GRANT-1]', async () => {
    await test.register(`s-${bot}`, 'student')
    await test.register(`a-${bot}`, 'autonomous')
    await test.register(`p-${bot}`, 'intern')
    await test.admin.agents.pause(`p-${bot}`, 'a test')
    expect(await refusal({ agent: `s-${bot}` })).toBe('GRANT_REFUSED')
    expect(await refusal({ agent: `a-${bot}` })).toBe('GRANT_REFUSED')
    expect(await refusal({ agent: `p-${bot}` })).toBe('GRANT_REFUSED')
    expect(await refusal({ action: 'ledger.close' })).toBe('GRANT_REFUSED')
    expect(await refusal({ action: 'unknown.action' })).toBe('ACTION_UNKNOWN')
    expect(await refusal({ agent: 'nobody' })).toBe('NOT_FOUND')
    // A run of this is proposed to one, although a step is not.
    expect(await refusal({ action: 'order.read' })).toBe('made')
    const { version } = await test.admin.policies.current()
    const rules = { 'refund.create': { requiredApprovals: 2 }, 'note.write': { risk: 'critical' } }
    await test.admin.policies.put({ actions: rules }, put(version))
    expect(await refusal({})).toBe('GRANT_REFUSED')
    expect(await refusal({ action: 'note.write' })).toBe('GRANT_REFUSED')
    await test.admin.policies.put({}, put(version + 1))
  })

  it('for a safe run, too, under a claim [GRANT-1]', async () => {
    const { id } = await grant({ action: 'order.read', uses: 1, matcher: { args: {} } })
    const start = { action: 'order.read', args: {}, type: 'agent_message' }
    expect(await run(start)).toMatchObject({ ...ran, decision: { grant: { id, usesLeft: 0 } } })
    expect(await run(start)).toMatchObject(waits)
    expect(await run({ action: 'order.read', args: {} })).toMatchObject(ran)
  })

  it.each<[string, Partial<GrantRequest>]>([
    ['a past time', { expiresAt: '2020-01-01T00:00:00Z' }],
    ['no time', { expiresAt: 'tomorrow' }],
    ['more than 7 days', { expiresAt: new Date(Date.now() + 9 * 86_400_000).toISOString() }],
    ['no use', { uses: 0 }],
    ['too many uses', { uses: 1_001 }],
    ['half a use', { uses: 1.5 }],
    ['no reason', { reason: ' ' }],
    ['no matcher', { matcher: {} as never }],
    ['another key', { state: 'active' } as never],
  ])('not with %s [GRANT-1]', async (_, wrong) => {
    expect(await refusal(wrong)).toBe('INPUT_INVALID')
  })
})

describe('grants', () => {
  it('are listed by agent and state, without values for viewers, and not elsewhere [GRANT-4, I-34]', async () => {
    const { id } = await grant({ reason: 'For Ann.', matcher: { args: { cents: { equals: 4711 } }, resource: 'r-9' } })
    const service = (agents: readonly string[]) =>
      test.governor.as({
        workspace: 'default',
        principal: { kind: 'service', id: 'x', roles: [], scopes: ['grants.get', 'grants.list'], agents },
      })
    expect((await service([bot]).grants.list()).items).toMatchObject([{ id }])
    expect((await service(['boss']).grants.list()).items).toEqual([])
    await expect(service(['boss']).grants.get(id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const [seen] = (await test.user('vic', 'viewer').grants.list({ agent: bot })).items
    expect(seen).toMatchObject({ id, uses: 2, matcher: { args: { cents: {} } } })
    expect(JSON.stringify(seen)).not.toMatch(/4711|r-9|Ann/)
    const principal = { kind: 'user', id: 'ana', roles: ['admin'] } as const
    const elsewhere = test.governor.as({ workspace: 'other', principal })
    await expect(elsewhere.grants.get(id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(elsewhere.grants.revoke(id, 'x')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await elsewhere.grants.list()).items).toEqual([])
  })

  it('are previewed over what was asked for before [GRANT-6]', async () => {
    for (const cents of [5, 50, 500]) await run({ args: { cents } })
    await run({ args: { cents: 6 }, resource: 'order-1' })
    await run({ args: { cents: 7 }, delegation: ['boss'] })
    const { agent, action, matcher } = grantRequest({ agent: bot })
    const ana = test.user('ana', 'supervisor')
    const preview = await ana.grants.preview({ agent, action, matcher })
    expect(preview).toMatchObject({ matched: 2, of: 5 })
    expect(preview.sample.map(({ args, state }) => [args, state])).toEqual([
      [{ cents: 50 }, 'pending'],
      [{ cents: 5 }, 'pending'],
    ])
    expect(await ana.grants.preview({ agent, action: 'never.asked', matcher })).toEqual({
      matched: 0,
      of: 0,
      sample: [],
    })
    await expect(ana.grants.preview({ agent: 'nobody', action, matcher })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
