import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeWithPostgres, describeWithRedis, freePort, startRedis, useTestDatabase } from '@preceptor/test-setup'
import type { Job } from 'bullmq'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../database/open-database.ts'
import { type JobBackend, openJobBackend } from './backend.ts'

interface Place {
  readonly kind: JobBackend['kind']
  database(): Database
  readonly redisUrl?: () => string
}

const opened: JobBackend[] = []
let names = 0

afterEach(async () => {
  await Promise.all(opened.splice(0).map((backend) => backend.close()))
})

/** A name of its own for each queue, because Redis outlives a test. */
function queueName(): string {
  names += 1
  return `contract-${process.pid}-${names}`
}

async function open(place: Place): Promise<{ readonly backend: JobBackend; readonly errors: Error[] }> {
  const errors: Error[] = []
  const redis = place.redisUrl === undefined ? {} : { redisUrl: place.redisUrl() }
  const backend = await openJobBackend({ database: place.database(), ...redis, onError: (error) => errors.push(error) })
  opened.push(backend)
  return { backend, errors }
}

function contract(place: Place): void {
  it('runs three hundred jobs once each, on several workers [JOB-1]', async () => {
    const { backend, errors } = await open(place)
    const name = queueName()
    const queue = await backend.openQueue<{ readonly n: number }>(name)
    const ran: number[] = []
    const process = async ({ data }: Job<{ readonly n: number }>): Promise<void> => void ran.push(data.n)
    await backend.openWorker(name, process, { concurrency: 5 })
    await backend.openWorker(name, process, { concurrency: 5 })
    const numbers = Array.from({ length: 300 }, (_value, n) => n)
    // Each addition must be answered within two seconds, also on a machine that does much else.
    for (let first = 0; first < 300; first += 25) {
      const some = numbers.slice(first, first + 25)
      await Promise.all(some.map((n) => backend.add(queue, { name: 'count', data: { n }, id: `n-${n}` })))
    }
    await expect.poll(() => ran.length, { timeout: 25_000 }).toBe(300)
    expect(ran.sort((one, other) => one - other)).toEqual(numbers)
    expect(backend.kind).toBe(place.kind)
    expect(errors).toEqual([])
  })

  it('does not add a job twice under one id', async () => {
    const { backend } = await open(place)
    const name = queueName()
    const queue = await backend.openQueue<{ readonly n: number }>(name)
    for (const n of [1, 2, 3]) await backend.add(queue, { name: 'once', data: { n }, id: 'same' })
    const ran: number[] = []
    await backend.openWorker<{ readonly n: number }>(name, async ({ data }) => void ran.push(data.n))
    await expect.poll(() => ran, { timeout: 15_000 }).toEqual([1])
    await backend.add(queue, { name: 'once', data: { n: 4 }, id: 'same' })
    await backend.add(queue, { name: 'once', data: { n: 5 }, id: 'other' })
    await expect.poll(() => ran, { timeout: 15_000 }).toEqual([1, 5])
  })

  it('runs a delayed job when its time has come, and not before', async () => {
    const { backend } = await open(place)
    const name = queueName()
    const queue = await backend.openQueue(name)
    let ranAfter = 0
    await backend.openWorker(name, async () => {
      ranAfter = performance.now() - started
    })
    const started = performance.now()
    await backend.add(queue, { name: 'later', data: {}, id: 'later', delayMs: 500 })
    await expect.poll(() => ranAfter, { timeout: 15_000 }).toBeGreaterThan(0)
    expect(ranAfter).toBeGreaterThan(490)
    expect(ranAfter).toBeLessThan(10_000)
  })

  it('runs a schedule that several processes registered once per turn', async () => {
    const { backend } = await open(place)
    const other = await open(place)
    const name = queueName()
    const queues = [await backend.openQueue(name), await other.backend.openQueue(name)]
    const turns: number[] = []
    await backend.openWorker(name, async () => void turns.push(performance.now()))
    for (const queue of queues) await queue.upsertJobScheduler('tick', { every: 400 }, { name: 'tick', data: {} })
    await expect.poll(() => turns.length, { timeout: 15_000 }).toBeGreaterThan(4)
    for (const queue of queues) await queue.removeJobScheduler('tick')
    const gaps = turns.slice(2).map((turn, index) => turn - (turns[index + 1] ?? 0))
    expect(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length).toBeGreaterThan(300)
  })

  it('tries a failing job again, and tells who listens', async () => {
    const { backend } = await open(place)
    const name = queueName()
    const queue = await backend.openQueue(name)
    const events = await backend.openEvents(name)
    const heard: string[] = []
    events.on('completed', ({ jobId }) => void heard.push(`completed ${jobId}`))
    events.on('failed', ({ jobId }) => void heard.push(`failed ${jobId}`))
    await events.waitUntilReady()
    let attempts = 0
    await backend.openWorker(name, async ({ id }) => {
      attempts += 1
      if (id === 'hopeless' || attempts === 1) throw new Error('not now')
    })
    await backend.add(queue, { name: 'work', data: {}, id: 'stubborn' })
    await expect.poll(() => heard, { timeout: 15_000 }).toEqual(['completed stubborn'])
    expect(attempts).toBe(2)
    await backend.add(queue, { name: 'work', data: {}, id: 'hopeless', attempts: 1 })
    await expect.poll(() => heard, { timeout: 15_000 }).toEqual(['completed stubborn', 'failed hopeless'])
  })

  it('waits at its close for the job that runs, and leaves the rest to others [JOB-5]', async () => {
    const { backend } = await open(place)
    const name = queueName()
    const queue = await backend.openQueue<{ readonly n: number }>(name)
    const [begun, ended]: [number[], number[]] = [[], []]
    let finish: () => void = () => undefined
    const gate = new Promise<void>((resolve) => {
      finish = resolve
    })
    await backend.openWorker<{ readonly n: number }>(name, async ({ data }) => {
      begun.push(data.n)
      await gate
      ended.push(data.n)
    })
    for (const n of [1, 2]) await backend.add(queue, { name: 'work', data: { n }, id: `job-${n}` })
    await expect.poll(() => begun, { timeout: 15_000 }).toEqual([1])
    const closed = backend.close()
    finish()
    await closed
    expect([begun, ended]).toEqual([[1], [1]])
    const next = await open(place)
    await next.backend.openWorker<{ readonly n: number }>(name, async ({ data }) => void ended.push(data.n))
    await expect.poll(() => ended, { timeout: 15_000 }).toEqual([1, 2])
  })
}

