import { setTimeout as delay } from 'node:timers/promises'
import { createFailpoints, createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { describeWithPostgres, startPostgres, useTestDatabase } from '@preceptor/test-setup'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type FaultyWay, openFaultyWay } from '../faults/faulty-way.ts'
import { verifies } from '../verifies.ts'

// The deadline of a decision, and what a loaded machine may add to it.
const WITHIN_MS = 2_000 + 1_500
// A lease, and the time between its check and the call.
const READ_WITHIN_MS = 1_000 + 200

describeWithPostgres('a database server that fails', () => {
  let server: Awaited<ReturnType<typeof startPostgres>>
  let way: FaultyWay
  let owner: pg.Client
  let test: TestGovernor

  beforeAll(async () => {
    server = await startPostgres()
    way = await openFaultyWay(Number(new URL(server.url).port))
    owner = new pg.Client(server.url)
    owner.on('error', () => undefined)
    await owner.connect()
    await owner.query('create database gate')
    const url = new URL(server.url)
    url.port = String(way.port)
    url.pathname = '/gate'
    test = await createTestGovernor({ database: url.href })
    await test.register('bot', 'autonomous')
  })
  afterAll(async () => {
    await test.close().catch(() => undefined)
    await owner.end().catch(() => undefined)
    await way.close()
    await server.stop()
  })

  async function readGate(statement: string): Promise<readonly Record<string, unknown>[]> {
    const url = new URL(server.url)
    url.pathname = '/gate'
    const client = new pg.Client(url.href)
    await client.connect()
    const { rows } = await client.query(statement)
    await client.end()
    return rows
  }

  interface Attempted {
    readonly outcome: string
    readonly ranAt: number | null
    readonly took: number
  }

  async function attempt(action: string, idempotencyKey?: string): Promise<Attempted> {
    let ranAt: number | null = null
    const started = performance.now()
    const trigger = { agent: 'bot', action, args: {}, ...(idempotencyKey && { idempotencyKey }) }
    const result = await test.agent('bot').guard(trigger, () => {
      ranAt = performance.now()
    })
    const outcome = 'code' in result.decision ? result.decision.code : result.status
    return { outcome, ranAt, took: performance.now() - started }
  }

  async function expectOpen(): Promise<void> {
    for (const action of ['order.read', 'note.write']) {
      await expect.poll(async () => (await attempt(action)).outcome, { timeout: 15_000 }).toBe('executed')
    }
    // What changed last has been heard of, so that safe actions run on what is in memory.
    let row = 0
    const read = async (): Promise<number> => {
      const { outcome, took } = await attempt('order.read')
      row = outcome === 'executed' && took < 5 ? row + 1 : 0
      return row
    }
    await expect.poll(read, { timeout: 15_000, interval: 20 }).toBeGreaterThan(25)
  }

  /** Hammers safe actions through a fault; gives when the last of them ran, in milliseconds after its begin. */
  async function lastReadAfter(since: number): Promise<number> {
    let last = 0
    while (performance.now() < since + 2_000) {
      const { ranAt, took } = await attempt('order.read')
      expect(took).toBeLessThan(WITHIN_MS)
      if (ranAt !== null) last = ranAt - since
      await delay(10)
    }
    return last
  }

  const faults: Record<string, { begin: () => unknown; end: () => unknown; codes: readonly string[]; silent?: true }> =
    {
      'answers nothing, as behind a cable that was pulled': {
        silent: true,
        begin: () => way.stall(6_000),
        end: () => undefined,
        codes: ['DEADLINE_EXCEEDED', 'STORE_UNAVAILABLE'],
      },
      'answers too late': {
        silent: true,
        begin: () => way.delay(1_200, 6_000),
        end: () => undefined,
        codes: ['DEADLINE_EXCEEDED', 'STORE_UNAVAILABLE'],
      },
      'takes no write': {
        begin: async () => {
          await owner.query('alter system set default_transaction_read_only = on')
          await owner.query('select pg_reload_conf()')
          await expect
            .poll(async () => (await owner.query('show default_transaction_read_only')).rows[0])
            .toEqual({ default_transaction_read_only: 'on' })
        },
        end: async () => {
          await owner.query('alter system reset default_transaction_read_only')
          await owner.query('select pg_reload_conf()')
        },
        codes: ['STORE_READ_ONLY'],
      },
      'lets nobody in': {
        begin: async () => {
          await owner.query('alter database gate allow_connections false')
          await owner.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'gate'")
        },
        end: () => owner.query('alter database gate allow_connections true'),
        codes: ['STORE_UNAVAILABLE', 'DATABASE_MISSING'],
      },
    }

  it.each(Object.entries(faults))(
    `${verifies(['I-1', 'I-15'], 'denies in time while it')} %s`,
    async (_, fault) => {
      await expectOpen()
      await fault.begin()
      const since = performance.now()
      try {
        const [last, ...writes] = await Promise.all([
          lastReadAfter(since),
          attempt('note.write'),
          attempt('refund.create'),
        ])
        // Where nothing is said they run through the first part of it: else this would show nothing.
        if (fault.silent) expect(last).toBeGreaterThan(0)
        expect(last).toBeLessThan(READ_WITHIN_MS)
        for (const { outcome, ranAt, took } of writes) {
          expect(fault.codes).toContain(outcome)
          expect(ranAt).toBeNull()
          expect(took).toBeLessThan(WITHIN_MS)
        }
        expect(await test.agent('bot').check({ agent: 'bot', action: 'note.write', args: {} })).toMatchObject({
          route: outcomeOfCheck(fault.codes),
        })
      } finally {
        await fault.end()
      }
      await expectOpen()
    },
    60_000,
  )

  /** A store that only reads can still be asked how it would decide. */
  function outcomeOfCheck(codes: readonly string[]): string {
    return codes.includes('STORE_READ_ONLY') ? 'execution' : 'denied'
  }

  it(verifies(
    ['I-1', 'I-4', 'GUARD-1'],
    'runs each attempt at most once while it ends connections at random',
  ), async () => {
    await expectOpen()
    const ends = performance.now() + 3_000
    const ending = (async () => {
      while (performance.now() < ends) {
        await owner.query(`select pg_terminate_backend(pid) from pg_stat_activity
          where application_name = 'preceptor' and random() < 0.3`)
        await delay(30)
      }
    })()
    const runs = new Map<string, number>()
    const attempts = async (worker: number): Promise<void> => {
      for (let count = 0; performance.now() < ends; count += 1) {
        const key = `cut-${worker}-${count}`
        for (let repeat = 0; repeat < 2; repeat += 1) {
          const { ranAt, took } = await attempt('refund.create', key)
          expect(took).toBeLessThan(WITHIN_MS + 2_500)
          if (ranAt !== null) runs.set(key, (runs.get(key) ?? 0) + 1)
        }
      }
    }
    await Promise.all([ending, ...[1, 2, 3].map(attempts)])
    expect(runs.size).toBeGreaterThan(10)
    expect([...runs].filter(([, count]) => count > 1)).toEqual([])
    await expectOpen()
    const rows = await readGate(`select idempotency_key as key from executions where idempotency_key like 'cut-%'`)
    const claimed = new Set(rows.map(({ key }) => key))
    expect([...runs.keys()].filter((key) => !claimed.has(key))).toEqual([])
  }, 60_000)

  it(verifies(['I-1', 'I-15'], 'denies in time once it has stopped'), async () => {
    await expectOpen()
    await owner.end()
    await server.kill()
    const since = performance.now()
    const [last, { outcome, ranAt, took }] = await Promise.all([lastReadAfter(since), attempt('note.write')])
    expect(last).toBeLessThan(READ_WITHIN_MS)
    expect({ outcome, ranAt }).toEqual({ outcome: 'STORE_UNAVAILABLE', ranAt: null })
    expect(took).toBeLessThan(WITHIN_MS)
    expect((await test.governor.health()).ready).toBe(false)
  }, 60_000)
})

