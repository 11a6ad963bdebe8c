import { GovernanceError, type PluginPort, type Principal, type Role } from '@preceptor/client'
import type { GovernorOptions } from '@preceptor/core'
import type { GovernorPlugin } from '@preceptor/core/plugin'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WorkflowOperations } from '../client/workflows.ts'
import { DEFINITIONS_MIGRATION } from '../migrations/0001-definitions.ts'
import { RUNS_MIGRATION } from '../migrations/0002-runs.ts'
import { COLLABORATION_MIGRATION } from '../migrations/0003-collaboration.ts'
import { SCHEDULES_MIGRATION } from '../migrations/0004-schedules.ts'
import { openDefinitions } from '../open-definitions.ts'
import { definitionPermissions } from '../permissions/definition-permissions.ts'
import { definitionOf, REFUND, transform } from './definitions.test.helper.ts'

interface Operations {
  readonly workflows: WorkflowOperations
}

const port: PluginPort<Operations> = {
  name: 'orchestration',
  connect: () => {
    throw new Error('This test asks no server.')
  },
}

const plugin: GovernorPlugin<Operations> = {
  port,
  permissions: definitionPermissions,
  // A list tells of runs and schedules too.
  migrations: [DEFINITIONS_MIGRATION, RUNS_MIGRATION, COLLABORATION_MIGRATION, SCHEDULES_MIGRATION],
  open: (host) => ({ ...openDefinitions(host), jobs: {} }),
}

describe('workflows in memory', () => storeTests(() => ({})))

describeWithPostgres('workflows in Postgres', () => {
  const database = useTestDatabase()
  storeTests(() => ({ database: database.url, migrate: true }))
})

async function problemOf(work: Promise<unknown>): Promise<string> {
  try {
    return `none: ${JSON.stringify(await work)}`
  } catch (error) {
    return GovernanceError.isInstance(error) ? `${error.code} ${error.message}` : String(error)
  }
}

