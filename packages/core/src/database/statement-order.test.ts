import { type SQL, sql } from 'drizzle-orm'
import { beforeAll, expect, it } from 'vitest'
import { rowsOf } from './rows.ts'
import { describeOnStores } from './stores.test.helper.ts'
import { inWorkspace, type Tx } from './transaction.ts'

const SCHEMA = `
  do $$ begin create role preceptor_app nologin; exception when duplicate_object or unique_violation then null; end $$;
  do $$ begin create role preceptor_system nologin; exception when duplicate_object or unique_violation then null; end $$;
  create table notes (id integer primary key, label text);
  grant select, insert, update on notes to preceptor_app, preceptor_system`

const insert = (tx: Tx, id: number): Promise<unknown> =>
  tx.db.execute(sql`insert into notes values (${id}, 'secret text')`)

describeOnStores('statements of a transaction', (store) => {
  let ids = 0
  const scope = { workspace: 'default' }
  const nextId = (): number => {
    ids += 1
    return ids
  }
  const countOf = async (id: number): Promise<unknown> =>
    (await store.database.pool.query('select count(*)::int as n from notes where id = $1', [id])).rows[0]?.n

  beforeAll(async () => {
    await store.database.pool.query(SCHEMA)
  })

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
        await insert(tx, id)
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
      await insert(tx, nextId())
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
})
