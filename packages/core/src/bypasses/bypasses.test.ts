import type { BypassRequest, Decision, Trigger } from '@preceptor/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestClock } from '../testing/test-clock.ts'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

const MINUTE = 60_000
const reason = 'The refunds of the outage must go out.'
const clock = createTestClock()
let test: TestGovernor

beforeAll(async () => {
  test = await createTestGovernor({ clock })
})
afterAll(() => test.close())

let agents = 0
async function agent(maturity: 'student' | 'intern' | 'supervised' = 'intern'): Promise<string> {
  agents += 1
  const id = `agent-${agents}`
  await test.register(id, maturity)
  return id
}

function decide(id: string, trigger: Partial<Trigger> = {}): Promise<Decision> {
  return test.agent(id).decide({ agent: id, action: 'refund.create', args: { cents: 5 }, ...trigger }, { claim: true })
}

const set = (request: Partial<BypassRequest>) =>
  test.user('ana', 'admin').bypasses.set({ target: 'workspace', reason, ...request })

async function withBypass(request: Partial<BypassRequest>, work: (id: string) => Promise<void>): Promise<void> {
  const { id, state } = await set(request)
  expect(state).toBe('active')
  try {
    await work(id)
  } finally {
    await test.admin.bypasses.lift(id, 'done').catch(() => undefined)
  }
}

