import { type Decision, type JsonObject, MATURITIES, type Trigger } from '@preceptor/client'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestClock } from '../testing/test-clock.ts'
import { createTestGovernor, TEST_ACTIONS, type TestGovernor } from '../testing/test-governor.ts'

const DAY_MS = 86_400_000
const clock = createTestClock({ at: Date.UTC(2026, 4, 4, 12) })
let test: TestGovernor
let used = 0

beforeAll(async () => {
  test = await createTestGovernor({ clock, actions: TEST_ACTIONS })
})
afterAll(() => test.close())

/** A workspace that nothing happened in yet, with an agent of each maturity. */
async function fresh(policy: JsonObject) {
  const workspace = `s${used}`
  used += 1
  const system = test.governor.as({ workspace: 'default', principal: { kind: 'system', id: 'host', roles: [] } })
  await system.workspaces.create({ id: workspace, displayName: workspace })
  const as = (kind: 'user' | 'agent' | 'service', id: string, more: object = {}) =>
    test.governor.as({ workspace, principal: { kind, id, roles: [], ...more } })
  const admin = as('user', 'root', { roles: ['admin'] })
  for (const id of MATURITIES) await admin.agents.register({ id, maturity: id, ownerId: 'system' })
  await admin.registerActions(TEST_ACTIONS)
  await admin.policies.put(policy, { basedOn: 0, reason: 'a test' })
  const decide = (trigger: Pick<Trigger, 'agent' | 'action'> & Partial<Trigger>): Promise<Decision> => {
    clock.advance(10)
    return as('agent', trigger.agent).decide({ args: {}, ...trigger })
  }
  return { admin, as, decide }
}

const none = { execution: 0, supervision: 0, proposal: 0, training: 0, denied: 0 }

