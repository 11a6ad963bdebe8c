import { type Decision, type JsonObject, MATURITIES, type Trigger } from '@preceptor/client'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createTestClock } from '../testing/test-clock.ts'
import { createTestGovernor, TEST_ACTIONS, type TestGovernor } from '../testing/test-governor.ts'

const clock = createTestClock({ at: Date.UTC(2026, 4, 4, 12) })
let test: TestGovernor
let used = 0

beforeAll(async () => {
  const pay = {
    risk: 'high',
    args: z.object({ cents: z.int(), iban: z.string().meta({ sensitive: true }).optional() }),
  }
  test = await createTestGovernor({
    clock,
    actions: { ...TEST_ACTIONS, 'wire.send': pay as never },
  })
})
afterAll(() => test.close())

/** A workspace that nothing happened in yet, with an agent of each maturity. */
async function fresh(policy?: JsonObject) {
  const workspace = `w${used}`
  used += 1
  const system = test.governor.as({ workspace: 'default', principal: { kind: 'system', id: 'host', roles: [] } })
  await system.workspaces.create({ id: workspace, displayName: workspace })
  const as = (kind: 'user' | 'agent' | 'service', id: string, more: object = {}) =>
    test.governor.as({ workspace, principal: { kind, id, roles: [], ...more } })
  const admin = as('user', 'root', { roles: ['admin'] })
  for (const id of MATURITIES) await admin.agents.register({ id, maturity: id, ownerId: 'system' })
  await admin.registerActions({
    ...TEST_ACTIONS,
    'wire.send': {
      risk: 'high',
      args: z.object({ cents: z.int(), iban: z.string().meta({ sensitive: true }).optional() }),
    },
  })
  if (policy !== undefined) await admin.policies.put(policy, { basedOn: 0, reason: 'a test' })
  const decide = (trigger: Pick<Trigger, 'agent' | 'action'> & Partial<Trigger>): Promise<Decision> => {
    clock.advance(10)
    return as('agent', trigger.agent).decide({ args: {}, ...trigger })
  }
  return { workspace, admin, as, decide }
}

const ruled = ({ route }: { readonly route: string }): string => (route === 'queue' ? 'supervision' : route)

