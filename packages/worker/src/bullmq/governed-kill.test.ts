import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { describeWithPostgres, describeWithRedis, startRedis, useTestDatabase } from '@preceptor/test-setup'
import { type Job, Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createWorker, type GovernanceWorker } from '../create-worker.ts'
import { ACTIONS, add, read } from './governed.test.helper.ts'

const CLAIM_MS = 3_000

/** A process of somebody with a queue: each job takes its effect on Redis, which counts it, and then is at work for long. */
const source = (place: { database: string; redis: string; queue: string; agent: string; hangs: boolean }): string => `
  import { createGovernor } from '@preceptor/core'
  import { governedProcessor } from '@preceptor/worker'
  import { Worker } from 'bullmq'
  import { Redis } from 'ioredis'
  const place = ${JSON.stringify(place)}
  const oracle = new Redis(place.redis)
  const governor = await createGovernor({
    database: place.database,
    actions: ${JSON.stringify(ACTIONS)},
    settings: { claimLeaseMs: ${CLAIM_MS} },
    report: () => undefined,
  })
  const options = { agent: place.agent, action: (job) => job.name, lookAgain: { firstMs: 1_000, mostMs: 1_000 } }
  const work = async (job, { args, attempt }) => {
    await oracle.rpush('effects', job.id + ' ' + args.cents + ' ' + attempt)
    if (place.hangs) await new Promise(() => setInterval(() => undefined, 1_000))
    return 'paid'
  }
  new Worker(place.queue, governedProcessor(governor, options, work), {
    connection: { url: place.redis, maxRetriesPerRequest: null },
    lockDuration: 1_000,
    stalledInterval: 500,
    concurrency: 4,
  }).on('error', () => undefined)
  console.log('ready')`

describeWithPostgres('a worker that is killed in the middle of a governed job', () => {
  describeWithRedis('on redis', () => {
    const database = useTestDatabase()
    const children: ChildProcess[] = []
    let redis: Awaited<ReturnType<typeof startRedis>>
    let oracle: Redis
    let queue: Queue
    let test: TestGovernor
    let jobs: GovernanceWorker
    beforeAll(async () => {
      redis = await startRedis({ install: false })
      oracle = new Redis(redis.url)
      queue = new Queue('refunds', { connection: { url: redis.url } })
      const settings = { claimLeaseMs: CLAIM_MS }
      test = await createTestGovernor({ database: database.url, migrate: true, actions: ACTIONS, settings })
      await test.register('autonomous', 'autonomous')
      await test.register('intern', 'intern')
      await test.admin.members.put('ana', { displayName: 'Ana', roles: ['supervisor'] })
      jobs = await createWorker(test.governor)
    })
    afterEach(async () => {
      for (const child of children.splice(0)) await kill(child)
      await queue.obliterate({ force: true })
      await oracle.del('effects')
    })
    afterAll(async () => {
      await queue.close()
      await jobs.close()
      await test.close()
      await oracle.quit()
      await redis.stop()
    })

    async function start(agent: string, hangs: boolean): Promise<ChildProcess> {
      const place = { database: database.url, redis: redis.url, queue: queue.name, agent, hangs }
      const child = spawn(process.execPath, ['--input-type=module', '-e', source(place)], {
        cwd: import.meta.dirname,
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      children.push(child)
      await once(child.stdout, 'data')
      child.stdout.resume()
      return child
    }

    async function kill(child: ChildProcess): Promise<void> {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    }

    const ended = async (id: string, state: string): Promise<Job> => {
      await expect.poll(async () => (await read(queue, id)).getState(), { timeout: 40_000 }).toBe(state)
      return read(queue, id)
    }

    const effects = (): Promise<string[]> => oracle.lrange('effects', 0, -1)

    const ask = (name: string, cents: number): Promise<string> => add(queue, { cents }, { attempts: 5 }, name)

    describe('and started again', () => {
      it('finds the outcome unknown, and has no second effect; an idempotent action runs again [BULL-6]', async () => {
        const first = await start('autonomous', true)
        const [once_, again] = [await ask('refund.create', 1), await ask('refund.retry', 2)]
        await expect.poll(async () => (await effects()).length, { timeout: 20_000 }).toBe(2)
        await kill(first)
        await start('autonomous', false)
        const { failedReason } = await ended(once_, 'failed')
        expect(failedReason).toMatch(/^OUTCOME_UNKNOWN: /)
        expect((await ended(again, 'completed')).returnvalue).toBe('paid')
        expect((await effects()).sort()).toEqual([`${once_} 1 1`, `${again} 2 1`, `${again} 2 2`].sort())
      }, 120_000)

      it('uses an approval once, and lets a person say what came of it [BULL-6]', async () => {
        const first = await start('intern', true)
        const id = await ask('refund.create', 3)
        await ended(id, 'delayed')
        const { items } = await test.admin.proposals.list({ state: 'pending' })
        const [proposal] = items
        if (proposal === undefined) throw new Error('Nothing waits.')
        const { version, actionHash } = proposal
        const ana = test.user('ana', 'supervisor')
        await ana.proposals.approve(proposal.id, { version, actionHash })
        await expect.poll(effects, { timeout: 20_000 }).toEqual([`${id} 3 1`])
        await kill(first)
        await start('intern', false)
        const job = await ended(id, 'failed')
        expect(job.failedReason).toMatch(/^OUTCOME_UNKNOWN: /)
        await ana.proposals.resolve(proposal.id, { outcome: 'succeeded', reason: 'The bank says so.' })
        await job.retry('failed')
        await ended(id, 'completed')
        expect(await effects()).toEqual([`${id} 3 1`])
        const made = await test.admin.journal.list({ kind: 'proposal.created', agent: 'intern' })
        expect(made.items).toHaveLength(1)
        expect(await test.admin.journal.verify()).toMatchObject({ ok: true })
      }, 120_000)
    })
  })
})
