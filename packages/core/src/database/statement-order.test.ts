import { setTimeout as sleep } from 'node:timers/promises'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { type SQL, sql } from 'drizzle-orm'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { insertNote, NOTES_SCHEMA, useNotes } from './notes.test.helper.ts'
import { openDatabase } from './open-database.ts'
import { rowsOf } from './rows.ts'
import { describeOnStores } from './stores.test.helper.ts'
import { inWorkspace, type Tx } from './transaction.ts'

const warnings: Error[] = []
const onWarning = (warning: Error): void => void warnings.push(warning)
beforeAll(() => void process.on('warning', onWarning))
afterAll(() => void process.off('warning', onWarning))

describeOnStores('statements of a transaction', (store) => {
  const scope = { workspace: 'default' }
  const { nextId, countOf } = useNotes(store)

  it('writes last what is left to write, in order, once the work is through', async () => {
    const [first, second] = [nextId(), nextId()]
    const made: string[] = []
    const row = (name: string, id: number, label: SQL): (() => SQL) => {
      return () => {
        made.push(name)
        return sql`insert into notes values (${id}, ${label})`
      }
    }
    await inWorkspace(store.database, scope, async (tx) => {
      tx.writeLast(row('first', first, sql`'one'`))
      tx.writeLast(row('second', second, sql`(select label || ' and two' from notes where id = ${first})`))
      await tx.db.execute(sql`select 1`)
      made.push('work')
    })
    expect(made).toEqual(['work', 'first', 'second'])
    const { rows } = await store.database.pool.query('select label from notes where id = $1', [second])
    expect(rows).toEqual([{ label: 'one and two' }])
  })

  it('rolls back with the last that it writes, whoever refuses it, and the connection is whole after it', async () => {
    const refused = {
      toPostgres: () => {
        throw new Error('not to be written')
      },
    }
    const lasts = [
      { last: sql`select 1 / 0`, message: /division by zero/ },
      { last: sql`select ${sql.param(refused)}::text`, message: /not to be written/ },
      { last: sql`select ${sql.param([refused])}::text[]`, message: /not to be written/ },
    ]
    for (const { last, message } of lasts) {
      const id = nextId()
      const failed = inWorkspace(store.database, scope, async (tx) => {
        await insertNote(tx, id)
        tx.writeLast(() => last)
      })
      await expect(failed).rejects.toThrow(message)
      expect(await countOf(id)).toBe(0)
      await inWorkspace(
        store.database,
        scope,
        async (tx) => void tx.writeLast(() => sql`insert into notes values (${id})`),
      )
      expect(await countOf(id)).toBe(1)
    }
    const unmade = inWorkspace(store.database, scope, async (tx) => {
      await insertNote(tx, nextId())
      tx.writeLast(() => {
        throw new Error('never made')
      })
    })
    await expect(unmade).rejects.toThrow('never made')
  })

  it('runs statements that do not wait for each other one after the other, as they were called', async () => {
    const id = nextId()
    const seen = await inWorkspace(store.database, scope, async (tx) => {
      const count = sql`select count(*)::int as n from notes where id = ${id}`
      const row = sql`insert into notes values (${id})`
      const [before, , after] = await Promise.all([rowsOf(tx, count), rowsOf(tx, row), rowsOf(tx, count)])
      return [before, after]
    })
    expect(seen).toEqual([[{ n: 0 }], [{ n: 1 }]])
    const failed = inWorkspace(store.database, scope, (tx) =>
      Promise.all([rowsOf(tx, sql`select 1 / 0`), rowsOf(tx, sql`select 1`)]),
    )
    await expect(failed).rejects.toThrow('division by zero')
    expect(await inWorkspace(store.database, scope, (tx) => rowsOf(tx, sql`select 1 as one`))).toEqual([{ one: 1 }])
  })

  it('takes nothing more to write last once it has ended, committed or not', async () => {
    const kept: Tx[] = []
    await inWorkspace(store.database, scope, async (tx) => void kept.push(tx))
    const failed = inWorkspace(store.database, scope, async (tx) => {
      kept.push(tx)
      throw new Error('undo')
    })
    await expect(failed).rejects.toThrow('undo')
    for (const tx of kept) expect(() => tx.writeLast(() => sql`select 1`)).toThrowError('after the end')
  })

  it('are told by the first that failed, whoever is heard first', async () => {
    const failed = inWorkspace(store.database, scope, (tx) => {
      const heardLate = rowsOf(tx, sql`select 1 / 0`).catch(async (error: unknown) => {
        await sleep(50)
        throw error
      })
      return Promise.all([heardLate, rowsOf(tx, sql`select 1`)])
    })
    await expect(failed).rejects.toThrow('division by zero')
  })

  it('may be many at once, on any client, without a warning', async () => {
    const all = await inWorkspace(store.database, scope, (tx) =>
      Promise.all(Array.from({ length: 5 }, (_, place) => rowsOf(tx, sql`select ${place}::int as place`))),
    )
    expect(all).toEqual(Array.from({ length: 5 }, (_, place) => [{ place }]))
    await sleep(10)
    // The driver warns once in a process: whatever was sent before this counts, too.
    expect(warnings).toEqual([])
  })
})

describeWithPostgres('a last statement with its commit', () => {
  const server = useTestDatabase()
  const scope = { workspace: 'default' }
  const own: pg.Pool[] = []
  const admin = () => own[0] ?? new pg.Pool()

  beforeAll(async () => {
    own.push(new pg.Pool({ connectionString: server.url, max: 2 }))
    await admin().query(NOTES_SCHEMA)
  })
  afterAll(async () => {
    for (const pool of own) await pool.end()
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('held back')
      },
    ],
    ['refuses', () => Promise.reject(new Error('held back'))],
  ])('is not committed without it where the client %s it', async (_, instead) => {
    const pool = new pg.Pool({ connectionString: server.url, pipeline: true })
    own.push(pool)
    pool.on('connect', (client) => {
      const query = client.query.bind(client) as (...args: readonly unknown[]) => unknown
      const patched = (...args: readonly unknown[]): unknown =>
        JSON.stringify(args[0]).includes('insert into notes') ? instead() : query(...args)
      Object.assign(client, { query: patched })
    })
    const database = await openDatabase({ pool })
    await admin().query(`insert into notes values (1, 'old') on conflict do nothing`)
    const run = inWorkspace(database, scope, async (tx) => {
      await tx.db.execute(sql`update notes set label = 'new' where id = 1`)
      tx.writeLast(() => sql`insert into notes values (${1_000})`)
    })
    await expect(run).rejects.toThrow('held back')
    expect((await admin().query('select label from notes where id = 1')).rows).toEqual([{ label: 'old' }])
    await database.close()
  })

  it('is given up before the deadline, and nothing of it comes after', async () => {
    const database = await openDatabase({ url: server.url })
    const holder = await admin().connect()
    await holder.query('begin; lock table notes in access exclusive mode')
    const run = inWorkspace(database, { ...scope, deadlineMs: 500 }, async (tx) => {
      tx.writeLast(() => sql`insert into notes values (${2_000})`)
    })
    await expect(run).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    await holder.query('commit')
    holder.release()
    const isIdle = `select count(*)::int as n from pg_stat_activity where datname = current_database()
      and xact_start is not null and pid <> pg_backend_pid()`
    await expect.poll(async () => (await admin().query(isIdle)).rows[0]?.n).toBe(0)
    expect((await admin().query('select from notes where id = 2000')).rowCount).toBe(0)
    await database.close()
  })
})
