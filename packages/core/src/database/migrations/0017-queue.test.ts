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
  await test.register('bot', 'supervised')
})
afterAll(async () => {
  await test.close()
  await database.close()
})

const run = (...statements: readonly SQL[]): Promise<void> =>
  inWorkspace(database, { workspace: 'default' }, async (tx) => {
    for (const statement of statements) await tx.db.execute(statement)
  })

async function refusalOf(...statements: readonly SQL[]): Promise<string> {
  return run(...statements).then(
    () => 'nothing',
    (error: Error) => `${error.message} ${String(error.cause)}`,
  )
}

let rows = 0

/** A queue entry that waits, and a way to change it. */
async function enqueue(): Promise<{ readonly id: string; set(values: SQL): SQL }> {
  rows += 1
  const id = `que-${rows}`
  await run(sql`insert into supervised_queue (id, workspace_id, agent_id, decision_id, idempotency_key, action, digest,
      args, args_hash, risk, source, priority, state, expires_at, created_at, updated_at)
    values (${id}, 'default', 'bot', ${id}, ${id}, 'a', 'd', '{}', 'h', 'high', 'manual', 1, 'pending',
      now() + interval '1 hour', now(), now())`)
  return { id, set: (values) => sql`update supervised_queue set ${values} where id = ${id}` }
}

const claim = sql`state = 'executing', fence = fence + 1, session_id = 'ses', started_at = now()`

describe('an entry of the queue', () => {
  it.each([
    ['a fence that does not grow', sql`state = 'executing', session_id = 'ses', started_at = now()`],
    ['no session', sql`state = 'executing', fence = fence + 1, started_at = now()`],
    [
      'an end that has passed',
      sql`state = 'executing', fence = fence + 1, session_id = 'ses', started_at = expires_at`,
    ],
  ])('is not claimed with %s [DB-13, I-18, I-20]', async (_, values) => {
    expect(await refusalOf((await enqueue()).set(values))).toContain('is claimed before it expires')
  })

  it.each([
    ['args', sql`args = '{"cents": 1}'`],
    ['who asked', sql`asked_by = 'user:eve'`],
    ['executor', sql`executor = 'registered'`],
    ['expiry', sql`expires_at = now() + interval '9 days'`],
  ])('keeps its %s [DB-13]', async (_, values) => {
    expect(await refusalOf((await enqueue()).set(values))).toContain('cannot become another one')
  })

  it('that has ended stays as it is, and no fence goes back [DB-13, I-6, I-18]', async () => {
    const ended = await enqueue()
    await run(ended.set(sql`state = 'cancelled', reason = 'why'`))
    expect(await refusalOf(ended.set(sql`reason = 'something else'`))).toContain('stays as it is')
    const claimed = await enqueue()
    await run(claimed.set(claim))
    expect(await refusalOf(claimed.set(sql`fence = 0`))).toContain('cannot go back')
  })
})
