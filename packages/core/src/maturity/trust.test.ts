import type { ControlScope, JsonObject, Trigger } from '@preceptor/client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

let test: TestGovernor
let admin: ControlScope

beforeAll(async () => {
  test = await createTestGovernor()
  admin = test.admin
})
afterAll(() => test.close())

async function put(document: JsonObject): Promise<void> {
  const { version } = await admin.policies.current()
  await admin.policies.put(document, { basedOn: version, reason: 'a test' })
}

const trust = (scope: 'agent' | 'capability') => put({ promotion: { trust: scope } })

const decide = (agent: string, action: string, more: Partial<Trigger> = {}) =>
  test.agent(agent).decide({ agent, action, args: {}, ...more })

const at = async (agent: string, capability: string) => {
  const { maturity, confidence } = await admin.agents.promotion(agent, { capability })
  return { maturity, confidence }
}

it('under capability trust an agent is a student wherever it has shown nothing [MAT-13]', async () => {
  await trust('capability')
  await test.register('whole', 'autonomous')
  expect(await decide('whole', 'refund.create')).toMatchObject({ route: 'training', maturity: 'student' })
  const [blocked] = (await admin.blockedTriggers.list({ agent: 'whole' })).items
  expect(blocked).toMatchObject({ maturity: 'student', confidence: 3_000 })
  expect(await at('whole', 'refund')).toEqual({ maturity: 'student', confidence: 3_000 })
})

it('counts what was earned at that capability, at no other and below the ceiling [MAT-13]', async () => {
  await trust('capability')
  await test.register('skilled', 'student')
  for (const _ of [1, 2, 3]) await admin.agents.promote('skilled', 'a test', { capability: 'refund' })
  expect(await decide('skilled', 'refund.create')).toMatchObject({ route: 'execution', maturity: 'autonomous' })
  expect(await decide('skilled', 'note.write')).toMatchObject({ route: 'training', maturity: 'student' })
  expect((await admin.agents.get('skilled')).maturity).toBe('student')
  await put({ promotion: { trust: 'capability' }, actions: { 'refund.create': { ceiling: 'intern' } } })
  expect(await decide('skilled', 'refund.create')).toMatchObject({ route: 'proposal', maturity: 'intern' })
})

it('asks every agent of a delegation for the same capability [MAT-13, I-10]', async () => {
  await trust('capability')
  await test.register('boss', 'autonomous')
  await test.register('hand', 'student')
  await admin.agents.promote('hand', 'a test', { capability: 'note' })
  await admin.agents.promote('hand', 'a test', { capability: 'note' })
  const delegated = { delegation: ['boss'] }
  expect(await decide('hand', 'note.write')).toMatchObject({ maturity: 'supervised' })
  expect(await decide('hand', 'note.write', delegated)).toMatchObject({ maturity: 'student' })
  await admin.agents.promote('boss', 'a test', { capability: 'note' })
  expect(await decide('hand', 'note.write', delegated)).toMatchObject({ maturity: 'intern' })
})

it('sees a demotion at a capability at the next decision, cached or not, and while it runs [MAT-13, I-15, I-7]', async () => {
  await trust('capability')
  await test.register('falling', 'student')
  for (const capability of ['order', 'note']) {
    for (const _ of [1, 2]) await admin.agents.promote('falling', 'a test', { capability })
  }
  const read = () => decide('falling', 'order.read')
  expect(await read()).toMatchObject({ maturity: 'supervised' })
  const trigger = { agent: 'falling', action: 'note.write', args: {} }
  const running = test.agent('falling').guard(trigger, async ({ checkpoint }) => {
    await admin.agents.demote('falling', 'student', 'a test', { capability: 'note' })
    await checkpoint()
  })
  await expect(running).rejects.toMatchObject({ code: 'AGENT_CHANGED' })
  expect(await decide('falling', 'note.write')).toMatchObject({ route: 'training' })
  expect(await read()).toMatchObject({ maturity: 'supervised' })
  await admin.agents.demote('falling', 'student', 'a test', { capability: 'order' })
  await expect.poll(async () => (await read()).maturity, { timeout: 1_500 }).toBe('student')
})

it('asks again for the maturity at the capability when an approved action is to run [MAT-13, I-7]', async () => {
  await trust('capability')
  await test.register('asking', 'student')
  await admin.agents.promote('asking', 'a test', { capability: 'refund' })
  const trigger = { agent: 'asking', action: 'refund.create', args: {}, idempotencyKey: 'one' }
  const asked = await test.agent('asking').decide(trigger, { claim: true })
  if (asked.route !== 'proposal') throw new Error(`It went to ${asked.route}.`)
  const { id, version, actionHash } = asked.proposal
  await test.user('ana', 'supervisor').proposals.approve(id, { version, actionHash })
  await admin.agents.demote('asking', 'student', 'a test', { capability: 'refund' })
  const [first, second] = [
    await decide('asking', 'refund.create', trigger),
    await test.agent('asking').decide(trigger, { claim: true }),
  ]
  expect([first.route, second.route]).not.toContain('execution')
})