/** A job that waits runs before and after the store was gone for a moment. */
async function goesOn(backend: JobBackend, interrupt: () => Promise<unknown>): Promise<void> {
  const name = queueName()
  const queue = await backend.openQueue(name)
  const ran: (string | undefined)[] = []
  await backend.openWorker(name, async ({ id }) => void ran.push(id))
  await backend.add(queue, { name: 'work', data: {}, id: 'before' })
  await expect.poll(() => ran, { timeout: 15_000 }).toEqual(['before'])
  await interrupt().catch(() => undefined)
  // The same id may be sent again as often as it takes.
  const added = () =>
    backend.add(queue, { name: 'work', data: {}, id: 'after' }).then(
      () => true,
      () => false,
    )
  await expect.poll(added, { timeout: 20_000 }).toBe(true)
  await expect.poll(() => ran, { timeout: 20_000 }).toEqual(['before', 'after'])
}

describe('jobs on pglite', () => {
  let database: Database
  beforeAll(async () => {
    database = await openDatabase({ memory: true })
  })
  afterAll(() => database.close())
  contract({ kind: 'pglite', database: () => database })

  it('go on when the engine had to be ended and was opened again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'preceptor-jobs-'))
    const lasting = await openDatabase({ dataFolder: folder, statementDeadlineMs: 1_000 })
    const { backend } = await open({ kind: 'pglite', database: () => lasting })
    await goesOn(backend, () => lasting.pool.query('select pg_sleep(30)'))
    await backend.close()
    await lasting.close()
    rmSync(folder, { recursive: true, force: true })
  }, 60_000)

  it('leave the search path of other pools alone', async () => {
    const { backend } = await open({ kind: 'pglite', database: () => database })
    const queue = await backend.openQueue(queueName())
    await backend.add(queue, { name: 'work', data: {}, id: 'job' })
    await expect(database.pool.query('select 1 from job')).rejects.toMatchObject({ code: '42P01' })
    expect((await database.pool.query('show search_path')).rows).toEqual([{ search_path: 'public' }])
  })
})

describeWithPostgres('jobs on postgres', () => {
  const server = useTestDatabase()
  let database: Database
  beforeAll(async () => {
    database = await openDatabase({ url: server.url })
  })
  afterAll(() => database.close())
  contract({ kind: 'postgres', database: () => database })

  it('go on when the server ended every connection', async () => {
    const { backend } = await open({ kind: 'postgres', database: () => database })
    const admin = new pg.Client(server.url)
    await admin.connect()
    const others = `from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`
    await goesOn(backend, () => admin.query(`select pg_terminate_backend(pid) ${others}`))
    await admin.end()
  }, 60_000)

  it('are prepared once by several processes that start together', async () => {
    const place: Place = { kind: 'postgres', database: () => database }
    await Promise.all(Array.from({ length: 4 }, () => open(place)))
    const { rows } = await database.pool.query(
      'select count(*)::int = count(distinct version)::int as once from bullmq.migration',
    )
    expect(rows).toEqual([{ once: true }])
  })
})

describeWithRedis('jobs on redis', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.stop())
  // Jobs on Redis need no database: whatever is asked of this one is an error.
  const database = {} as Database
  contract({ kind: 'redis', database: () => database, redisUrl: () => redis.url })

  it('are refused in time while Redis is away, and close all the same', async () => {
    const port = await freePort()
    const { backend, errors } = await open({
      kind: 'redis',
      database: () => database,
      redisUrl: () => `redis://127.0.0.1:${port}`,
    })
    const queue = await backend.openQueue('away')
    const started = performance.now()
    await expect(backend.add(queue, { name: 'work', data: {}, id: 'job' })).rejects.toMatchObject({
      code: 'REDIS_UNAVAILABLE',
    })
    expect(performance.now() - started).toBeLessThan(4_000)
    expect(errors.length).toBeGreaterThan(0)
  }, 60_000)
})
