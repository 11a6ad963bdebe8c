import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { sql } from 'drizzle-orm'
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Database, openDatabase } from './open-database.ts'
import { rowsOf } from './rows.ts'
import { inWorkspace, type Tx } from './transaction.ts'

const ROLE = `do $$ begin create role preceptor_app nologin; exception when duplicate_object or unique_violation then null; end $$`
const scope = { workspace: 'default', named: true } as const

describeWithPostgres('named statements', () => {
  const server = useTestDatabase()
  let database: Database
  beforeAll(async () => {
    const owner = await openDatabase({ url: server.url })
    await owner.pool.query(ROLE)
    await owner.close()
  })
  beforeEach(async () => {
    // One connection, so that the next transaction has the statements of the one before.
    database = await openDatabase({ url: server.url, maxConnections: 1 })
  })
  afterEach(() => database.close())

  const double = (tx: Tx, number: number): Promise<readonly object[]> =>
    rowsOf(tx, sql`select ${number}::int * 2 as double`)
  const planned = async (): Promise<number> => {
    const { rows } = await database.pool.query<{ readonly count: number }>(
      `select count(*)::int as count from pg_prepared_statements where statement like '%as double'`,
    )
    return rows[0]?.count ?? 0
  }

  it('are planned once by a connection, and only where that was asked for', async () => {
    await inWorkspace(database, { workspace: 'default' }, (tx) => double(tx, 1))
    expect(await planned()).toBe(0)
    for (const number of [2, 3]) {
      expect(await inWorkspace(database, scope, (tx) => double(tx, number))).toEqual([{ double: number * 2 }])
    }
    expect(await planned()).toBe(1)
  })

  it('that a pooler took away cost what may run again nothing, and are given up [DB-15]', async () => {
    await inWorkspace(database, scope, (tx) => double(tx, 1))
    await database.pool.query('deallocate all')
    expect(await inWorkspace(database, { ...scope, retry: true }, (tx) => double(tx, 2))).toEqual([{ double: 4 }])
    expect(await inWorkspace(database, scope, (tx) => double(tx, 3))).toEqual([{ double: 6 }])
    expect(await planned()).toBe(0)
  })

  it('that a pooler took away fail once where nothing may run again, and commit nothing [DB-15]', async () => {
    await database.pool.query('create table if not exists doubles (number int)')
    await database.pool.query('grant insert, select on doubles to preceptor_app')
    const keep = (tx: Tx): Promise<unknown> => tx.db.execute(sql`insert into doubles values (1)`)
    await inWorkspace(database, scope, (tx) => double(tx, 1))
    await database.pool.query('deallocate all')
    const cut = inWorkspace(database, scope, async (tx) => {
      await keep(tx)
      await double(tx, 2)
    })
    await expect(cut).rejects.toMatchObject({ code: '26000' })
    await inWorkspace(database, scope, keep)
    const { rows } = await database.pool.query('select number from doubles')
    expect(rows).toHaveLength(1)
  })
})
