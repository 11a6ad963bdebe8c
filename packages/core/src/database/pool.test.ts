import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import pg from 'pg'
import { beforeAll, describe, expect, it } from 'vitest'
import type { PoolClient } from './pool.ts'
import { describeOnStores, lend } from './stores.test.helper.ts'

const EVERY_TYPE = `select
  true as "bool", 1::int2 as "int2", 2::int4 as "int4", 9007199254740993::int8 as "int8", 1.5::float4 as "float4",
  0.1::float8 as "float8", 12345678901234567890.123::numeric as "numeric", 'a'::text as "text", 'b'::varchar(3) as "varchar",
  'c'::char(3) as "bpchar", 'd'::name as "name", '\\xdeadbeef'::bytea as "bytea", '{"a":[1,null]}'::json as "json",
  '{"b":"x"}'::jsonb as "jsonb", '2026-07-29T12:34:56.789Z'::timestamptz as "timestamptz",
  '3b241101-e2bb-4255-8caf-4136c566a962'::uuid as "uuid", '10.0.0.1'::inet as "inet", '1 day 02:03:04'::interval as "interval",
  '{1,2,NULL}'::int4[] as "int4s", '{9007199254740993}'::int8[] as "int8s", '{a,"b c",NULL}'::text[] as "texts",
  '{t,f}'::bool[] as "bools", '{0.5}'::float8[] as "float8s", '{1.5}'::numeric[] as "numerics",
  '{"{\\"a\\": 1}"}'::jsonb[] as "jsonbs", '{2026-07-29T00:00:00Z}'::timestamptz[] as "timestamptzs",
  '{\\\\x00ff}'::bytea[] as "byteas", '(1,2)'::point as "point", 7::oid as "oid", '7'::xid8 as "xid8",
  '10:20:10'::pg_snapshot as "snapshot", row(1, 'a') as "record", 'pg_class'::regclass as "regclass",
  '[1,5)'::int4range as "range", null::text as "null"`

const EVERY_VALUE = {
  bool: true,
  int2: 1,
  int4: 2,
  int8: '9007199254740993',
  float4: 1.5,
  float8: 0.1,
  numeric: '12345678901234567890.123',
  text: 'a',
  varchar: 'b',
  bpchar: 'c  ',
  name: 'd',
  bytea: Buffer.from('deadbeef', 'hex'),
  json: { a: [1, null] },
  jsonb: { b: 'x' },
  timestamptz: new Date('2026-07-29T12:34:56.789Z'),
  uuid: '3b241101-e2bb-4255-8caf-4136c566a962',
  inet: '10.0.0.1',
  interval: { days: 1, hours: 2, minutes: 3, seconds: 4 },
  int4s: [1, 2, null],
  int8s: ['9007199254740993'],
  texts: ['a', 'b c', null],
  bools: [true, false],
  float8s: [0.5],
  numerics: [1.5],
  jsonbs: [{ a: 1 }],
  timestamptzs: [new Date('2026-07-29T00:00:00Z')],
  byteas: [Buffer.from('00ff', 'hex')],
  point: { x: 1, y: 2 },
  oid: 7,
  xid8: '7',
  snapshot: '10:20:10',
  record: '(1,a)',
  regclass: 'pg_class',
  range: '[1,5)',
  null: null,
}

const things = pgTable('things', {
  id: integer('id').primaryKey(),
  label: text('label').notNull(),
  at: timestamp('at', { withTimezone: true, mode: 'date' }),
})

