import { randomUUID } from 'node:crypto'
import { describeWithRedis } from '@preceptor/test-setup'
import { Redis } from 'ioredis'
import { expect, it } from 'vitest'
import { describeOnPostgres, type TestStore, until } from '../journal/each-store.test.helper.ts'
import type { OpenJobHost } from './job-host.ts'
import {
  describeOnEachQueue,
  openContext,
  openHost,
  seedProposal,
  seedQueueEntry,
  seedWorkspace,
  statesOf,
  type TestQueue,
  useRedis,
} from './jobs.test.helper.ts'
import type { JobPayload } from './jobs.ts'
import { SCHEDULES } from './schedules.ts'

/** Hosts with connections of their own to one queue. */
async function openHosts(queue: TestQueue, count: number): Promise<OpenJobHost[]> {
  const queueName = `q${randomUUID()}`
  const databases = await Promise.all(Array.from({ length: count }, () => queue.store.another()))
  return databases.map((database) => openHost({ ...queue.options(openContext({ database })), queueName }))
}

async function startWorker(host: OpenJobHost, concurrency = 4): Promise<void> {
  const backend = await host.backend()
  await backend.openWorker<JobPayload>(host.queueName, ({ name, data }) => host.run(name, data), { concurrency })
}

async function openQueueOf(host: OpenJobHost) {
  return (await host.backend()).openQueue<JobPayload>(host.queueName)
}

async function seedDue(store: TestStore): Promise<string> {
  const workspace = await seedWorkspace(store)
  const expiresAt = Date.now() - 1_000
  await seedProposal(store, { workspace, id: `${workspace}-p`, state: 'pending', expiresAt })
  await seedQueueEntry(store, { workspace, id: `${workspace}-q`, state: 'pending', expiresAt })
  return workspace
}

async function hasExpired(store: TestStore, workspace: string): Promise<boolean> {
  const proposals = await statesOf(store, 'proposals', workspace)
  const entries = await statesOf(store, 'supervised_queue', workspace)
  return [...Object.values(proposals), ...Object.values(entries)].every((state) => state === 'expired')
}

describeOnEachQueue('job host', (queue) => {
  it('adds the same job once, whoever asks for it at the same time [JOB-1, JOB-2]', async () => {
    const hosts = await openHosts(queue, 3)
    const payload = { workspace: 'w' }
    const added = await Promise.all([...hosts, ...hosts].map((host) => host.enqueue('expire-queue', payload)))
    expect(added).toEqual(Array.from({ length: 6 }, () => true))
    const [host] = hosts as [OpenJobHost]
    const jobs = await (await openQueueOf(host)).getJobs(['waiting', 'delayed', 'active', 'completed'])
    const ids = new Set(jobs.map(({ id }) => id))
    // The time slot may change between two of the calls.
    expect(ids.size).toBeLessThanOrEqual(2)
    expect(jobs).toHaveLength(ids.size)
    expect(jobs[0]).toMatchObject({ name: 'expire-queue', data: payload })
  })

  it('registers each schedule once, however many processes start, and leaves those alone that are there [JOB-1, JOB-4]', async () => {
    const hosts = await openHosts(queue, 3)
    await Promise.all(hosts.map((host) => host.keepSchedules()))
    const [host] = hosts as [OpenJobHost]
    const opened = await openQueueOf(host)
    const planned = async () => {
      const jobs = await opened.getJobs(['waiting', 'delayed'])
      return jobs
        .filter(({ repeatJobKey }) => repeatJobKey !== undefined)
        .map(({ id, name }) => `${name} ${id}`)
        .sort()
    }
    const names = SCHEDULES.map(({ name }) => name)
    expect((await opened.getJobSchedulers(0, -1)).map(({ key }) => key).sort()).toEqual([...names].sort())
    const before = await planned()
    expect(before.map((line) => line.split(' ')[0])).toEqual([...names].sort())
    await Promise.all([...hosts, ...hosts].map((one) => one.keepSchedules()))
    expect(await planned()).toEqual(before)
  })

  it('runs by schedule: what is due is found, woken and done by any of the workers [JOB-1, JOB-3]', async () => {
    const workspace = await seedDue(queue.store)
    const hosts = await openHosts(queue, 2)
    await Promise.all(hosts.map((host) => startWorker(host)))
    await hosts[0]?.keepSchedules()
    await until(() => hasExpired(queue.store, workspace), 15_000)
  })

  it('cannot be used once it is closed', async () => {
    const [host] = (await openHosts(queue, 1)) as [OpenJobHost]
    await host.backend()
    await host.close()
    await host.close()
    await expect(host.backend()).rejects.toMatchObject({ code: 'GOVERNOR_CLOSED' })
    expect(await host.enqueue('prune', {})).toBe(false)
  })
})

describeWithRedis('job host without its Redis', () => {
  describeOnPostgres('and postgres', (store) => {
    const redis = useRedis()

    it('gets its schedules back after Redis was emptied, and loses nothing [I-19]', async () => {
      const host = openHost({ context: openContext(store), redisUrl: redis.url })
      await startWorker(host)
      await host.keepSchedules()
      const client = new Redis(redis.url)
      await client.flushall()
      await client.quit()
      const workspace = await seedDue(store)
      await host.keepSchedules()
      await until(() => hasExpired(store, workspace), 15_000)
    })

    it('does not hold up who asks while Redis is away, says so once, and goes on when it is back [I-19, JOB-5]', async () => {
      const context = openContext(store)
      const host = openHost({ context, redisUrl: redis.url })
      await startWorker(host)
      expect(await host.enqueue('prune', {})).toBe(true)
      await redis.kill()
      const asked = performance.now()
      expect(await host.enqueue('expire-queue', { workspace: 'default' })).toBe(false)
      await host.keepSchedules()
      expect(performance.now() - asked).toBeLessThan(10_000)
      const said = context.reports.map(({ message }) => message)
      expect(said.length).toBeGreaterThan(0)
      expect(said.length).toBeLessThan(6)
      const workspace = await seedDue(store)
      await redis.revive()
      await until(async () => {
        await host.keepSchedules()
        return hasExpired(store, workspace)
      }, 20_000)
    })
  })
})

describeOnPostgres('job host without its database', (store) => {
  it('answers that it could not add the job, and goes on when the database is back [JOB-5]', async () => {
    const database = await store.another()
    const host = openHost({ context: openContext({ database }) })
    await startWorker(host)
    const end = await store.outage()
    expect(await host.enqueue('prune', {})).toBe(false)
    await end()
    const workspace = await seedDue(store)
    await until(async () => {
      await host.keepSchedules()
      return hasExpired(store, workspace)
    }, 20_000)
  })
})