function storeTests(place: () => GovernorOptions): void {
  let test: TestGovernor
  let count = 0
  const named = (name?: string) => {
    count += 1
    return { ...definitionOf([transform('a')]), name: name ?? `W${count}` }
  }
  const as = (principal: Principal, workspace = 'default') =>
    test.governor.as({ workspace, principal }).plugin(port).workflows
  const user = (id: string, ...roles: Role[]) => as({ kind: 'user', id, roles })
  const events = async (id: string) => {
    const { items } = await test.admin.journal.list({ limit: 100 })
    return items.filter(({ subjectId }) => subjectId === id).map(({ kind, body }) => ({ kind, body }))
  }

  beforeAll(async () => {
    test = await createTestGovernor({ ...place(), plugins: [plugin], workspaces: ['default', 'other'] })
  })
  afterAll(() => test.close())

  it('writes, changes and archives a workflow, each with its journal row', async () => {
    const ana = user('ana', 'supervisor')
    const made = await ana.create({ ...REFUND, name: 'Refund' })
    expect(made).toMatchObject({
      name: 'Refund',
      version: 1,
      state: 'active',
      createdBy: 'user:ana',
      definition: REFUND,
    })
    expect(await ana.get(made.id)).toEqual(made)
    const changed = { ...REFUND, name: 'Refunds', description: 'Pays back.' }
    const next = await ana.update(made.id, { definition: changed, base: 1, note: 'A name for many.' })
    expect(next).toMatchObject({ id: made.id, name: 'Refunds', version: 2, definition: changed })
    expect(await ana.get(made.id)).toEqual(next)
    const { items } = await ana.versions(made.id)
    expect(items.map(({ version, note, definition }) => ({ version, note, name: definition.name }))).toEqual([
      { version: 2, note: 'A name for many.', name: 'Refunds' },
      { version: 1, note: null, name: 'Refund' },
    ])
    const archived = await ana.archive(made.id, 'Not needed.')
    expect(archived).toEqual({ ...next, state: 'archived' })
    expect(await ana.get(made.id)).toEqual(archived)
    expect(await problemOf(ana.archive(made.id, 'Again.'))).toMatch(/^CONFLICT .*archived/)
    expect(await problemOf(ana.update(made.id, { definition: changed, base: 2 }))).toMatch(/^CONFLICT .*archived/)
    const rows = await events(made.id)
    expect(rows.map(({ kind }) => kind).sort()).toEqual(['workflow.archived', 'workflow.created', 'workflow.versioned'])
    for (const { body } of rows) expect(body).toMatchObject({ actor: 'user:ana', workflow: made.id })
  })

  it('lists pages, newest first, of workflows and of versions', async () => {
    const ana = user('ana', 'admin')
    const made = []
    for (let index = 0; index < 3; index += 1) made.unshift((await ana.create(named())).id)
    const first = await ana.list({ limit: 2 })
    const second = await ana.list({ limit: 1, ...(first.next === null ? {} : { cursor: first.next }) })
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(made)
    const [id = ''] = made
    for (const base of [1, 2]) await ana.update(id, { definition: named(), base })
    const page = await ana.versions(id, { limit: 2 })
    expect(page.items.map(({ version }) => version)).toEqual([3, 2])
    expect((await ana.versions(id, { cursor: page.next ?? '' })).items.map(({ version }) => version)).toEqual([1])
    expect(await problemOf(ana.list({ cursor: 'x!' }))).toMatch(/^INPUT_INVALID/)
    expect(await problemOf(ana.versions(id, { cursor: first.next ?? '' }))).toMatch(/^INPUT_INVALID/)
  })

  it('refuses a definition with all that is wrong, and says the same without writing', async () => {
    const ana = user('ana', 'supervisor')
    const wrong = { ...definitionOf([transform('a', { next: 'x' }), transform('a')]), name: 'Wrong' }
    const { problems } = await ana.validate(wrong)
    expect(problems.map(({ code }) => code)).toEqual(['duplicate_step', 'unknown_step'])
    await expect(ana.create(wrong)).rejects.toMatchObject({ code: 'WORKFLOW_INVALID', details: { problems } })
    expect((await ana.list({ limit: 100 })).items.map(({ name }) => name)).not.toContain('Wrong')
    const good = await ana.create(named())
    await expect(ana.update(good.id, { definition: wrong, base: 1 })).rejects.toMatchObject({
      code: 'WORKFLOW_INVALID',
    })
    expect(await problemOf(ana.update(good.id, { definition: named(), base: 0 }))).toMatch(/^INPUT_INVALID/)
    expect(await ana.validate(REFUND)).toEqual({ problems: [] })
  })

  it('gives a name to one active workflow, also when two ask at once', async () => {
    const ana = user('ana', 'supervisor')
    const outcomes = await Promise.all([1, 2, 3].map(() => problemOf(ana.create(named('Taken')))))
    expect(outcomes.filter((outcome) => outcome.startsWith('none'))).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome.startsWith('CONFLICT'))).toHaveLength(2)
    const other = await ana.create(named())
    expect(await problemOf(ana.update(other.id, { definition: named('Taken'), base: 1 }))).toMatch(
      /^CONFLICT .*"Taken"/,
    )
    const { items } = await ana.list({ limit: 100 })
    const taken = items.find(({ name }) => name === 'Taken')
    await ana.archive(taken?.id ?? '', 'Frees its name.')
    expect(await ana.update(other.id, { definition: named('Taken'), base: 1 })).toMatchObject({ name: 'Taken' })
  })

  it('takes one of several changes of the same version', async () => {
    const ana = user('ana', 'supervisor')
    const { id } = await ana.create(named())
    const outcomes = await Promise.all([1, 2, 3].map(() => problemOf(ana.update(id, { definition: named(), base: 1 }))))
    expect(outcomes.filter((outcome) => outcome.startsWith('none'))).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome.includes('at version 2, not 1'))).toHaveLength(2)
    expect((await ana.versions(id)).items).toHaveLength(2)
  })

  it('draws any version', async () => {
    const ana = user('ana', 'supervisor')
    const { id } = await ana.create(named())
    await ana.update(id, { definition: { ...named(), steps: [transform('a'), transform('b')] }, base: 1 })
    expect(await ana.drawing(id)).toMatchObject({
      workflow: id,
      version: 2,
      mermaid: expect.stringContaining('s1("b")'),
    })
    const { mermaid } = await ana.drawing(id, { version: 1 })
    expect(mermaid).not.toContain('s1')
    expect(await problemOf(ana.drawing(id, { version: 3 }))).toMatch(/^NOT_FOUND/)
    expect(await problemOf(ana.drawing('wfl_none'))).toMatch(/^NOT_FOUND/)
  })

  it('lets admins and supervisors write, viewers read, agents nothing, services what they are given', async () => {
    const ana = user('ana', 'supervisor')
    const { id } = await ana.create({ ...named(), agent: 'bot' })
    const vic = user('vic', 'viewer')
    expect(await vic.get(id)).toMatchObject({ id })
    for (const work of [
      () => vic.create(named()),
      () => vic.validate(named()),
      () => vic.update(id, { definition: named(), base: 1 }),
      () => vic.archive(id, 'No.'),
    ]) {
      expect(await problemOf(work())).toMatch(/^PERMISSION_DENIED/)
    }
    const bot = as({ kind: 'agent', id: 'bot', roles: [] })
    for (const work of [
      () => bot.get(id),
      () => bot.list(),
      () => bot.create(named()),
      () => bot.validate(named()),
      () => bot.drawing(id),
    ]) {
      expect(await problemOf(work())).toMatch(/^PERMISSION_DENIED/)
    }
    const scopes = ['orchestration.workflows.create', 'orchestration.workflows.get', 'orchestration.workflows.list']
    const service = as({ kind: 'service', id: 'sync', roles: [], scopes, agents: ['bot'] })
    expect(await service.get(id)).toMatchObject({ id })
    expect(await problemOf(service.archive(id, 'No.'))).toMatch(/^PERMISSION_DENIED/)
    expect(await problemOf(service.create({ ...named(), agent: 'other-bot' }))).toMatch(
      /^PERMISSION_DENIED .*other-bot/,
    )
    const foreign = await ana.create({ ...named(), agent: 'other-bot' })
    expect(await problemOf(service.get(foreign.id))).toMatch(/^NOT_FOUND/)
    expect((await service.list({ limit: 100 })).items.every(({ definition }) => definition.agent === 'bot')).toBe(true)
  })

  it('shows nothing of one workspace in another', async () => {
    const { id } = await user('ana', 'admin').create(named('Here'))
    const there = as({ kind: 'user', id: 'ana', roles: ['admin'] }, 'other')
    expect(await problemOf(there.get(id))).toMatch(/^NOT_FOUND/)
    expect(await problemOf(there.update(id, { definition: named(), base: 1 }))).toMatch(/^NOT_FOUND/)
    expect((await there.list()).items).toEqual([])
    expect(await there.create(named('Here'))).toMatchObject({ name: 'Here' })
  })
}
