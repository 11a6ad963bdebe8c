import { type SQL, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestGovernor, type TestGovernor } from '../../testing/test-governor.ts'
import { type Database, openDatabase } from '../open-database.ts'
import { inWorkspace } from '../transaction.ts'

let database: Database
let test: TestGovernor
let playbook: string

beforeAll(async () => {
  database = await openDatabase({ memory: true })
  test = await createTestGovernor({ database: database.pool, migrate: true })
  for (const instructions of ['One.', 'Two.']) {
    playbook = (await test.admin.playbooks.write({ agentType: 'support', instructions })).playbook
  }
})
afterAll(async () => {
  await test.close()
  await database.close()
})

async function refusalOf(...statements: readonly SQL[]): Promise<string> {
  return inWorkspace(database, { workspace: 'default' }, async (tx) => {
    for (const statement of statements) await tx.db.execute(statement)
    throw new Error('nothing')
  }).catch((error: Error) => `${error.message} ${String(error.cause)}`)
}

type Values = Partial<
  Record<'id' | 'workspace' | 'tier' | 'state', string> & {
    target: string | null
    share: number
    untested: boolean
    version: number
  }
>

const deployment = (values: Values = {}): SQL => {
  const { id = 'pbd-x', workspace = 'default', tier = 'system', state = 'active', target = null } = values
  const { share = 1, untested = true, version = 1 } = values
  return sql`insert into playbook_deployments (id, workspace_id, playbook_id, version, tier, target, share, state, untested,
      reason, deployed_by, deployed_at)
    values (${id}, ${workspace}, ${playbook}, ${version}, ${tier}, ${target}, ${share}, ${state}, ${untested}, 'a test',
      'user:ana', now())`
}

describe('a deployment, whoever writes it', () => {
  it.each<[string, Values]>([
    ['in another workspace', { workspace: 'other' }],
    ['for everybody that names somebody', { target: 'ana' }],
    ['for a user who is nobody', { tier: 'user' }],
    ['at a tier that there is not', { tier: 'planet' }],
    ['of no share', { share: 0 }],
    ['of more than everybody', { share: 1.01 }],
    ['that has ended as it begins', { state: 'replaced' }],
    ['of a version that there is not', { version: 9 }],
    ['that hides that its version has no test', { untested: false }],
  ])('is none %s [PLAY-1]', async (_, values) => {
    expect(await refusalOf(deployment(values))).toMatch(/violates|row-level security|begins active|without a test/)
  })

  it('is the only one at its place, beside one canary [PLAY-2]', async () => {
    expect(await refusalOf(deployment(), deployment({ id: 'two', share: 0.5 }))).toContain('nothing')
    expect(await refusalOf(deployment(), deployment({ id: 'two', version: 2 }))).toContain('_active')
    const canaries = [0.5, 0.6].map((share) => deployment({ id: String(share), tier: 'user', target: 'ana', share }))
    expect(await refusalOf(...canaries)).toContain('playbook_canaries_active')
    expect(await refusalOf(deployment({ tier: 'user', target: 'ana' }), deployment({ id: 'two' }))).toContain('nothing')
  })

  it('ends once, and never becomes another one [PLAY-2]', async () => {
    const change = (values: SQL): SQL => sql`update playbook_deployments set ${values} where id = 'pbd-x'`
    const end = sql`ended_by = 'user:ana', ended_at = now(), end_reason = 'a test'`
    for (const values of [sql`version = 2`, sql`share = 0.5`, sql`untested = false`, sql`reason = 'another'`]) {
      expect(await refusalOf(deployment(), change(values))).toContain('cannot become another one')
    }
    expect(await refusalOf(deployment(), change(sql`state = 'replaced'`))).toContain('violates')
    const ended = change(sql`state = 'rolled_back', ${end}`)
    expect(await refusalOf(deployment(), ended)).toContain('nothing')
    const back = change(sql`state = 'active', ended_by = null, ended_at = null, end_reason = null`)
    expect(await refusalOf(deployment(), ended, back)).toContain('cannot go from rolled_back to active')
    expect(await refusalOf(sql`delete from playbook_deployments`)).toContain('permission denied')
  })
})

describe('a version, whoever writes it', () => {
  it('stays as it is, but for the test that is recorded once', async () => {
    const change = (values: SQL): SQL => sql`update playbook_versions set ${values} where version = 1`
    for (const values of [sql`instructions = 'Three.'`, sql`examples = '[{}]'`, sql`created_by = 'user:eve'`]) {
      expect(await refusalOf(change(values))).toContain('stays as it is')
    }
    const tested = change(sql`test = '{}'`)
    expect(await refusalOf(tested)).toContain('nothing')
    expect(await refusalOf(tested, change(sql`test = '{"p":1}'`))).toContain('stays as it is')
    expect(await refusalOf(tested, change(sql`test = null`))).toContain('stays as it is')
    expect(await refusalOf(sql`delete from playbook_versions`)).toContain('permission denied')
    const next = sql`insert into playbook_versions (workspace_id, playbook_id, version, parent, instructions, examples,
      created_by, created_at, test) values ('default', ${playbook}, 3, 2, 'x', '[]', 'user:ana', now(), '{}')`
    expect(await refusalOf(next)).toContain('begins untested')
  })

  it('has the next number, of the same playbook', async () => {
    const change = (values: SQL): SQL => sql`update playbooks set ${values}`
    expect(await refusalOf(change(sql`latest = latest + 2`))).toContain('one after the other')
    expect(await refusalOf(change(sql`latest = latest - 1`))).toContain('one after the other')
    expect(await refusalOf(change(sql`agent_type = 'other'`))).toContain('cannot become another one')
  })
})
