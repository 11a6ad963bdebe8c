import { type SQL, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestGovernor, type TestGovernor } from '../../testing/test-governor.ts'
import { type Database, openDatabase } from '../open-database.ts'
import { inWorkspace } from '../transaction.ts'

let database: Database
let test: TestGovernor

beforeAll(async () => {
  database = await openDatabase({ memory: true })
  test = await createTestGovernor({ database: database.pool, migrate: true })
  await test.register('bot', 'intern')
})
afterAll(async () => {
  await test.close()
  await database.close()
})

async function refusalOf(statement: SQL): Promise<string> {
  return inWorkspace(database, { workspace: 'default' }, (tx) => tx.db.execute(statement)).then(
    () => 'nothing',
    (error: Error) => `${error.message} ${String(error.cause)}`,
  )
}

const bypass = (values: Partial<Record<'workspace' | 'by' | 'end' | 'target' | 'agent', string | null>>): SQL => {
  const { workspace = 'default', by = 'user:ana', end = '1 hour', target = 'agent', agent = 'bot' } = values
  return sql`insert into bypasses (id, workspace_id, target, agent_id, reason, set_by, user_id, set_at, expires_at)
    values ('byp-x', ${workspace}, ${target}, ${agent}, 'a test', ${by}, 'ana', now(), now() + ${end}::interval)`
}

describe('a bypass, whoever writes it', () => {
  it.each([
    ['for all workspaces', { workspace: '*', target: 'workspace', agent: null }],
    ['for another workspace', { workspace: 'other' }],
    ['of nobody in person', { by: 'system:jobs' }],
    ['that is over as it begins', { end: '0' }],
    ['of more than 24 h', { end: '24 hours 1 second' }],
    ['of an agent that there is not', { agent: 'nobody' }],
    ['of the workspace that names an agent', { target: 'workspace' }],
    ['of an agent that it does not name', { agent: null }],
  ])('is none %s [POL-7]', async (_, values) => {
    expect(await refusalOf(bypass(values))).toMatch(/violates|row-level security/)
  })

  it('is never longer, wider or back in force, and is not removed [POL-7]', async () => {
    const { id } = await test.user('ana', 'admin').bypasses.set({ target: 'agent', agent: 'bot', reason: 'a test' })
    const change = (values: SQL): SQL => sql`update bypasses set ${values} where id = ${id}`
    for (const values of [
      sql`expires_at = expires_at + interval '1 minute'`,
      sql`target = 'workspace', agent_id = null`,
      sql`reason = 'another'`,
      sql`user_id = 'bob', set_by = 'user:bob'`,
    ]) {
      expect(await refusalOf(change(values))).toContain('cannot become another one')
    }
    await test.admin.bypasses.lift(id, 'over')
    const back = sql`lifted_at = null, lifted_by = null, lift_reason = null`
    expect(await refusalOf(change(back))).toContain('was lifted and stays so')
    expect(await refusalOf(sql`delete from bypasses where id = ${id}`)).toContain('permission denied')
  })
})
