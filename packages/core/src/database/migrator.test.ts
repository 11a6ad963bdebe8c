import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { afterEach, describe, expect, it } from 'vitest'
import { applyMigrations, type MigrationSet, migrationStatus, planMigrations } from './migrator.ts'
import { type Database, openDatabase } from './open-database.ts'
import { describeOnStores } from './stores.test.helper.ts'

const FIRST = { name: '0001-first', sql: 'create table first (id integer); insert into first values (1)' }
const SECOND = {
  name: '0002-second',
  sql: `create table second (id integer); comment on table second is 'begin; -- $1'`,
}
const setOf = (namespace: string, ...migrations: MigrationSet['migrations']): MigrationSet => ({
  namespace,
  migrations,
})

describe('planMigrations', () => {
  const sumOf = (set: MigrationSet): string => {
    const plan = planMigrations([], [set])
    return plan.state === 'older' ? (plan.pending[0]?.sha256 ?? '') : ''
  }
  const first = { key: 'core/0001-first', sha256: sumOf(setOf('core', FIRST)) }
  const second = { key: 'core/0002-second', sha256: sumOf(setOf('core', SECOND)) }
  const core = setOf('core', FIRST, SECOND)

  it('finds what is pending, in order', () => {
    expect(planMigrations([], [core])).toMatchObject({ state: 'older', pending: [FIRST, SECOND] })
    expect(planMigrations([first], [core])).toMatchObject({ state: 'older', pending: [SECOND] })
    expect(planMigrations([first, second], [core])).toEqual({ state: 'current' })
  })

  it('finds what this code does not know, in its own namespaces only', () => {
    expect(planMigrations([first, second], [setOf('core', FIRST)])).toEqual({ state: 'newer', unknown: [second.key] })
    expect(planMigrations([first, { key: 'learning/0001-x', sha256: '' }], [setOf('core', FIRST)])).toEqual({
      state: 'current',
    })
  })

  it('finds what was changed or skipped', () => {
    expect(planMigrations([{ ...first, sha256: 'other' }], [core])).toEqual({ state: 'changed', changed: [first.key] })
    expect(planMigrations([second], [core])).toEqual({ state: 'changed', changed: [first.key] })
  })

  it.each([[[SECOND, FIRST]], [[FIRST, FIRST]], [[{ name: 'No Name', sql: '' }]]])(
    'refuses the order of %j',
    (migrations) => {
      expect(() => planMigrations([], [setOf('core', ...migrations)])).toThrowError(/ascending order/)
    },
  )
})

describeOnStores('applyMigrations', (store) => {
  afterEach(async () => {
    await store.database.pool.query('drop table if exists preceptor_migrations, first, second, third')
  })
  const tables = async (): Promise<unknown> => {
    const { rows } = await store.database.pool.query(
      `select relname from pg_class where relname in ('first', 'second', 'third') order by 1`,
    )
    return rows.map((row) => row.relname)
  }

  it('applies what is pending once, and records it [DB-5]', async () => {
    expect(await applyMigrations(store.database, [setOf('core', FIRST)])).toEqual(['core/0001-first'])
    expect(await applyMigrations(store.database, [setOf('core', FIRST, SECOND)])).toEqual(['core/0002-second'])
    expect(await applyMigrations(store.database, [setOf('core', FIRST, SECOND)])).toEqual([])
    const { rows } = await store.database.pool.query(
      'select name, length(sha256) as sum from preceptor_migrations order by 1',
    )
    expect(rows).toEqual([
      { name: 'core/0001-first', sum: 64 },
      { name: 'core/0002-second', sum: 64 },
    ])
  })

  it('keeps the namespaces of plugins apart', async () => {
    const core = setOf('core', FIRST)
    const learning = setOf('learning', { name: '0001-first', sql: 'create table third (id integer)' })
    expect(await applyMigrations(store.database, [core, learning])).toEqual(['core/0001-first', 'learning/0001-first'])
    expect((await migrationStatus(store.database, [core])).state).toBe('current')
    expect(await tables()).toEqual(['first', 'third'])
  })

  it('changes nothing when the code is older, other or not allowed to [DB-8]', async () => {
    const refused = (sets: readonly MigrationSet[], migrate?: boolean) =>
      applyMigrations(store.database, sets, migrate === undefined ? {} : { migrate })
    await expect(refused([setOf('core', FIRST)], false)).rejects.toMatchObject({
      code: 'DATABASE_OLDER',
      message: expect.stringContaining('core/0001-first'),
    })
    expect(await tables()).toEqual([])
    await refused([setOf('core', FIRST)])
    await expect(refused([setOf('core')])).rejects.toMatchObject({ code: 'DATABASE_NEWER' })
    await expect(refused([setOf('core', { ...FIRST, sql: 'select 1' }, SECOND)])).rejects.toMatchObject({
      code: 'DATABASE_CHANGED',
    })
    expect(await tables()).toEqual(['first'])
  })

  it('leaves nothing of a migration that fails', async () => {
    const broken = { name: '0002-broken', sql: 'create table second (id integer); select 1/0' }
    await expect(applyMigrations(store.database, [setOf('core', FIRST, broken)])).rejects.toMatchObject({
      code: '22012',
    })
    expect(await tables()).toEqual(['first'])
    expect(await migrationStatus(store.database, [setOf('core', FIRST, SECOND)])).toMatchObject({
      state: 'older',
      pending: [SECOND],
    })
  })

  it('may take longer than a statement of the gate', async () => {
    const slow = { name: '0001-slow', sql: 'create table first (id integer); select pg_sleep(2.2)' }
    expect(await applyMigrations(store.database, [setOf('core', slow)])).toEqual(['core/0001-slow'])
  })
})

describeWithPostgres('applyMigrations in several processes', () => {
  const server = useTestDatabase()

  it('applies each migration once, however many start at the same moment [DB-5]', async () => {
    const databases: Database[] = await Promise.all(Array.from({ length: 8 }, () => openDatabase({ url: server.url })))
    const applied = await Promise.all(
      databases.map((database) => applyMigrations(database, [setOf('core', FIRST, SECOND)])),
    )
    expect(applied.flat().sort()).toEqual(['core/0001-first', 'core/0002-second'])
    const { rows } = (await databases[0]?.pool.query('select count(*)::int as n from first')) ?? {}
    expect(rows).toEqual([{ n: 1 }])
    await Promise.all(databases.map((database) => database.close()))
  })
})
