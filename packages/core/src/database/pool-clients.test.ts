import { beforeAll, describe, expect, it } from 'vitest'
import type { PoolClient } from './pool.ts'
import { describeOnStores, lend, until } from './stores.test.helper.ts'

describeOnStores('clients of a pool', (store) => {
  beforeAll(async () => {
    await store.database.pool.query(`create table things (id integer primary key, label text not null);
      create table counters (id integer primary key, used integer not null); insert into counters values (1, 0)`)
  })

  describe('transactions', () => {
    it('fail as a whole', async () => {
      await lend(store.database.pool, async (client) => {
        await client.query('begin')
        await client.query(`insert into things values (60, 'a')`)
        await expect(client.query('select 1/0')).rejects.toMatchObject({ code: '22012' })
        await expect(client.query('select 1')).rejects.toMatchObject({ code: '25P02' })
        expect((await client.query('commit')).command).toBe('ROLLBACK')
        expect((await client.query('select 1 from things where id = 60')).rowCount).toBe(0)
      })
    })

    it('are hidden from other clients until they commit [DB-9]', async () => {
      await lend(store.database.pool, (writer) =>
        lend(store.database.pool, async (reader) => {
          await writer.query('begin')
          await writer.query(`insert into things values (70, 'a')`)
          // The embedded engine answers after the commit, a server at once: neither may show the row half-way.
          const seen = reader.query(`select count(*)::int as n from things where id in (70, 71)`)
          await writer.query(`insert into things values (71, 'b')`)
          await writer.query('commit')
          expect((await seen).rows[0]?.n).not.toBe(1)
        }),
      )
    })

    it('of eight clients at once lose no update', async () => {
      const one = async (): Promise<void> => {
        for (let round = 0; round < 10; round += 1) {
          await lend(store.database.pool, async (client) => {
            await client.query('begin')
            const { rows } = await client.query<{ readonly used: number }>(
              'select used from counters where id = 1 for update',
            )
            await client.query('update counters set used = $1 where id = 1', [(rows[0]?.used ?? 0) + 1])
            await client.query('commit')
          })
        }
      }
      await Promise.all(Array.from({ length: 8 }, one))
      const { rows } = await store.database.pool.query('select used from counters where id = 1')
      expect(rows).toEqual([{ used: 80 }])
    })

    it('hold advisory locks until they end', async () => {
      await lend(store.database.pool, (first) =>
        lend(store.database.pool, async (second) => {
          const order: string[] = []
          await first.query('begin')
          await first.query('select pg_advisory_xact_lock(42)')
          const waiting = second
            .query('begin; select pg_advisory_xact_lock(42)')
            .then(() => order.push('second'))
            .then(() => second.query('commit'))
          await first.query('select 1')
          order.push('first')
          await first.query('commit')
          await waiting
          expect(order).toEqual(['first', 'second'])
        }),
      )
    })

    it('of a client that is given back are rolled back', async () => {
      const abandoned = await store.database.pool.connect()
      await abandoned.query('begin')
      await abandoned.query(`insert into things values (80, 'lost')`)
      abandoned.release()
      const failed = await store.database.pool.connect()
      await failed.query('begin')
      await failed.query('select 1/0').catch(() => undefined)
      failed.release()
      const { rowCount } = await store.database.pool.query('select 1 from things where id = 80')
      expect(rowCount).toBe(0)
      const states = await Promise.all(
        Array.from({ length: 5 }, () => lend(store.database.pool, async (client) => client.getTransactionStatus())),
      )
      expect(new Set(states)).toEqual(new Set(['I']))
    })
  })

  describe('sessions', () => {
    it('keep their settings to themselves [DB-10]', async () => {
      await store.database.pool.query(`create schema elsewhere; create table elsewhere.only_there (id integer);
        do $$ begin create role somebody; exception when duplicate_object then null; end $$`)
      await lend(store.database.pool, (first) =>
        lend(store.database.pool, async (second) => {
          await first.query('set search_path to elsewhere')
          await first.query('select 1 from only_there')
          await expect(second.query('select 1 from only_there')).rejects.toMatchObject({ code: '42P01' })
          await second.query(`select set_config('application_name', $1, false)`, ['mine'])
          await second.query('set role somebody')
          const ask = `select current_user = 'somebody' as somebody, current_setting('application_name') as name`
          expect((await first.query(ask)).rows).toEqual([expect.objectContaining({ somebody: false })])
          expect((await second.query(ask)).rows).toEqual([{ somebody: true, name: 'mine' }])
          await first.query('select 1 from only_there')
          await second.query('reset role')
          expect((await second.query(ask)).rows).toEqual([{ somebody: false, name: 'mine' }])
          await first.query('reset search_path')
          await second.query('reset application_name')
        }),
      )
    })

    it('forget what a transaction set when it is rolled back, and what was local when it ends [DB-10]', async () => {
      await lend(store.database.pool, async (client) => {
        const path = async (): Promise<unknown> => (await client.query('show work_mem')).rows[0]?.work_mem
        const before = await path()
        await client.query('begin')
        await client.query(`set work_mem to '1MB'`)
        expect(await path()).toBe('1MB')
        await client.query('rollback')
        expect(await path()).toBe(before)
        await client.query(`begin; set local work_mem to '2MB'`)
        expect(await path()).toBe('2MB')
        await client.query('commit')
        expect(await path()).toBe(before)
        await client.query(`begin`)
        await client.query(`set work_mem to '3MB'`)
        await client.query('commit')
        await store.database.pool.query('select 1')
        expect(await path()).toBe('3MB')
        await client.query('reset work_mem')
      })
    })
  })

  describe('notifications', () => {
    const listenTo = (client: PoolClient): string[] => {
      const heard: string[] = []
      client.on('notification', ({ channel, payload }: { channel: string; payload?: string }) =>
        heard.push(`${channel}:${payload}`),
      )
      return heard
    }

    it('reach those who listen, once the sender has committed', async () => {
      await lend(store.database.pool, (first) =>
        lend(store.database.pool, (second) =>
          lend(store.database.pool, async (sender) => {
            const [heardFirst, heardSecond] = [listenTo(first), listenTo(second)]
            await first.query('-- a comment\nLISTEN news')
            await second.query('listen "Mixed Case"')
            await sender.query('begin')
            await sender.query(`select pg_notify('news', $1)`, ['undone'])
            await sender.query('rollback')
            await sender.query('begin')
            await sender.query(`select pg_notify('news', $1)`, ['done'])
            await sender.query('select 1')
            expect(heardFirst).toEqual([])
            await sender.query('commit')
            await sender.query(`notify "Mixed Case", 'quoted'`)
            await sender.query(`notify unheard, 'x'`)
            await until(() => heardFirst.length === 1 && heardSecond.length === 1)
            expect([heardFirst, heardSecond]).toEqual([['news:done'], ['Mixed Case:quoted']])
          }),
        ),
      )
    })

    it('stop for whoever no longer listens, and for nobody else', async () => {
      await lend(store.database.pool, (first) =>
        lend(store.database.pool, async (second) => {
          const [heardFirst, heardSecond] = [listenTo(first), listenTo(second)]
          await first.query('listen stopping')
          await second.query('listen stopping')
          expect((await first.query('/* now */ UNLISTEN stopping')).command).toBe('UNLISTEN')
          await second.query(`notify stopping, 'one'`)
          await until(() => heardSecond.length === 1)
          await second.query('unlisten *')
          await second.query(`notify stopping, 'two'`)
          await first.query('select 1')
          expect([heardFirst, heardSecond]).toEqual([[], ['stopping:one']])
          // A client is lent again with its listeners.
          first.removeAllListeners('notification')
          second.removeAllListeners('notification')
        }),
      )
    })
  })
})
