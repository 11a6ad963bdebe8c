import type { HostScope, Identity, Principal } from '@preceptor/client'
import { createTestClock, createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'

const WORKSPACES = ['default', 'other'] as const
type Workspace = (typeof WORKSPACES)[number]

const ROOT: Principal = { kind: 'user', id: 'root', roles: ['admin'] }
const SUE: Principal = { kind: 'user', id: 'sue', roles: ['supervisor'] }

/** The same names, keys and places in two workspaces: what is one of them is not the other. */
function describeSameIds(options: () => { readonly database?: string }): void {
  const clock = createTestClock()
  let test: TestGovernor
  const as = (workspace: Workspace, principal: Principal): HostScope => test.governor.as({ workspace, principal })
  const both = async <T>(ask: (workspace: Workspace) => Promise<T>): Promise<readonly [T, T]> => [
    await ask('default'),
    await ask('other'),
  ]
  const agent = (id: string): Principal => ({ kind: 'agent', id, roles: [] })

  beforeAll(async () => {
    test = await createTestGovernor({
      ...options(),
      clock,
      workspaces: WORKSPACES,
      actions: { 'order.read': { risk: 'safe' }, 'refund.create': { risk: 'high' }, 'card.pay': { risk: 'high' } },
    })
    await both(async (workspace) => {
      const admin = as(workspace, ROOT)
      await admin.members.put('root', { displayName: 'Root', roles: ['admin'] })
      await admin.members.put('sue', { displayName: `Sue of ${workspace}`, roles: ['supervisor'] })
      for (const maturity of ['student', 'intern', 'supervised', 'autonomous'] as const) {
        await admin.agents.register({ id: maturity, maturity, ownerId: 'system', displayName: workspace })
      }
      const limits = [{ name: 'payments', action: 'card.pay', per: 'day', most: 2 }]
      await admin.policies.put({ limits }, { basedOn: 0, reason: 'a test' })
    })
  })
  afterAll(() => test.close())

  it(verifies('I-34', 'an agent that is paused in one runs in the other, also from memory'), async () => {
    const read = (workspace: Workspace) =>
      as(workspace, agent('student')).decide({ agent: 'student', action: 'order.read', args: {} })
    for (const { route } of await both(read)) expect(route).toBe('execution')
    await as('other', ROOT).agents.pause('student', 'a test')
    // From memory a safe action is decided for a second at most.
    await expect.poll(async () => (await read('other')).route, { timeout: 3_000 }).toBe('denied')
    for (let round = 0; round < 3; round += 1) {
      const [here, there] = await both(read)
      expect([here.route, there.route]).toEqual(['execution', 'denied'])
    }
    await as('other', ROOT).agents.resume('student', 'a test')
  })

  it(verifies('I-34', 'an agent that is stopped in one runs in the other'), async () => {
    const stop = await as('other', ROOT).stops.set({ target: 'agent', agent: 'autonomous', reason: 'a test' })
    const read = (workspace: Workspace) =>
      as(workspace, agent('autonomous')).decide({ agent: 'autonomous', action: 'order.read', args: {} })
    await expect.poll(async () => (await read('other')).route, { timeout: 3_000 }).toBe('denied')
    expect((await read('default')).route).toBe('execution')
    await as('other', ROOT).stops.lift(stop.id, 'a test')
  })

  it(verifies('I-34', 'a level that is earned in one is not held in the other'), async () => {
    await as('other', ROOT).agents.demote('autonomous', 'intern', 'a test')
    const [here, there] = await both((workspace) =>
      as(workspace, agent('autonomous')).decide({
        agent: 'autonomous',
        action: 'refund.create',
        args: {},
        idempotencyKey: 'level',
      }),
    )
    expect([here.route, there.route]).toEqual(['execution', 'proposal'])
  })

  it(verifies('I-34', 'the key of an attempt is used in each once: two runs, two results'), async () => {
    const ran: string[] = []
    const attempt = (workspace: Workspace) =>
      as(workspace, ROOT).guard(
        {
          agent: 'autonomous',
          action: 'order.read',
          args: { of: workspace },
          idempotencyKey: 'attempt',
        },
        async () => {
          ran.push(workspace)
          return { of: workspace }
        },
      )
    const first = await both(attempt)
    expect(first.map((result) => result.status)).toEqual(['executed', 'executed'])
    expect(ran).toEqual(['default', 'other'])
    const [here, there] = await both((workspace) => as(workspace, ROOT).decisions.get(decisionOf(first, workspace)))
    expect([here.args, there.args]).toEqual([{ of: 'default' }, { of: 'other' }])
  })

  const decisionOf = (results: readonly { readonly decision: { readonly id: string } }[], workspace: Workspace) =>
    results[WORKSPACES.indexOf(workspace)]?.decision.id ?? ''

  it(verifies('I-34', 'the key of a claimed run is no outcome of the other'), async () => {
    const attempt = (workspace: Workspace) =>
      as(workspace, agent('supervised')).guard(
        { agent: 'supervised', action: 'order.read', args: { of: workspace }, idempotencyKey: 'claimed', run: 'run-1' },
        async () => workspace,
      )
    const [here, there] = await both(attempt)
    expect([here, there].map((result) => result.status === 'executed' && result.value)).toEqual(['default', 'other'])
  })

  it(
    verifies('I-34', 'the key of a proposal opens one in each, and the decision on one is none on the other'),
    async () => {
      const trigger = { agent: 'intern', action: 'refund.create', args: { cents: 5 }, idempotencyKey: 'proposal' }
      const asked = await both((workspace) => as(workspace, agent('intern')).decide(trigger))
      const proposals = asked.map((decision) => (decision.route === 'proposal' ? decision.proposal : undefined))
      const [here, there] = proposals
      if (here === undefined || there === undefined) throw new Error('Both wait for approval.')
      expect(here.id).not.toBe(there.id)
      expect(here.actionHash).not.toBe(there.actionHash)
      const { version, actionHash } = here
      await expect(as('other', SUE).proposals.approve(here.id, { version, actionHash })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      })
      await expect(as('other', SUE).proposals.approve(there.id, { version, actionHash })).rejects.toMatchObject({
        code: 'PROPOSAL_CHANGED',
      })
      await as('default', SUE).proposals.approve(here.id, { version, actionHash })
      expect((await as('other', ROOT).proposals.get(there.id)).state).toBe('pending')
      let ran = 0
      const guard = (workspace: Workspace) => as(workspace, agent('intern')).guard(trigger, async () => (ran += 1))
      expect((await guard('other')).status).toBe('withheld')
      expect((await guard('default')).status).toBe('executed')
      expect(ran).toBe(1)
    },
  )

  it(
    verifies('I-34', 'the key of a request answers in each for itself, for the same principal and operation'),
    async () => {
      const ask = (workspace: Workspace, body: string) => {
        const identity: Identity = { workspace, principal: ROOT }
        const request = { identity, operation: 'agents.change', key: 'request', requestHash: 'a'.repeat(64) }
        return test.governor.once(request, async () => ({ status: 200, body: { body } }))
      }
      expect(await both((workspace) => ask(workspace, workspace))).toMatchObject([
        { body: { body: 'default' } },
        { body: { body: 'other' } },
      ])
      expect(await both((workspace) => ask(workspace, 'again'))).toMatchObject([
        { body: { body: 'default' } },
        { body: { body: 'other' } },
      ])
    },
  )

  it(verifies('I-34', 'a limit that is used up in one is not in the other'), async () => {
    await both((workspace) =>
      as(workspace, ROOT).agents.register({
        id: 'payer',
        maturity: 'autonomous',
        ownerId: 'system',
        displayName: workspace,
      }),
    )
    const pay = (workspace: Workspace, idempotencyKey: string) =>
      as(workspace, agent('payer')).decide(
        { agent: 'payer', action: 'card.pay', args: {}, idempotencyKey },
        { claim: true },
      )
    for (const key of ['a', 'b']) await pay('default', key)
    const [here, there] = await both((workspace) => pay(workspace, 'c'))
    expect(here).toMatchObject({ route: 'denied', code: 'LIMIT_EXCEEDED' })
    expect(there.route).toBe('execution')
  })

  it(verifies('I-34', 'a run of one name is watched in each by its own session'), async () => {
    const trigger = { agent: 'supervised', action: 'refund.create', args: {}, run: 'same', idempotencyKey: 'watched' }
    await both((workspace) => as(workspace, SUE).presence.heartbeat())
    const decided = await both((workspace) => as(workspace, agent('supervised')).decide(trigger))
    const [here, there] = decided.map((decision) => (decision.route === 'supervision' ? decision.session.id : ''))
    expect([here, there]).not.toContain('')
    expect(here).not.toBe(there)
    await as('default', SUE).sessions.attach(here ?? '')
    expect((await as('other', ROOT).sessions.get(there ?? '')).supervisorId).toBeNull()
    await as('default', agent('supervised')).finish('same', { agent: 'supervised', status: 'failed' })
    expect((await as('other', ROOT).sessions.get(there ?? '')).state).toBe('starting')
  })

  it(verifies('I-34', 'a user of one name is present, and a member, in each for itself'), async () => {
    await as('default', SUE).presence.override('sue', { state: 'offline' })
    const states = await both((workspace) => as(workspace, ROOT).presence.get('sue'))
    expect(states.map(({ state }) => state)).toEqual(['offline', 'online'])
    await as('other', ROOT).members.remove('sue')
    expect((await as('default', ROOT).members.list()).items.map(({ userId }) => userId)).toContain('sue')
    await as('other', ROOT).members.put('sue', { displayName: 'Sue of other', roles: ['supervisor'] })
  })

  it(verifies('I-34', 'a job that one has to do is not done in the other'), async () => {
    const waiting = await both(async (workspace) => {
      const trigger = { agent: 'intern', action: 'refund.create', args: {}, idempotencyKey: 'expiring' }
      const decision = await as(workspace, agent('intern')).decide(trigger)
      return decision.route === 'proposal' ? decision.proposal.id : ''
    })
    clock.advance(25 * 3_600_000)
    await test.governor.jobs.run('expire-proposals', { workspace: 'default' })
    const [here, there] = await both((workspace) =>
      as(workspace, ROOT).proposals.get(waiting[WORKSPACES.indexOf(workspace)] ?? ''),
    )
    expect([here.state, there.state]).toEqual(['expired', 'pending'])
  })

  it(verifies('I-34', 'a place in the list of one is no place in the list of the other'), async () => {
    const { next } = await as('default', ROOT).agents.list({ limit: 1 })
    const { items } = await as('other', ROOT).agents.list({ limit: 100, cursor: next ?? '' })
    expect(items.length).toBeGreaterThan(0)
    expect(new Set(items.map(({ displayName }) => displayName))).toEqual(new Set(['other']))
  })
}

describe('the same ids in two workspaces, embedded', () => describeSameIds(() => ({})))
describeWithPostgres('the same ids in two workspaces', () => {
  const server = useTestDatabase()
  describeSameIds(() => ({ database: server.url }))
})