describe('a simulated policy', () => {
  it('says what would have gone another way, and why [POL-8]', async () => {
    const { admin, decide } = await fresh()
    const made = []
    for (const agent of MATURITIES) made.push(await decide({ agent, action: 'refund.create' }))
    await decide({ agent: 'autonomous', action: 'no.such' })
    const simulation = await admin.policies.simulate({ actions: { 'refund.create': { risk: 'critical' } } })
    expect(simulation).toMatchObject({ total: 5, looked: 5, judged: 5, unjudged: [], differing: 2 })
    expect(simulation.routes).toEqual([
      { before: 'denied', after: 'denied', count: 1 },
      { before: 'execution', after: 'proposal', count: 1 },
      { before: 'proposal', after: 'proposal', count: 1 },
      { before: 'supervision', after: 'proposal', count: 1 },
      { before: 'training', after: 'training', count: 1 },
    ])
    expect(simulation.differences).toEqual([
      {
        id: made[3]?.id,
        agent: 'autonomous',
        action: 'refund.create',
        decidedAt: made[3]?.decidedAt,
        before: 'execution',
        after: 'proposal',
        code: 'APPROVAL_REQUIRED',
        reason: 'The agent "autonomous" counts as autonomous here; an action of critical risk needs approval.',
      },
      expect.objectContaining({ id: made[2]?.id, before: 'supervision', after: 'proposal' }),
    ])
  })

  it('has no effect at all [POL-8]', async () => {
    const { admin, decide } = await fresh()
    await decide({ agent: 'intern', action: 'refund.create' })
    const state = async () => [
      await admin.policies.current(),
      (await admin.proposals.list()).items,
      (await admin.journal.list({ limit: 100 })).items.map(({ id, kind, body }) => ({ id, kind, body })),
      (await admin.agents.list()).items,
    ]
    const before = await state()
    await admin.policies.simulate({ matrix: { actions: 'strict' }, limits: [{ name: 'few', per: 'day', most: 0 }] })
    expect(await state()).toEqual(before)
  })

  it('is validated as the policy is, and is for those who may ask [POL-8, AUTH-6]', async () => {
    const { admin, as, decide } = await fresh()
    const refused = (work: Promise<unknown>) =>
      work.then(
        () => 'done',
        (error: { code?: string }) => error.code,
      )
    expect(await refused(admin.policies.simulate({ matrix: 'lax' }))).toBe('POLICY_INVALID')
    expect(await refused(admin.policies.simulate({ actions: { x: { when: 'args.' } } }))).toBe('POLICY_INVALID')
    expect(await refused(admin.policies.simulate({}, { days: 31 }))).toBe('INPUT_INVALID')
    expect(await refused(admin.policies.simulate({}, { days: 0 }))).toBe('INPUT_INVALID')
    expect(await refused(as('user', 'vic', { roles: ['viewer'] }).policies.simulate({}))).toBe('PERMISSION_DENIED')
    expect(await refused(as('agent', 'intern').policies.simulate({}))).toBe('PERMISSION_DENIED')
    for (const agent of ['intern', 'student']) await decide({ agent, action: 'refund.create' })
    const ci = as('service', 'ci', { scopes: ['policies.simulate'], agents: ['intern'] })
    expect(await ci.policies.simulate({})).toMatchObject({ total: 1, looked: 1, judged: 1 })
  })

  it('goes by the maturity of then, not by that of now [POL-8]', async () => {
    const { admin, decide } = await fresh()
    await decide({ agent: 'intern', action: 'refund.create' })
    await admin.agents.promote('intern', 'It has learned.')
    await admin.agents.demote('autonomous', 'student', 'It has not.')
    await decide({ agent: 'autonomous', action: 'note.write' })
    const { routes, unjudged } = await admin.policies.simulate({})
    expect(unjudged).toEqual([])
    expect(routes).toEqual([
      { before: 'proposal', after: 'proposal', count: 1 },
      { before: 'training', after: 'training', count: 1 },
    ])
  })

  it('asks a condition of the args on record, and says where they are hidden [POL-8]', async () => {
    const { admin, decide } = await fresh()
    for (const cents of [5, 500]) await decide({ agent: 'autonomous', action: 'wire.send', args: { cents } })
    const secret = { cents: 5, iban: 'DE89370400440532013000' }
    await decide({ agent: 'autonomous', action: 'wire.send', args: secret })
    const few = { actions: { 'wire.send': { when: 'args.cents < 100' } } }
    const simulation = await admin.policies.simulate(few)
    expect(simulation).toMatchObject({ looked: 3, judged: 2, unjudged: [{ reason: 'args_hidden', count: 1 }] })
    expect(simulation.differences).toMatchObject([{ before: 'execution', after: 'denied', code: 'CONDITION_FAILED' }])
    expect(await admin.policies.simulate({ matrix: {} })).toMatchObject({ judged: 3, differing: 0 })
  })

  it('says where a limit differs, of which nothing is known [POL-8]', async () => {
    const one = { limits: [{ name: 'one', action: 'note.write', per: 'day', most: 1 }] }
    const { admin, as, decide } = await fresh(one)
    const write = async () => {
      clock.advance(10)
      const trigger = { agent: 'autonomous', action: 'note.write', args: {} }
      return (await as('agent', 'autonomous').decide(trigger, { claim: true })).route
    }
    expect([await write(), await write()]).toEqual(['execution', 'denied'])
    await decide({ agent: 'intern', action: 'refund.create' })
    // The same limit: what was found used up is on record.
    expect(await admin.policies.simulate(one)).toMatchObject({ unjudged: [], judged: 3, differing: 0 })
    const other = { limits: [{ name: 'one', action: 'note.write', per: 'day', most: 5 }] }
    const simulation = await admin.policies.simulate(other)
    expect(simulation).toMatchObject({ looked: 3, judged: 1, unjudged: [{ reason: 'limit_differs', count: 2 }] })
    // Without a limit nothing is used up.
    expect((await admin.policies.simulate({})).routes).toContainEqual({
      before: 'denied',
      after: 'execution',
      count: 1,
    })
  })

  it('covers what a bypass, a grant or a person let run [POL-8]', async () => {
    const { admin, decide } = await fresh()
    const { id } = await admin.bypasses.set({ target: 'agent', agent: 'student', reason: 'An emergency.' })
    expect(await decide({ agent: 'student', action: 'note.write' })).toMatchObject({
      route: 'execution',
      bypass: { id },
    })
    clock.advance(10)
    await admin.bypasses.lift(id, 'It is over.')
    expect((await decide({ agent: 'student', action: 'note.write' })).route).toBe('training')
    expect((await admin.decide({ agent: 'student', action: 'note.write', args: {} })).route).toBe('execution')
    const same = await admin.policies.simulate({})
    expect(same).toMatchObject({ unjudged: [], judged: 3, differing: 0 })
    // What takes two people is never loosened by one, and a person answers for the rest.
    const strict = await admin.policies.simulate({ actions: { 'note.write': { requiredApprovals: 2 } } })
    expect(strict.differences).toMatchObject([{ before: 'execution', after: 'training' }])
  })

  it('looks at the newest 2,000 of the days that it is asked of [POL-8]', async () => {
    const { admin, as, decide } = await fresh()
    await decide({ agent: 'intern', action: 'refund.create' })
    clock.advance(2 * 86_400_000)
    const free = as('agent', 'autonomous')
    const read = () => free.decide({ agent: 'autonomous', action: 'order.read', args: {} })
    const routes = await Promise.all(Array.from({ length: 2_050 }, read))
    expect(routes.every(({ route }) => route === 'execution')).toBe(true)
    await expect
      .poll(async () => (await admin.policies.simulate({}, { days: 30 })).total, { timeout: 20_000 })
      .toBe(2_051)
    const month = await admin.policies.simulate({ actions: { 'order.read': { risk: 'critical' } } }, { days: 30 })
    expect(month).toMatchObject({ looked: 2_000, judged: 2_000, differing: 2_000 })
    expect(month.differences).toHaveLength(50)
    expect((await admin.policies.simulate({}, { days: 1 })).total).toBe(2_050)
  }, 120_000)
})