describeWithPostgres('a pool that its host has ended', () => {
  it(verifies('I-1', 'denies in time'), async () => {
    const server = await startPostgres()
    const pool = new pg.Pool({ connectionString: server.url })
    const test = await createTestGovernor({ database: pool })
    try {
      await test.register('bot', 'autonomous')
      await pool.end()
      const started = performance.now()
      const result = await test.agent('bot').guard({ agent: 'bot', action: 'note.write', args: {} }, () => 'ran')
      expect(performance.now() - started).toBeLessThan(WITHIN_MS)
      expect(result).toMatchObject({ status: 'withheld', decision: { route: 'denied', code: 'STORE_UNAVAILABLE' } })
    } finally {
      await test.close().catch(() => undefined)
      await server.stop()
    }
  }, 60_000)
})

describeWithPostgres('a pool of the host', () => {
  const database = useTestDatabase()

  it(verifies('I-1', 'loses a connection inside a decision without an end of the process'), async () => {
    const pool = new pg.Pool({ connectionString: database.url, max: 4 })
    pool.on('error', () => undefined)
    const failpoints = createFailpoints()
    const test = await createTestGovernor({ database: pool, testing: failpoints })
    const server = new pg.Client(database.url)
    await server.connect()
    await test.register('bot', 'autonomous')
    const parked = failpoints.park('decide.before_commit')
    const attempt = test.agent('bot').guard({ agent: 'bot', action: 'note.write', args: {} }, () => 'ran')
    await parked.reached
    await server.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    )
    // The server has told the idle client by now.
    const left = (): Promise<number> =>
      server
        .query(`select from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`)
        .then(({ rowCount }) => rowCount ?? 0)
    await expect.poll(left, { timeout: 5_000 }).toBe(0)
    parked.release()
    expect(await attempt).toMatchObject({ status: 'withheld', decision: { code: 'STORE_UNAVAILABLE' } })
    expect(await test.agent('bot').check({ agent: 'bot', action: 'note.write', args: {} })).toMatchObject({
      route: 'execution',
    })
    await test.close()
    await server.end()
    await pool.end()
  }, 60_000)
})