describeOnStores('pool', (store) => {
  beforeAll(async () => {
    await store.database.pool.query(`create table things (
      id integer primary key, label text not null constraint things_label_short check (length(label) < 50), at timestamptz)`)
  })

  describe('values', () => {
    it('come out as the driver parses them, in objects and in arrays [DB-9]', async () => {
      const { rows } = await store.database.pool.query(EVERY_TYPE)
      expect(rows[0]).toEqual(EVERY_VALUE)
      const arrays = await store.database.pool.query({ text: EVERY_TYPE, rowMode: 'array', name: 'every-type' })
      expect(arrays.rows[0]).toEqual(Object.values(EVERY_VALUE))
    })

    it('go in as the driver writes them', async () => {
      const at = new Date('2026-01-02T03:04:05.678Z')
      const { rows } = await store.database.pool.query(
        `select $1::timestamptz as at, $2::bytea as bytes, $3::text[] as list, $4::jsonb as document, $5::text as nothing,
                $6::int8 as big, $7::bool as yes, length($8) as long`,
        [
          at,
          Buffer.from([0, 255]),
          ['a', null, 'b"\\'],
          { a: ['ü'] },
          undefined,
          2n ** 60n,
          true,
          'x'.repeat(2_000_000),
        ],
      )
      expect(rows[0]).toEqual({
        at,
        bytes: Buffer.from([0, 255]),
        list: ['a', null, 'b"\\'],
        document: { a: ['ü'] },
        nothing: null,
        big: String(2n ** 60n),
        yes: true,
        long: 2_000_000,
      })
    })

    it('of many rows arrive whole', async () => {
      const { rows, rowCount, command } = await store.database.pool.query<{ readonly n: number }>(
        `select n, repeat('y', 100) as text from generate_series(1, 20000) n`,
      )
      expect([rows.length, rowCount, command]).toEqual([20_000, 20_000, 'SELECT'])
      expect(rows[19_999]?.n).toBe(20_000)
    })
  })

  describe('statements', () => {
    it('may be several in one text', async () => {
      const results: unknown = await store.database.pool.query('select 1 as a; select 2 as b')
      expect(results).toMatchObject([{ rows: [{ a: 1 }] }, { rows: [{ b: 2 }] }])
    })

    it('may have a name, with the same name meaning different things to different clients', async () => {
      await lend(store.database.pool, (first) =>
        lend(store.database.pool, async (second) => {
          const ask = (client: PoolClient, expression: string, value: number) =>
            client.query({ name: 'same', text: `select ${expression} as x`, values: [value] })
          for (let round = 0; round < 3; round += 1) {
            expect((await ask(first, '$1::int + 1', round)).rows).toEqual([{ x: round + 1 }])
            expect((await ask(second, '$1::int * 10', round)).rows).toEqual([{ x: round * 10 }])
          }
        }),
      )
    })

    it('report the rows that they changed', async () => {
      const inserted = await store.database.pool.query(
        `insert into things select n, 'x' from generate_series(1001, 1010) n`,
      )
      expect([inserted.command, inserted.rowCount]).toEqual(['INSERT', 10])
      const { rowCount } = await store.database.pool.query('delete from things where id > $1', [1005])
      expect(rowCount).toBe(5)
    })

    it('accept a callback, as the driver does', async () => {
      const rows = await new Promise((resolve, reject) => {
        const pool = store.database.pool as unknown as pg.Pool
        pool.query('select $1::int as a', [5], (error, result) =>
          error === undefined ? resolve(result.rows) : reject(error),
        )
      })
      expect(rows).toEqual([{ a: 5 }])
    })

    it('run through Drizzle: builder, prepared statement and transaction', async () => {
      const db = drizzle(store.database.pool as unknown as pg.Pool)
      const at = new Date('2026-03-04T05:06:07.000Z')
      await db.insert(things).values({ id: 1, label: 'one', at })
      expect(await db.select().from(things).where(sql`id = 1`)).toEqual([{ id: 1, label: 'one', at }])
      const prepared = db
        .select({ label: things.label })
        .from(things)
        .where(sql`id = ${sql.placeholder('id')}`)
        .prepare('by_id')
      expect(await prepared.execute({ id: 1 })).toEqual([{ label: 'one' }])
      const undone = db.transaction(async (tx) => {
        await tx.delete(things)
        throw new Error('undo')
      })
      await expect(undone).rejects.toThrow('undo')
      expect(await db.$count(things, sql`id = 1`)).toBe(1)
    })
  })

  describe('errors', () => {
    it('carry the fields of the server', async () => {
      await store.database.pool.query(`insert into things values (50, 'first')`)
      const again = store.database.pool.query('insert into things values ($1, $2)', [50, 'second'])
      await expect(again).rejects.toBeInstanceOf(pg.DatabaseError)
      await expect(again).rejects.toMatchObject({
        code: '23505',
        constraint: 'things_pkey',
        table: 'things',
        schema: 'public',
        severity: 'ERROR',
        detail: 'Key (id)=(50) already exists.',
      })
      await expect(store.database.pool.query('insert into things values (51, null)')).rejects.toMatchObject({
        code: '23502',
        column: 'label',
      })
      await expect(store.database.pool.query('selec 1')).rejects.toMatchObject({ code: '42601', position: '1' })
    })

    it('leave the client usable', async () => {
      await lend(store.database.pool, async (client) => {
        for (const statement of ['select 1/0', 'selec', 'select 1; select 1/0; select 2']) {
          await expect(client.query(statement)).rejects.toMatchObject({
            code: expect.stringMatching(/^(22012|42601)$/),
          })
          await expect(client.query('select 1/$1::int', [0])).rejects.toMatchObject({ code: '22012' })
          await expect(
            client.query({ name: `fails ${statement}`, text: 'select 1/$1::int as n', values: [0] }),
          ).rejects.toMatchObject({ code: '22012' })
          const named = { name: `fails ${statement}`, text: 'select 1/$1::int as n', values: [1] }
          expect((await client.query(named)).rows).toEqual([{ n: 1 }])
          await expect(client.query({ name: 'wrong', text: 'selec $1', values: [1] })).rejects.toMatchObject({
            code: '42601',
          })
        }
        expect((await client.query({ name: 'wrong', text: 'select $1::int as n', values: [1] })).rows).toEqual([
          { n: 1 },
        ])
      })
    })
  })

  it('ends after the clients that are out came back, and takes nothing any more', async () => {
    const pool = store.database.openPool({ max: 2 })
    const client = await pool.connect()
    const ended = pool.end()
    expect((await client.query('select 1 as a')).rows).toEqual([{ a: 1 }])
    client.release()
    await ended
    await expect(pool.query('select 1')).rejects.toThrow('after calling end')
    expect(pool.totalCount).toBe(0)
  })

  it('lends no more clients than it has', async () => {
    const pool = store.database.openPool({ max: 1 })
    const client = await pool.connect()
    const waiting = pool.query('select 1 as a')
    expect([pool.totalCount, pool.waitingCount]).toEqual([1, 1])
    client.release(true)
    expect((await waiting).rows).toEqual([{ a: 1 }])
  })
})