it('changes the record that the policy of trust asks for, and no other [MAT-13]', async () => {
  await test.register('exact', 'student')
  const { agents } = admin
  await trust('capability')
  const refused = { code: 'INPUT_INVALID', details: { fields: ['capability'] } }
  await expect(agents.promote('exact', 'a test')).rejects.toMatchObject(refused)
  await expect(agents.promote('exact', 'a test', { capability: '*' })).rejects.toMatchObject(refused)
  await trust('agent')
  await expect(agents.promote('exact', 'a test', { capability: 'refund' })).rejects.toMatchObject(refused)
  await expect(agents.demote('exact', 'student', 'a test', { capability: 'refund' })).rejects.toMatchObject(refused)
  expect(await agents.promote('exact', 'a test')).toMatchObject({ maturity: 'intern' })
})

it('gives nothing back that was lost, whichever way the policy of trust is changed [MAT-14]', async () => {
  await trust('capability')
  await test.register('turning', 'autonomous')
  for (const _ of [1, 2, 3]) await admin.agents.promote('turning', 'a test', { capability: 'refund' })
  await admin.agents.demote('turning', 'intern', 'a test', { capability: 'refund' })
  await trust('agent')
  // Lost at a capability, lost as a whole.
  expect((await admin.agents.get('turning')).maturity).toBe('intern')
  expect(await decide('turning', 'refund.create')).toMatchObject({ route: 'proposal', maturity: 'intern' })
  await trust('capability')
  await admin.agents.promote('turning', 'a test', { capability: 'note' })
  await admin.agents.promote('turning', 'a test', { capability: 'note' })
  await trust('agent')
  await admin.agents.demote('turning', 'student', 'a test')
  await trust('capability')
  // Lost as a whole, lost at every capability.
  for (const capability of ['refund', 'note']) expect((await at('turning', capability)).maturity).toBe('student')
})

it('says in the journal who is above student from the change of trust on [MAT-14]', async () => {
  await trust('capability')
  await test.register('known', 'student')
  await admin.agents.promote('known', 'a test', { capability: 'refund' })
  await trust('agent')
  await trust('capability')
  const [{ body } = { body: {} }] = (await admin.journal.list({ kind: 'policy.changed', limit: 1 })).items
  expect(body).toMatchObject({
    inForce: { above: expect.arrayContaining([{ agent: 'known', capability: 'refund', maturity: 'intern' }]) },
  })
})

it('lowers every record after an incident, whatever the policy of trust is then [MAT-14, MAT-6]', async () => {
  await trust('capability')
  await test.register('careless', 'autonomous')
  for (const capability of ['refund', 'note']) {
    for (const _ of [1, 2]) await admin.agents.promote('careless', 'a test', { capability })
  }
  await admin.agents.recordIncident('careless', 'a test')
  for (const capability of ['refund', 'note']) {
    expect(await at('careless', capability)).toEqual({ maturity: 'intern', confidence: 5_000 })
  }
  expect(await admin.agents.get('careless')).toMatchObject({ maturity: 'supervised', confidence: 7_000 })
})

it('demotes an agent as a whole wherever it is above the level [MAT-13]', async () => {
  await trust('capability')
  await test.register('wide', 'student')
  for (const capability of ['refund', 'note']) {
    for (const _ of [1, 2]) await admin.agents.promote('wide', 'a test', { capability })
  }
  await admin.agents.demote('wide', 'intern', 'a test')
  for (const capability of ['refund', 'note']) expect((await at('wide', capability)).maturity).toBe('intern')
  await expect(admin.agents.demote('wide', 'intern', 'again')).rejects.toMatchObject({ code: 'CONFLICT' })
  const { items } = await admin.agents.transitions('wide', { capability: 'note' })
  expect(items.map(({ capability, to }) => [capability, to])).toEqual([
    ['note', 'intern'],
    ['note', 'supervised'],
    ['note', 'intern'],
  ])
})

it('opens a record once, whoever needs it at the same time, with a ledger that adds up [MAT-13, I-11]', async () => {
  await trust('capability')
  await test.register('rushed', 'student')
  const promote = () => admin.agents.promote('rushed', 'a test', { capability: 'refund' }).catch(() => undefined)
  await Promise.all([promote(), promote(), promote(), admin.agents.recordIncident('rushed', 'meanwhile')])
  const { items } = await admin.agents.confidence('rushed', { capability: 'refund' })
  expect(items.filter(({ kind }) => kind === 'registration')).toHaveLength(1)
  expect(items.reduce((sum, { applied }) => sum + applied, 0)).toBe((await at('rushed', 'refund')).confidence)
})

it('counts what a run shows at the capability of its action [MAT-13]', async () => {
  await trust('capability')
  await test.register('running', 'student')
  for (const _ of [1, 2, 3]) await admin.agents.promote('running', 'a test', { capability: 'note' })
  const trigger = { agent: 'running', action: 'note.write', args: {} }
  await expect(test.agent('running').guard(trigger, () => Promise.reject(new Error('It broke.')))).rejects.toThrow()
  await test.governor.jobs.run('count-evidence', { workspace: 'default' })
  const { items } = await admin.agents.confidence('running')
  expect(items[0]).toMatchObject({ capability: 'note', kind: 'run', requested: -200, confidence: 8_800 })
  expect((await admin.agents.get('running')).confidence).toBe(0)
})
