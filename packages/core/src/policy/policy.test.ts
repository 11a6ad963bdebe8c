import type { ControlScope, Decision, JsonObject } from '@preceptor/client'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createGovernor, type EmbeddedGovernor } from '../governor.ts'

let governor: EmbeddedGovernor
let admin: ControlScope
let agent: ControlScope

beforeAll(async () => {
  governor = await createGovernor({
    memory: true,
    actions: {
      'note.write': { risk: 'medium' },
      'refund.create': { risk: 'medium', ceiling: 'supervised' },
      'mail.send': { risk: 'medium' },
    },
  })
  admin = governor.as({ workspace: 'default', principal: { kind: 'user', id: 'root', roles: ['admin'] } })
  agent = governor.as({ workspace: 'default', principal: { kind: 'agent', id: 'bot', roles: [] } })
  await admin.agents.register({ id: 'bot', maturity: 'autonomous' })
})
afterAll(() => governor.close())
beforeEach(() => put({}))

async function put(document: JsonObject): Promise<number> {
  const { version } = await admin.policies.current()
  return (await admin.policies.put(document, { basedOn: version, reason: 'test' })).version
}

function decide(action: string, args: JsonObject = {}): Promise<Decision> {
  return agent.decide({ agent: 'bot', action, args }, { claim: true })
}

describe('the policy document', () => {
  it('is versioned, and a version that somebody else wrote in between is a conflict [POL-1]', async () => {
    const { version } = await admin.policies.current()
    await put({ separationOfDuties: true })
    const late = admin.policies.put({}, { basedOn: version, reason: 'late' })
    await expect(late).rejects.toMatchObject({ code: 'CONFLICT', details: { version: version + 1 } })
    const { items } = await admin.policies.list({ limit: 2 })
    expect(items.map((item) => item.version)).toEqual([version + 1, version])
  })

  it.each([
    [{ actions: { 'note.write': { risk: 'mild' } } }, 'actions.note.write.risk'],
    [{ surprise: true }, 'surprise'],
    [{ actions: { 'note.write': { when: 'args.cents <' } } }, 'actions.note.write.when'],
    [{ limits: [{ name: 'a', per: 'hour', most: -1 }] }, 'limits.0.most'],
    [
      {
        limits: [
          { name: 'a', per: 'hour', most: 1 },
          { name: 'a', per: 'day', most: 1 },
        ],
      },
      'two limits',
    ],
  ])('refuses %j by name [POL-1]', async (document, named) => {
    await expect(put(document)).rejects.toMatchObject({
      code: 'POLICY_INVALID',
      message: expect.stringContaining(named),
    })
  })

  it('is the built-in strict one before there is any [POL-3]', async () => {
    const fresh = await createGovernor({ memory: true, workspaces: ['fresh'] })
    const scope = fresh.as({ workspace: 'fresh', principal: { kind: 'user', id: 'root', roles: ['admin'] } })
    expect(await scope.policies.current()).toMatchObject({ version: 0, document: {} })
    await fresh.close()
  })
})

describe('the stricter of code and policy', () => {
  it('wins for risk, and a policy that says less changes nothing [POL-2]', async () => {
    await put({ actions: { 'note.write': { risk: 'critical' } } })
    expect(await decide('note.write')).toMatchObject({ route: 'proposal', risk: 'critical' })
    await put({ actions: { 'note.write': { risk: 'safe' } } })
    expect(await decide('note.write')).toMatchObject({ route: 'execution', risk: 'medium' })
  })

  it('wins for the ceiling [POL-2]', async () => {
    await put({ actions: { 'note.write': { ceiling: 'intern' }, 'refund.create': { ceiling: 'autonomous' } } })
    expect(await decide('note.write')).toMatchObject({ route: 'proposal', maturity: 'intern' })
    expect(await decide('refund.create')).toMatchObject({ maturity: 'supervised' })
  })

  it('raises the number of approvals, never lowers it', async () => {
    await put({ actions: { 'note.write': { risk: 'critical', requiredApprovals: 1 } } })
    expect(await decide('note.write')).toMatchObject({ proposal: { requiredApprovals: 2 } })
    await put({ actions: { 'note.write': { risk: 'critical', requiredApprovals: 3 } } })
    expect(await decide('note.write')).toMatchObject({ proposal: { requiredApprovals: 3 } })
  })
})

describe('conditions', () => {
  it('must hold; what they cannot be asked of is denied [POL-4]', async () => {
    await put({ actions: { 'note.write': { when: 'args.cents < 100.0' } } })
    expect(await decide('note.write', { cents: 99 })).toMatchObject({ route: 'execution' })
    expect(await decide('note.write', { cents: 100 })).toMatchObject({ route: 'denied', code: 'CONDITION_FAILED' })
    expect(await decide('note.write', {})).toMatchObject({ route: 'denied', code: 'CONDITION_FAILED' })
    expect(await decide('note.write', { cents: 'many' })).toMatchObject({ route: 'denied', code: 'CONDITION_FAILED' })
  })
})

describe('limits', () => {
  it('count attempts, also when they come together [POL-5]', async () => {
    await put({ limits: [{ name: 'notes', action: 'note.write', per: 'day', most: 3 }] })
    const decisions = await Promise.all(Array.from({ length: 8 }, () => decide('note.write')))
    expect(decisions.filter(({ route }) => route === 'execution')).toHaveLength(3)
    expect(decisions.filter((decision) => 'code' in decision && decision.code === 'LIMIT_EXCEEDED')).toHaveLength(5)
    expect(await decide('mail.send')).toMatchObject({ route: 'execution' })
  })

  it('sum an argument, which must be a whole number that cannot refill them [POL-5]', async () => {
    await put({ limits: [{ name: 'spend', action: 'mail.send', per: 'day', most: 1_000, spend: 'cents' }] })
    expect(await decide('mail.send', { cents: 900 })).toMatchObject({ route: 'execution' })
    for (const cents of [-500, 0.5, 'x', null, 101]) {
      expect(await decide('mail.send', { cents })).toMatchObject({ route: 'denied', code: 'LIMIT_EXCEEDED' })
    }
    expect(await decide('mail.send', { cents: 100 })).toMatchObject({ route: 'execution' })
  })
})

describe('shadow', () => {
  it('records what it would have decided and lets it run; stops still stop [POL-6]', async () => {
    await put({ actions: { 'note.write': { risk: 'critical' } }, shadow: ['note'] })
    expect(await decide('note.write')).toMatchObject({ route: 'execution', shadow: { route: 'proposal' } })
    const stop = await admin.stops.set({ target: 'workspace', reason: 'test' })
    expect(await decide('note.write')).toMatchObject({ route: 'denied', code: 'STOPPED' })
    await admin.stops.lift(stop.id, 'over')
  })
})