const risk = fc.constantFrom('safe', 'medium', 'high', 'critical')
const rule = fc.record(
  {
    risk,
    ceiling: fc.constantFrom('student', 'intern', 'supervised', 'autonomous'),
    when: fc.constantFrom('args.cents < 50', 'source == "ai_coordinator"', 'agent != "intern"', 'type != ""'),
    requiredApprovals: fc.integer({ min: 1, max: 3 }),
  },
  { requiredKeys: [] },
)
const policy = fc.record(
  {
    matrix: fc.record({
      runs: fc.constantFrom('strict', 'graduated'),
      actions: fc.constantFrom('strict', 'graduated'),
    }),
    actions: fc.dictionary(fc.constantFrom('refund.create', 'note.write', 'wire.send'), rule, { maxKeys: 3 }),
    shadow: fc.constantFrom<string[]>([], ['refund'], ['wire', 'note']),
    promotion: fc.record({ trust: fc.constantFrom('agent', 'capability') }),
  },
  { requiredKeys: [] },
)
const attempts = fc.array(
  fc.record({
    agent: fc.constantFrom(...MATURITIES),
    action: fc.constantFrom('order.read', 'note.write', 'refund.create', 'ledger.close', 'wire.send'),
    cents: fc.integer({ min: 0, max: 100 }),
    type: fc.option(fc.constantFrom('agent_message', 'form_submit'), { nil: undefined }),
    delegation: fc.constantFrom<string[]>([], [], ['intern'], ['supervised']),
    isManual: fc.boolean(),
  }),
  { minLength: 5, maxLength: 20 },
)

describe('simulated and put in force', () => {
  it('a policy decides the same: what it is said to do is what it does [POL-8]', async () => {
    await fc.assert(
      fc.asyncProperty(policy, policy, attempts, async (present, candidate, tried) => {
        const [before, after] = [await fresh(present as JsonObject), await fresh(candidate as JsonObject)]
        const really: string[] = []
        for (const { agent, action, cents, type, delegation, isManual } of tried) {
          const chain = delegation.filter((id) => id !== agent)
          const trigger = {
            agent,
            action,
            args: { cents },
            ...(type !== undefined && { type }),
            ...(chain.length > 0 && { delegation: chain }),
          }
          clock.advance(10)
          for (const { admin, as } of [before, after]) {
            const scope = isManual ? admin : as('agent', agent)
            const decision = await scope.decide(trigger)
            if (admin === after.admin) really.push(ruled(decision))
          }
        }
        const simulation = await before.admin.policies.simulate(candidate as JsonObject)
        expect(simulation).toMatchObject({ looked: tried.length, judged: tried.length, unjudged: [] })
        const said = new Map<string, number>()
        for (const { after: route, count } of simulation.routes) said.set(route, (said.get(route) ?? 0) + count)
        const counted = new Map<string, number>()
        for (const route of really) counted.set(route, (counted.get(route) ?? 0) + 1)
        expect(Object.fromEntries(said)).toEqual(Object.fromEntries(counted))
      }),
      { numRuns: 6 },
    )
  }, 240_000)
})