describe('a bypass', () => {
  it.each([
    ['student', 'training'],
    ['intern', 'proposal'],
    ['supervised', 'supervision'],
  ] as const)(
    'lets what a %s attempts run, and says so on the decision and in the journal [POL-7]',
    async (level, route) => {
      const id = await agent(level)
      await withBypass({ target: 'agent', agent: id }, async (bypass) => {
        const decision = await decide(id)
        expect(decision).toMatchObject({ route: 'execution', maturity: level, bypass: { id: bypass, route } })
        expect(decision.warnings.join()).toContain(bypass)
        expect(await test.admin.decisions.get(decision.id)).toMatchObject({ decision: { bypass: { id: bypass } } })
        expect(await test.agent(id).check({ agent: id, action: 'refund.create', args: {} })).toMatchObject({
          route: 'execution',
          bypass: { id: bypass },
        })
      })
      expect((await decide(id)).route).not.toBe('execution')
    },
  )

  it('covers one agent, capability or action alone [POL-7]', async () => {
    const [one, other] = [await agent(), await agent()]
    await withBypass({ target: 'agent', agent: one, action: 'note.write' }, async () => {
      expect((await decide(one, { action: 'note.write' })).route).toBe('execution')
      expect((await decide(one)).route).toBe('proposal')
      expect((await decide(other, { action: 'note.write' })).route).toBe('proposal')
    })
    await withBypass({ capability: 'refund' }, async () => {
      expect((await decide(other, { action: 'refund.retry' })).route).toBe('execution')
      expect((await decide(other, { action: 'note.write' })).route).toBe('proposal')
    })
  })

  it('ends by itself, by the clock, with no job [POL-7]', async () => {
    const id = await agent()
    const bypass = await set({ target: 'agent', agent: id, durationMs: 10 * MINUTE })
    clock.advance(9 * MINUTE)
    expect((await decide(id)).route).toBe('execution')
    clock.advance(MINUTE)
    expect((await decide(id)).route).toBe('proposal')
    const { items } = await test.admin.bypasses.list({ limit: 1 })
    expect(items).toMatchObject([{ id: bypass.id, state: 'expired', liftedAt: null }])
    await expect(test.admin.bypasses.lift(bypass.id, reason)).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('lasts 1 h unless told, and 24 h at most [POL-7]', async () => {
    const { setAt, expiresAt, id } = await set({})
    expect(Date.parse(expiresAt) - Date.parse(setAt)).toBe(60 * MINUTE)
    await test.admin.bypasses.lift(id, reason)
    for (const durationMs of [0, 999, 1_440 * MINUTE + 1, 1.5]) {
      await expect(set({ durationMs })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    }
  })

  it('raises an alert while it is in force, and the journal says who, why and until when [POL-7]', async () => {
    const id = await agent()
    const alertsOf = async (bypass: string) =>
      (await test.admin.alerts.list({ limit: 100 })).items.filter(({ subjectId }) => subjectId === bypass)
    const lifted = await set({ target: 'agent', agent: id })
    expect(await alertsOf(lifted.id)).toMatchObject([{ code: 'BYPASS_ACTIVE', agent: id, clearedAt: null }])
    await test.admin.bypasses.lift(lifted.id, 'Over.')
    expect(await alertsOf(lifted.id)).toMatchObject([{ clearedAt: expect.any(String) }])
    const { items } = await test.admin.journal.list({ subject: lifted.id })
    expect(items.map(({ kind, body }) => [kind, body])).toEqual([
      ['bypass.lifted', { actor: 'user:root', reason: 'Over.' }],
      ['bypass.set', expect.objectContaining({ actor: 'user:ana', reason, expiresAt: lifted.expiresAt })],
    ])
    const expired = await set({ durationMs: MINUTE })
    clock.advance(MINUTE)
    await test.governor.jobs.run('check-alerts', { workspace: 'default' })
    expect(await alertsOf(expired.id)).toMatchObject([{ clearedAt: expect.any(String) }])
  })

  it('earns nothing [POL-7]', async () => {
    const id = await agent()
    await withBypass({ target: 'agent', agent: id }, async () => {
      const before = await test.admin.agents.get(id)
      for (const outcome of ['a', 'b', 'c']) {
        const result = await test
          .agent(id)
          .guard({ agent: id, action: 'refund.create', args: { outcome } }, () => 'paid')
        expect(result).toMatchObject({ status: 'executed', decision: { bypass: {} } })
      }
      await test.governor.jobs.run('count-evidence', { workspace: 'default' })
      expect((await test.admin.agents.get(id)).confidence).toBe(before.confidence)
      expect((await test.admin.agents.confidence(id)).items).toHaveLength(1)
    })
  })

  it('leaves what people were asked about with them [POL-7]', async () => {
    const id = await agent()
    const asked = await decide(id, { idempotencyKey: 'asked' })
    if (asked.route !== 'proposal') throw new Error('It is a proposal.')
    await withBypass({}, async () => {
      expect(await decide(id, { idempotencyKey: 'asked' })).toMatchObject({ id: asked.id, route: 'proposal' })
      const { version, actionHash } = asked.proposal
      await test.user('sue', 'supervisor').proposals.approve(asked.proposal.id, { version, actionHash })
      const ran = await decide(id, { idempotencyKey: 'asked' })
      expect(ran).toMatchObject({ route: 'execution', approval: { proposal: asked.proposal.id } })
      expect(ran).not.toHaveProperty('bypass')
    })
  })
})

describe('who sets a bypass', () => {
  it('is an administrator in person: no supervisor, agent, service or system [POL-7]', async () => {
    const request = { target: 'workspace', reason } as const
    const service = test.governor.as({
      workspace: 'default',
      principal: { kind: 'service', id: 'ops', roles: [], scopes: ['bypasses.set', 'bypasses.lift'] },
    })
    const system = test.governor.as({ workspace: 'default', principal: { kind: 'system', id: 'jobs', roles: [] } })
    const id = await agent()
    const bot = test.governor.as({ workspace: 'default', principal: { kind: 'agent', id, roles: [] } })
    for (const scope of [test.user('sue', 'supervisor'), test.user('vic', 'viewer'), service, system, bot]) {
      await expect(scope.bypasses.set(request)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    }
    const { id: bypass } = await set({ target: 'agent', agent: id, action: 'no.such' })
    await expect(test.user('sue', 'supervisor').bypasses.lift(bypass, reason)).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    })
    expect(await test.user('tom', 'admin').bypasses.lift(bypass, reason)).toMatchObject({ liftedBy: 'user:tom' })
    await expect(test.admin.bypasses.lift('byp_none', reason)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(set({ target: 'agent', agent: 'nobody' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('has no hand in the agent, by name or with the workspace as a whole [POL-7]', async () => {
    const [own, other] = [await agent(), await agent()]
    await test.admin.agents.change(own, { ownerId: 'ana' })
    await expect(set({ target: 'agent', agent: own })).rejects.toMatchObject({ code: 'BYPASS_REFUSED' })
    await withBypass({}, async () => {
      expect((await decide(own)).route).toBe('proposal')
      expect((await decide(other)).route).toBe('execution')
      await test.admin.agents.change(other, { ownerId: 'bob' })
      expect((await decide(other)).route).toBe('execution')
    })
    await test.admin.agents.change(own, { ownerId: 'bob' })
    await withBypass({}, async () => expect((await decide(own)).route).toBe('proposal'))
  })
})

describe('what a bypass does not loosen', () => {
  it('stops, lifecycle, unknown actions and invalid args [POL-7]', async () => {
    const id = await agent()
    await withBypass({}, async () => {
      expect(await decide(id, { action: 'no.such' })).toMatchObject({ code: 'ACTION_UNKNOWN' })
      const stop = await test.admin.stops.set({ target: 'agent', agent: id, reason })
      expect(await decide(id)).toMatchObject({ code: 'STOPPED' })
      await test.admin.stops.lift(stop.id, reason)
      expect((await decide(id)).route).toBe('execution')
      await test.admin.agents.pause(id, reason)
      expect(await decide(id)).toMatchObject({ code: 'AGENT_PAUSED' })
      await test.admin.agents.resume(id, reason)
      expect((await decide(id, { action: 'ledger.close' })).route).toBe('proposal')
    })
  })

  it('containment that comes after it: a demotion or an incident ends it for the agent [POL-7, I-13]', async () => {
    const [demoted, guilty, other] = [await agent(), await agent('student'), await agent()]
    await withBypass({}, async () => {
      for (const id of [demoted, guilty, other]) expect((await decide(id)).route).toBe('execution')
      await test.admin.agents.demote(demoted, 'student', reason)
      await test.admin.agents.recordIncident(guilty, reason)
      for (const id of [demoted, guilty]) expect((await decide(id)).route).toBe('training')
      expect((await decide(other)).route).toBe('execution')
    })
  })

  it('conditions, limits, quorums, waits and ceilings of the policy [POL-7]', async () => {
    const id = await agent()
    const { policies } = test.admin
    await policies.put(
      {
        actions: {
          'refund.create': { when: 'args.cents < 100' },
          'refund.retry': { requiredApprovals: 2 },
          'note.write': { ceiling: 'intern' },
        },
        limits: [{ name: 'sum', action: 'refund.create', per: 'day', most: 150, spend: 'cents' }],
      },
      { basedOn: 0, reason },
    )
    await withBypass({}, async () => {
      expect(await decide(id, { args: { cents: 100 } })).toMatchObject({ code: 'CONDITION_FAILED' })
      expect((await decide(id, { args: { cents: 99 } })).route).toBe('execution')
      expect(await decide(id, { args: { cents: 99 } })).toMatchObject({ code: 'LIMIT_EXCEEDED' })
      expect((await decide(id, { action: 'refund.retry' })).route).toBe('proposal')
      expect((await decide(id, { action: 'note.write' })).route).toBe('proposal')
    })
    await policies.put({ actions: { 'refund.retry': { waitMs: MINUTE } }, shadow: ['note'] }, { basedOn: 1, reason })
    await withBypass({}, async (bypass) => {
      expect((await decide(id, { action: 'refund.retry' })).route).toBe('proposal')
      const watchedOnly = await decide(id, { action: 'note.write' })
      expect(watchedOnly).toMatchObject({ shadow: { route: 'proposal' } })
      expect(watchedOnly).not.toHaveProperty('bypass')
      expect(bypass).toBeTruthy()
    })
    await policies.put({}, { basedOn: 2, reason })
  })

  it('a changed build, and who delegated [POL-7, I-10]', async () => {
    const [id, low] = [await agent(), await agent('student')]
    await decide(id, { action: 'order.read', fingerprint: { version: '1' } })
    await withBypass({ target: 'agent', agent: id }, async () => {
      expect((await decide(id, { fingerprint: { version: '1' } })).route).toBe('execution')
      expect((await decide(id, { delegation: [low] })).route).toBe('training')
      expect((await decide(id, { fingerprint: { version: '2' } })).route).toBe('proposal')
    })
  })
})
