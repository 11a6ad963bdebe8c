import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from './open-database.ts'
import type { Pool } from './pool.ts'
import { until } from './stores.test.helper.ts'

const DEADLINE_MS = 1_000
// Burns the processor inside the engine, where nothing but the end of its thread reaches it.
const ENDLESS = 'select count(*) from generate_series(1, 10000000000) n'

/** The longest time that the event loop was away, in milliseconds. */
function watchEventLoop(): { readonly longest: () => number; stop(): void } {
  let [last, longest] = [performance.now(), 0]
  const timer = setInterval(() => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }, 10)
  return { longest: () => longest, stop: () => clearInterval(timer) }
}

describe('deadlines of the embedded engine [DB-1, DB-2]', () => {
  const folder = mkdtempSync(join(tmpdir(), 'preceptor-deadlines-'))
  let database: Database
  /** For statements that must not fail however busy the machine is. */
  let patient: Pool

  beforeAll(async () => {
    database = await openDatabase({ dataFolder: folder, statementDeadlineMs: DEADLINE_MS, idleTransactionMs: 3_000 })
    patient = database.openPool({ statementDeadlineMs: 30_000 })
    await patient.query('create table kept (id integer primary key)')
  })
  // Each test finds the engine open, however long the one before made it reopen.
  beforeEach(async () => {
    await patient.query('select 1')
  })
  afterAll(async () => {
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it.each([ENDLESS, 'select pg_sleep(30)'])(
    'end %s, leave the event loop alone and lose nothing',
    async (statement) => {
      await patient.query('insert into kept select count(*) from kept')
      const { rows: before } = await patient.query('select count(*)::int as n from kept')
      const loop = watchEventLoop()
      const started = performance.now()
      await expect(database.pool.query(statement)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
      const took = performance.now() - started
      const { rows: after } = await patient.query('select count(*)::int as n from kept')
      loop.stop()
      expect(took).toBeGreaterThan(DEADLINE_MS - 10)
      expect(took).toBeLessThan(DEADLINE_MS + 2_000)
      expect(loop.longest()).toBeLessThan(DEADLINE_MS / 2)
      expect(after).toEqual(before)
    },
  )

  it('lose the open transaction, and run what only waited', async () => {
    const holder = await database.pool.connect()
    holder.setStatementDeadline?.(30_000)
    await holder.query('begin')
    await holder.query('insert into kept values (900)')
    holder.setStatementDeadline?.(DEADLINE_MS)
    const waiting = patient.query('select count(*)::int as n from kept where id = 900')
    await expect(holder.query(ENDLESS)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    await expect(holder.query('commit')).rejects.toThrow()
    holder.release(true)
    expect((await waiting).rows).toEqual([{ n: 0 }])
  })

  it('reject what another statement kept from running in time, without ending that one', async () => {
    const slow = patient.query('select count(*)::int as n from generate_series(1, 20000000)')
    const started = performance.now()
    await expect(database.pool.query('select 1')).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    expect(performance.now() - started).toBeLessThan(DEADLINE_MS + 2_000)
    expect((await slow).rows).toEqual([{ n: 20_000_000 }])
  })

  it('keep prepared statements, settings and listeners of other clients', async () => {
    const client = await patient.connect()
    const heard: string[] = []
    client.on('notification', ({ payload }: { payload: string }) => heard.push(payload))
    const named = { name: 'double', text: 'select $1::int * 2 as n', values: [4] }
    await client.query('listen again')
    await client.query(`set work_mem to '7MB'`)
    await client.query(named)
    await expect(database.pool.query(ENDLESS)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    expect((await client.query(named)).rows).toEqual([{ n: 8 }])
    expect((await client.query('show work_mem')).rows).toEqual([{ work_mem: '7MB' }])
    await patient.query(`notify again, 'heard'`)
    await until(() => heard.length === 1)
    expect(heard).toEqual(['heard'])
    client.release()
  })

  it('roll back a transaction that stands idle, so that others get their turn', async () => {
    const idle = await patient.connect()
    await idle.query('begin')
    await idle.query('insert into kept values (901)')
    expect((await patient.query('select 1 from kept where id = 901')).rowCount).toBe(0)
    await expect(idle.query('commit')).rejects.toThrow()
    idle.release(true)
  })

  it('meet the limit of recursion before the engine ends', async () => {
    await patient.query(`create function deeper(n int) returns int language plpgsql
      as $$ begin return deeper(n + 1); end $$`)
    await expect(patient.query('select deeper(1)')).rejects.toMatchObject({ code: '54001' })
    expect((await patient.query('select 1 as a')).rows).toEqual([{ a: 1 }])
  })

  it('open another engine when one ends by itself', async () => {
    // The engine cannot start programs, and faults where a server would answer with an error.
    await expect(patient.query(`copy kept from program 'none'`)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    })
    expect((await patient.query('select 1 as a')).rows).toEqual([{ a: 1 }])
  })

  it('refuse what would take the other sessions along', async () => {
    for (const statement of ['discard all', '-- really\n DEALLOCATE ALL', 'copy kept from stdin']) {
      await expect(database.pool.query(statement)).rejects.toMatchObject({ code: '0A000' })
    }
    const portioned = { text: 'select 1', rows: 1, values: [] }
    await expect(database.pool.query(portioned)).rejects.toMatchObject({ code: '0A000' })
    expect((await patient.query('select 1 as a')).rows).toEqual([{ a: 1 }])
  })
})

it('an engine in memory that had to be ended answers nothing any more', async () => {
  const database = await openDatabase({ memory: true, statementDeadlineMs: DEADLINE_MS })
  await database.pool.query('create table lost (id integer)')
  await expect(database.pool.query(ENDLESS)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
  await expect(database.pool.query('select 1 from lost')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  await database.close()
})
