import { randomUUID } from 'node:crypto'
import { expect, it, vi } from 'vitest'
import { until } from '../journal/each-store.test.helper.ts'
import type { PluginJob, PluginWork } from '../plugins/plugin.ts'
import type { OpenJobHost } from './job-host.ts'
import {
  describeOnEachQueue,
  openContext,
  openHost,
  seedProposal,
  seedWorkspace,
  statesOf,
  type TestQueue,
} from './jobs.test.helper.ts'
import type { JobPayload } from './jobs.ts'

const WORK = { workspace: 'default', id: 'one' }

interface Kept {
  readonly job: PluginJob
  readonly ran: PluginWork[]
  readonly find: ReturnType<typeof vi.fn<PluginJob['find']>>
}

/** A long job that remembers what it was asked for. */
function longJob(more: Partial<PluginJob> = {}): Kept {
  const ran: PluginWork[] = []
  const find = vi.fn<PluginJob['find']>(async () => [WORK])
  const run = async (work: PluginWork) => void ran.push(work)
  return { job: { isLong: true, find, run, ...more }, ran, find }
}

/** Hosts of one queue, each with jobs of its own under the same names; the first has connections of its own. */
async function openHosts(queue: TestQueue, ...jobs: Readonly<Record<string, PluginJob>>[]): Promise<OpenJobHost[]> {
  const queueName = `q${randomUUID()}`
  return Promise.all(
    jobs.map(async (mine) => {
      const context = openContext({ database: await queue.store.another() })
      return openHost({ ...queue.options(context), queueName, pluginJobs: () => new Map(Object.entries(mine)) })
    }),
  )
}

async function startWorker(host: OpenJobHost, concurrency = 1): Promise<void> {
  const backend = await host.backend()
  for (const name of [host.queueName, ...host.longQueues()]) {
    await backend.openWorker<JobPayload>(name, (job) => host.run(job.name, job.data, name), { concurrency })
  }
}

async function waitingIn(host: OpenJobHost, name: string): Promise<readonly string[]> {
  const opened = await (await host.backend()).openQueue<JobPayload>(name)
  return (await opened.getJobs(['waiting', 'active'])).map((job) => job.name)
}

describeOnEachQueue('a long job of a plugin', (queue) => {
  it('that holds its place keeps no job of core from running [JOB-1, PLUG-2]', async () => {
    const workspace = await seedWorkspace(queue.store)
    await seedProposal(queue.store, {
      workspace,
      id: `${workspace}-p`,
      state: 'pending',
      expiresAt: Date.now() - 1_000,
    })
    let begin: () => void = () => undefined
    let end: () => void = () => undefined
    const begun = new Promise<void>((resolve) => {
      begin = resolve
    })
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    const run = () => {
      begin()
      return ended
    }
    const [host] = (await openHosts(queue, { 'slow-think': longJob({ run }).job })) as [OpenJobHost]
    try {
      expect(host.longQueues()).toEqual([`${host.queueName}-slow`])
      await startWorker(host)
      expect(await host.wake('slow-think', WORK)).toBe(true)
      await begun
      expect(await host.enqueue('expire-proposals', { workspace })).toBe(true)
      await until(
        async () => (await statesOf(queue.store, 'proposals', workspace))[`${workspace}-p`] === 'expired',
        15_000,
      )
      expect(await waitingIn(host, `${host.queueName}-slow`)).toEqual(['slow-think'])
    } finally {
      end()
    }
  })

  it('that is done elsewhere is neither taken nor looked for here, and reaches the process that does it [PLUG-2]', async () => {
    const due = { isReconciled: true, isPrompt: true }
    const here = longJob({ ...due, isElsewhere: true })
    const there = longJob(due)
    const [idle, busy] = (await openHosts(queue, { 'slow-think': here.job }, { 'slow-think': there.job })) as [
      OpenJobHost,
      OpenJobHost,
    ]
    expect(idle.longQueues()).toEqual([])
    await startWorker(idle)
    expect(await idle.wakeDue()).toBe(0)
    await idle.run('reconcile', {}, idle.queueName)
    await idle.run('reconcile', {})
    expect(here.find).not.toHaveBeenCalled()
    expect(await idle.wake('slow-think', WORK)).toBe(true)
    await startWorker(busy)
    await until(() => there.ran.length === 1, 15_000)
    expect(there.ran).toEqual([WORK])
    expect(here.ran).toEqual([])
  })

  it('is passed on where it stands in the queue of core, by whoever takes it there [PLUG-2]', async () => {
    const here = longJob({ isElsewhere: true })
    const there = longJob()
    const [idle, busy] = (await openHosts(queue, { 'slow-think': here.job }, { 'slow-think': there.job })) as [
      OpenJobHost,
      OpenJobHost,
    ]
    // An older release put it there.
    const backend = await idle.backend()
    const core = await backend.openQueue<JobPayload>(idle.queueName)
    await backend.add(core, { name: 'slow-think', data: WORK, id: 'slow-think.old' })
    await startWorker(idle)
    await until(async () => (await waitingIn(idle, `${idle.queueName}-slow`)).length === 1, 15_000)
    expect(here.ran).toEqual([])
    await startWorker(busy)
    await until(() => there.ran.length === 1, 15_000)
    expect(there.ran).toEqual([WORK])
  })

  it('is woken for all that is due, by the clock and by the reconciler of its queue [JOB-1, PLUG-2]', async () => {
    const other = { workspace: 'default', id: 'two' }
    const find = async () => [WORK, other]
    const clocked = longJob({ find, pattern: '* * * * * *' })
    const lost = longJob({ isReconciled: true })
    const short = longJob({ isLong: false, pattern: '0 0 4 * * *' })
    const [host] = (await openHosts(queue, {
      'slow-think': clocked.job,
      'slow-write': lost.job,
      'slow-count': short.job,
    })) as [OpenJobHost]
    await host.keepSchedules()
    const backend = await host.backend()
    const namesOf = async (name: string) =>
      (await (await backend.openQueue(name)).getJobSchedulers(0, -1)).map(({ key }) => key).sort()
    expect(await namesOf(`${host.queueName}-slow`)).toEqual(['reconcile', 'slow-think'])
    expect(await namesOf(host.queueName)).toContain('slow-count')
    expect(await namesOf(host.queueName)).not.toContain('slow-think')
    await startWorker(host)
    await until(() => clocked.ran.length >= 2 && lost.ran.length >= 1, 15_000)
    expect(clocked.ran).toEqual(expect.arrayContaining([WORK, other]))
    expect(lost.ran[0]).toEqual(WORK)
  })
})