describe('a report on shadow', () => {
  it('says what enforcing would have done, by capability, agent and action [POL-22]', async () => {
    const { admin, decide } = await fresh({
      shadow: ['refund', 'idle'],
      actions: { 'refund.create': { when: 'agent != "supervised"' } },
    })
    const made = []
    for (const agent of [...MATURITIES, 'intern']) made.push(await decide({ agent, action: 'refund.create' }))
    expect(made.every(({ route }) => route === 'execution')).toBe(true)
    // Not watched only, and not asked of the policy at all: neither of them is in the report.
    await decide({ agent: 'intern', action: 'note.write' })
    await admin.agents.pause('student', 'a test')
    expect((await decide({ agent: 'student', action: 'refund.create' })).route).toBe('denied')
    const { capabilities, latest } = await admin.policies.shadow()
    expect(capabilities).toEqual([
      { capability: 'idle', isShadowed: true, ran: 0, would: none, agents: [], actions: [] },
      {
        capability: 'refund',
        isShadowed: true,
        ran: 5,
        would: { execution: 1, supervision: 0, proposal: 2, training: 1, denied: 1 },
        agents: [
          { agent: 'intern', ran: 2, would: { ...none, proposal: 2 } },
          { agent: 'student', ran: 1, would: { ...none, training: 1 } },
          { agent: 'supervised', ran: 1, would: { ...none, denied: 1 } },
          { agent: 'autonomous', ran: 1, would: { ...none, execution: 1 } },
        ],
        actions: [
          {
            action: 'refund.create',
            ran: 5,
            would: { execution: 1, supervision: 0, proposal: 2, training: 1, denied: 1 },
          },
        ],
      },
    ])
    expect(latest.map(({ id, would, code }) => [id, would, code])).toEqual([
      [made[4]?.id, 'proposal', null],
      [made[2]?.id, 'denied', 'CONDITION_FAILED'],
      [made[1]?.id, 'proposal', null],
      [made[0]?.id, 'training', null],
    ])
    expect(latest[1]).toMatchObject({
      agent: 'supervised',
      capability: 'refund',
      reason: expect.stringContaining('only watches'),
    })
  })

  it('keeps what ran before a capability was enforced, and looks no further back than it is asked [POL-22]', async () => {
    const { admin, decide } = await fresh({ shadow: ['refund', 'note'] })
    await decide({ agent: 'intern', action: 'refund.create' })
    clock.advance(10 * DAY_MS)
    await decide({ agent: 'intern', action: 'note.write' })
    await admin.policies.put({ shadow: ['note'] }, { basedOn: 1, reason: 'Refunds are enforced.' })
    expect((await decide({ agent: 'intern', action: 'refund.create' })).route).toBe('proposal')
    const since = new Date(clock.now() - 20 * DAY_MS).toISOString()
    expect((await admin.policies.shadow({ since })).capabilities).toMatchObject([
      { capability: 'note', isShadowed: true, ran: 1 },
      { capability: 'refund', isShadowed: false, ran: 1, would: { proposal: 1 } },
    ])
    expect((await admin.policies.shadow()).capabilities).toMatchObject([{ capability: 'note', ran: 1 }])
  })

  it('is for those who may ask, of a time that there was [POL-22, AUTH-6]', async () => {
    const { admin, as, decide } = await fresh({ shadow: ['refund'] })
    for (const agent of ['intern', 'student']) await decide({ agent, action: 'refund.create' })
    const refused = (work: Promise<unknown>) =>
      work.then(
        () => 'done',
        (error: { code?: string }) => error.code,
      )
    expect(await refused(as('user', 'vic', { roles: ['viewer'] }).policies.shadow())).toBe('PERMISSION_DENIED')
    expect(await refused(as('agent', 'intern').policies.shadow())).toBe('PERMISSION_DENIED')
    for (const since of ['yesterday', '2020-01-01T00:00:00Z', '2030-01-01T00:00:00Z']) {
      expect(await refused(admin.policies.shadow({ since }))).toBe('INPUT_INVALID')
    }
    const ci = as('service', 'ci', { scopes: ['policies.shadow'], agents: ['intern'] })
    const { capabilities, latest } = await ci.policies.shadow()
    expect(capabilities).toMatchObject([{ ran: 1, agents: [{ agent: 'intern' }] }])
    expect(latest).toMatchObject([{ agent: 'intern' }])
  })

  const attempts = fc.array(
    fc.record({
      agent: fc.constantFrom(...MATURITIES),
      action: fc.constantFrom('order.read', 'note.write', 'refund.create', 'ledger.close'),
      type: fc.option(fc.constantFrom('agent_message'), { nil: undefined }),
    }),
    { minLength: 5, maxLength: 20 },
  )
  const shadows = fc.subarray(['order', 'note', 'refund', 'ledger'], { minLength: 1 })
  const matrix = fc.constantFrom('strict', 'graduated')

  it('would have is what enforcing does: the same attempts, decided where it is enforced [POL-22]', async () => {
    await fc.assert(
      fc.asyncProperty(shadows, matrix, attempts, async (shadow, actions, tried) => {
        const rules = { matrix: { actions }, actions: { 'note.write': { ceiling: 'supervised' } } }
        const [watched, enforced] = [await fresh({ ...rules, shadow }), await fresh(rules)]
        const counted = new Map<string, number>()
        for (const { type, ...attempt } of tried) {
          const trigger = { ...attempt, ...(type !== undefined && { type }) }
          await watched.decide(trigger)
          const { route } = await enforced.decide(trigger)
          const [capability = ''] = trigger.action.split('.')
          if (!shadow.includes(capability)) continue
          const key = `${capability} ${trigger.agent} ${route === 'queue' ? 'supervision' : route}`
          counted.set(key, (counted.get(key) ?? 0) + 1)
        }
        const said = new Map<string, number>()
        const { capabilities } = await watched.admin.policies.shadow()
        for (const { capability, agents } of capabilities) {
          for (const { agent, would } of agents) {
            for (const [route, count] of Object.entries(would)) {
              if (count > 0) said.set(`${capability} ${agent} ${route}`, count)
            }
          }
        }
        expect(Object.fromEntries(said)).toEqual(Object.fromEntries(counted))
      }),
      { numRuns: 6 },
    )
  }, 240_000)
})
