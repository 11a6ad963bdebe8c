import type { ControlScope, PlaybookWriting } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { createTestGovernor } from '../testing/test-governor.ts'
import { deploy, describePlaybooks, reason, recordTest } from './playbooks.test.helper.ts'

describePlaybooks('a playbook', (each) => {
  const playbooks = (): ControlScope['playbooks'] => each.test.admin.playbooks

  it('is made by its first version, and counts the others', async () => {
    const example = { input: 'Refund 7?', output: 'Yes.', note: 'below 10', source: 'prp_1' }
    const writing = {
      agentType: 'support',
      name: 'Support',
      instructions: 'Be kind.',
      examples: [example],
      note: 'first',
    }
    const first = await each.test.user('sue', 'supervisor').playbooks.write(writing)
    expect(first).toMatchObject({ version: 1, parent: null, examples: [example], createdBy: 'user:sue', test: null })
    const second = await playbooks().write({ agentType: 'support', instructions: 'Be brief.\nBe kind.' })
    expect(second).toMatchObject({ playbook: first.playbook, version: 2, parent: 1, examples: [], note: null })
    expect(await playbooks().get(first.playbook)).toMatchObject({ agentType: 'support', name: 'Support', latest: 2 })
    expect(await playbooks().version(first.playbook, 1)).toEqual(first)
    expect((await playbooks().versions(first.playbook)).items).toMatchObject([
      { version: 2, examples: 0 },
      { version: 1, examples: 1 },
    ])
    expect((await playbooks().list({ agentType: 'support' })).items).toMatchObject([{ id: first.playbook, latest: 2 }])
    expect(await playbooks().diff(first.playbook)).toMatchObject({
      from: 1,
      to: 2,
      instructions: [
        { change: 'added', line: 'Be brief.' },
        { change: 'kept', line: 'Be kind.' },
      ],
      examples: { removed: [example] },
    })
    const third = await playbooks().write({ agentType: 'support', instructions: 'Be firm.', parent: 1, basedOn: 2 })
    expect(third).toMatchObject({ version: 3, parent: 1 })
    const { items } = await each.test.admin.journal.list({ subject: first.playbook })
    expect(items.map(({ kind, body }) => [kind, body.version, body.parent])).toEqual([
      ['playbook.versioned', 3, 1],
      ['playbook.versioned', 2, 1],
      ['playbook.versioned', 1, null],
    ])
    expect(JSON.stringify(items)).not.toContain('Be kind')
  })

  it('is not written over what somebody else wrote', async () => {
    const { agentType } = await each.write(2)
    const writing = { agentType, instructions: 'Be kind.' }
    await expect(playbooks().write({ ...writing, basedOn: 1 })).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { version: 2 },
    })
    await expect(playbooks().write({ ...writing, parent: 3 })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    const written = await Promise.allSettled([0, 1, 2].map(() => playbooks().write({ ...writing, basedOn: 2 })))
    expect(written.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it.each<[string, Partial<PlaybookWriting>]>([
    ['a type with a space', { agentType: 'a b' }],
    ['no instructions', { instructions: ' ' }],
    ['what cannot be stored', { instructions: 'a\0b' }],
    ['too many lines', { instructions: 'x\n'.repeat(1_001) }],
    ['the same input twice', { examples: [0, 1].map((each) => ({ input: 'a', output: String(each) })) }],
    ['too much', { examples: Array.from({ length: 7 }, (_, i) => ({ input: `${i}`, output: 'x'.repeat(31_000) })) }],
    ['an unknown key', { test: {} } as object],
  ])('is not written with %s', async (_, wrong) => {
    const writing = { agentType: 'wrong', instructions: 'Be kind.', ...wrong }
    await expect(playbooks().write(writing)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    expect((await playbooks().list({ agentType: 'wrong' })).items).toEqual([])
  })

  it('holds no secret that can be recognised [I-33]', async () => {
    const secret = `sk-${'a1B2c3D4'.repeat(6)}`
    const version = await playbooks().write({
      agentType: 'secretive',
      instructions: `Use ${secret}.`,
      examples: [{ input: `is it ${secret}?`, output: secret }],
    })
    expect(JSON.stringify(version)).not.toContain(secret)
  })

  it('has a test that was run, once, and of another version or of none', async () => {
    const { id } = await each.write(2)
    await expect(recordTest(each, id, 2, { against: 2 })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    await expect(recordTest(each, id, 2, { interval: [3, 1] })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    await expect(recordTest(each, id, 9)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const tested = await recordTest(each, id, 2, { against: 1, before: 60.1, after: 82.3 })
    expect(tested.test).toMatchObject({ against: 1, cases: 40, improvement: 22.2, method: 'sign' })
    await expect(recordTest(each, id, 2)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await playbooks().version(id, 2)).toEqual(tested)
    const { items } = await each.test.admin.journal.list({ subject: id, kind: 'playbook.tested' })
    expect(items).toMatchObject([{ body: { actor: 'system:learning', version: 2, improvement: 22.2 } }])
  })
})

describePlaybooks('a deployment', (each) => {
  const playbooks = (): ControlScope['playbooks'] => each.test.admin.playbooks

  it('of a version without a test needs force, and says so [PLAY-1]', async () => {
    const playbook = await each.write(2)
    const { id } = playbook
    await expect(deploy(each.test.admin, playbook, { force: false })).rejects.toMatchObject({
      code: 'PLAYBOOK_UNTESTED',
    })
    expect((await playbooks().deployments(id)).items).toEqual([])
    expect(await deploy(each.test.admin, playbook)).toMatchObject({ untested: true, state: 'active', share: 1 })
    await recordTest(each, id, 2)
    const tested = await playbooks().deploy(id, { version: 2, tier: 'system', reason })
    expect(tested).toMatchObject({ untested: false, deployedBy: 'user:root' })
    const { items } = await each.test.admin.journal.list({ subject: id, kind: 'playbook.deployed' })
    expect(items.map(({ body }) => [body.version, body.untested])).toEqual([
      [2, false],
      [1, true],
    ])
  })

  it('is what runtimes load, the narrower tier first [PLAY-1]', async () => {
    const playbook = await each.write(3)
    const { agentType } = playbook
    const use = { user: 'ana', project: 'shop' }
    expect(await playbooks().effective({ agentType, ...use })).toBeNull()
    await deploy(each.test.admin, playbook)
    await deploy(each.test.admin, playbook, { version: 2, tier: 'user', target: 'ana' })
    await deploy(each.test.admin, playbook, { version: 3, tier: 'project', target: 'shop' })
    const versionFor = async (whom: object) => (await playbooks().effective({ agentType, ...whom }))?.version
    expect(await versionFor({})).toBe(1)
    expect(await versionFor({ user: 'ben', project: 'farm' })).toBe(1)
    expect(await versionFor({ user: 'ana' })).toBe(2)
    expect(await versionFor(use)).toBe(3)
    expect(await playbooks().effective({ agentType, ...use })).toMatchObject({
      playbook: playbook.id,
      instructions: 'Version 3.',
      examples: [],
      tier: 'project',
      isCanary: false,
    })
    expect(await playbooks().effective({ agentType: 'nobody' })).toBeNull()
  })

  it('takes the place of the one before, which comes back when it is rolled back [PLAY-2]', async () => {
    const playbook = await each.write(3)
    const { id, agentType } = playbook
    const effective = async () => (await playbooks().effective({ agentType }))?.version ?? null
    const [one, two, three] = [
      await deploy(each.test.admin, playbook, { basedOn: null }),
      await deploy(each.test.admin, playbook, { version: 2, basedOn: 1 }),
      await deploy(each.test.admin, playbook, { version: 3, basedOn: 2 }),
    ]
    expect(await effective()).toBe(3)
    const back = await playbooks().rollback(three.id, 'It was worse.')
    expect(back).toMatchObject({
      rolledBack: { id: three.id, state: 'rolled_back', endedBy: 'user:root', endReason: 'It was worse.' },
      restored: { version: 2, restores: two.id, replaces: one.id, state: 'active' },
    })
    expect(await effective()).toBe(2)
    const further = await playbooks().rollback(back.restored?.id ?? '', reason)
    expect(further.restored).toMatchObject({ version: 1, restores: one.id, replaces: null })
    const none = await playbooks().rollback(further.restored?.id ?? '', reason)
    expect(none.restored).toBeNull()
    expect(await effective()).toBeNull()
    await expect(playbooks().rollback(three.id, reason)).rejects.toMatchObject({ code: 'CONFLICT' })
    const { items } = await playbooks().deployments(id)
    expect(items.map(({ version, state }) => [version, state])).toEqual([
      [1, 'rolled_back'],
      [2, 'rolled_back'],
      [3, 'rolled_back'],
      [2, 'replaced'],
      [1, 'replaced'],
    ])
    const first = await playbooks().deployments(id, { limit: 2, state: 'rolled_back' })
    const rest = await playbooks().deployments(id, { limit: 2, state: 'rolled_back', cursor: first.next ?? '' })
    expect([...first.items, ...rest.items].map(({ version }) => version)).toEqual([1, 2, 3])
    const { items: rows } = await each.test.admin.journal.list({ subject: id, kind: 'playbook.rolled_back' })
    expect(rows.map(({ body }) => [body.version, body.restoredVersion])).toEqual([
      [1, null],
      [2, 1],
      [3, 2],
    ])
  })

  it('is not made over another one than its author knows, nor twice [PLAY-2]', async () => {
    const playbook = await each.write(2)
    await deploy(each.test.admin, playbook)
    for (const wrong of [{ version: 2, basedOn: null }, { version: 2, basedOn: 2 }, {}, { share: 0.5 }]) {
      await expect(deploy(each.test.admin, playbook, wrong)).rejects.toMatchObject({ code: 'CONFLICT' })
    }
    for (const wrong of [
      { share: 0 },
      { share: 1.1 },
      { target: 'ana' },
      { tier: 'user' },
      { reason: ' ' },
      { version: 0 },
      { tier: 'user', target: 'a\0b' },
    ] as const) {
      await expect(deploy(each.test.admin, playbook, wrong)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    }
    await expect(deploy(each.test.admin, playbook, { version: 3 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(deploy(each.test.admin, { ...playbook, id: 'pbk_x' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await playbooks().deployments(playbook.id)).items).toHaveLength(1)
  })

  it('of a share stands beside what is active, until it is for everybody or rolled back [PLAY-2, PLAY-3]', async () => {
    const playbook = await each.write(3)
    const { agentType } = playbook
    const units = Array.from({ length: 60 }, (_, index) => `run-${index}`)
    const versions = async () =>
      Promise.all(units.map(async (unit) => (await playbooks().effective({ agentType, unit }))?.version ?? null))
    const count = (list: readonly (number | null)[], version: number | null) =>
      list.filter((one) => one === version).length
    const alone = await deploy(each.test.admin, playbook, { share: 0.5 })
    const some = await versions()
    expect(count(some, 1)).toBeGreaterThan(10)
    expect(count(some, null)).toBe(60 - count(some, 1))
    await playbooks().rollback(alone.id, reason)
    await deploy(each.test.admin, playbook)
    const small = await deploy(each.test.admin, playbook, { version: 2, share: 0.3 })
    const few = await versions()
    const large = await deploy(each.test.admin, playbook, { version: 2, share: 0.7 })
    const many = await versions()
    expect(count(many, 2)).toBeGreaterThan(count(few, 2))
    expect(few.every((version, index) => version === 1 || many[index] === 2)).toBe(true)
    expect(await playbooks().effective({ agentType, unit: units[many.indexOf(2)] ?? '' })).toMatchObject({
      deployment: large.id,
      isCanary: true,
    })
    expect((await playbooks().effective({ agentType }))?.version).toBe(1)
    const promoted = await deploy(each.test.admin, playbook, { version: 2, basedOn: 1 })
    expect(count(await versions(), 2)).toBe(60)
    const { items } = await playbooks().deployments(playbook.id, { state: 'replaced' })
    expect(items.map(({ id }) => id)).toContain(small.id)
    expect(items).toHaveLength(3)
    const canary = await deploy(each.test.admin, playbook, { version: 3, share: 0.5 })
    expect(await playbooks().rollback(canary.id, reason)).toMatchObject({ restored: null })
    expect(count(await versions(), 2)).toBe(60)
    expect((await playbooks().rollback(promoted.id, reason)).restored).toMatchObject({ version: 1 })
  })

  it('leaves the agents as they are', async () => {
    await each.test.register('keeper', 'intern')
    await each.test.admin.agents.change('keeper', { capabilities: ['refund'], specialty: 'parcels' })
    const before = await each.test.admin.agents.get('keeper')
    const { id } = await deploy(each.test.admin, await each.write(1))
    await playbooks().rollback(id, reason)
    expect(await each.test.admin.agents.get('keeper')).toEqual(before)
  })
})

describePlaybooks('who may', (each) => {
  const as = (kind: 'agent' | 'service' | 'system', id: string, scopes: readonly string[] = []) =>
    each.test.governor.as({ workspace: 'default', principal: { kind, id, roles: [], scopes } })

  it('deploy: people who judge and the system, and nobody else [AUTH-6, I-5]', async () => {
    const playbook = await each.write(1)
    const { agentType } = playbook
    const all = ['playbooks.write', 'playbooks.deploy', 'playbooks.rollback']
    for (const scope of [each.test.user('vic', 'viewer'), as('agent', 'bot'), as('service', 'ci', all)]) {
      const denied = { code: 'PERMISSION_DENIED' }
      await expect(scope.playbooks.write({ agentType, instructions: 'x' })).rejects.toMatchObject(denied)
      await expect(deploy(scope, playbook)).rejects.toMatchObject(denied)
      await expect(scope.playbooks.rollback('pbd_x', reason)).rejects.toMatchObject(denied)
    }
    for (const scope of [each.test.user('sue', 'supervisor'), as('system', 'learning')]) {
      const { id } = await deploy(scope, playbook)
      expect((await scope.playbooks.rollback(id, reason)).rolledBack.id).toBe(id)
    }
  })

  it('ask what holds for it: an agent for itself, which is its unit [PLAY-1, PLAY-3]', async () => {
    const playbook = await each.write(2)
    const { agentType, id } = playbook
    await deploy(each.test.admin, playbook)
    await deploy(each.test.admin, playbook, { version: 2, share: 0.5 })
    const agents = Array.from({ length: 20 }, (_, index) => `bot-${index}`)
    for (const agent of agents) {
      const own = await as('agent', agent).playbooks.effective({ agentType })
      expect(own).toEqual(await each.test.admin.playbooks.effective({ agentType, unit: agent }))
    }
    const bot = as('agent', 'bot')
    await expect(bot.playbooks.effective({ agentType, agent: 'other' })).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    })
    for (const ask of [bot.playbooks.list(), bot.playbooks.get(id), bot.playbooks.version(id, 1)]) {
      await expect(ask).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    }
    const service = as('service', 'ci', ['playbooks.effective'])
    expect(await service.playbooks.effective({ agentType })).toMatchObject({ version: 1 })
    await expect(service.playbooks.list()).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
  })

  it('read what agents were asked and answered: not a viewer [AUTH-6]', async () => {
    const examples = [{ input: 'parcel 7', output: 'refund 7', note: 'why 7', source: 'prp_7' }]
    const { playbook, agentType } = await each.test.admin.playbooks.write({
      agentType: 'shown',
      instructions: 'Be kind.',
      examples,
    })
    const { id } = await each.test.admin.playbooks.get(playbook)
    await deploy(each.test.admin, await each.test.admin.playbooks.get(playbook))
    const { playbooks } = each.test.user('vic', 'viewer')
    const shown = [await playbooks.version(id, 1), await playbooks.diff(id), await playbooks.effective({ agentType })]
    for (const one of shown) {
      expect(JSON.stringify(one)).toMatch(/Be kind.*prp_7|prp_7.*Be kind/)
      expect(JSON.stringify(one)).not.toMatch(/parcel 7|refund 7|why 7/)
    }
  })

  it('hear what a type of agents learns, on its topic', async () => {
    const playbook = await each.write(1)
    const other = await each.write(1)
    const end = new AbortController()
    const topic = `learning:${playbook.agentType}`
    const heard = await each.test.user('vic', 'viewer').events.subscribe({ topic, signal: end.signal })
    await deploy(each.test.admin, other)
    await deploy(each.test.admin, playbook)
    for await (const { kind, subjectId } of heard) {
      // What was written just before may be sealed, and so heard, only now.
      expect(subjectId).toBe(playbook.id)
      if (kind === 'playbook.deployed') end.abort()
    }
    const agent = as('agent', 'bot')
    await expect(agent.events.subscribe({ topic })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
  })
})

describe('two workspaces', () => {
  it('have playbooks of the same type, each for itself [I-34]', async () => {
    const test = await createTestGovernor({ workspaces: ['default', 'other'] })
    try {
      const principal = { kind: 'user', id: 'root', roles: ['admin'] } as const
      const other = test.governor.as({ workspace: 'other', principal })
      const agentType = 'support'
      const mine = await test.admin.playbooks.write({ agentType, instructions: 'Ours.' })
      const theirs = await other.playbooks.write({ agentType, instructions: 'Theirs.' })
      expect(theirs).toMatchObject({ version: 1 })
      await deploy(test.admin, await test.admin.playbooks.get(mine.playbook))
      expect(await other.playbooks.effective({ agentType })).toBeNull()
      await expect(other.playbooks.get(mine.playbook)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    } finally {
      await test.close()
    }
  })
})
