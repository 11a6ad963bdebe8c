import { setTimeout as sleep } from 'node:timers/promises'
import { GovernanceError, type GuardCall, type JsonObject } from '@preceptor/client'
import { describeWithPostgres, describeWithRedis, startRedis } from '@preceptor/test-setup'
import { DelayedError, type Job } from 'bullmq'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { add, openStage, read, type Stage } from './governed.test.helper.ts'
import { governedProcessor } from './governed-processor.ts'

let stage: Stage | undefined
afterEach(async () => {
  await stage?.close()
  stage = undefined
})

let redis: Awaited<ReturnType<typeof startRedis>>
beforeAll(async () => {
  redis = await startRedis({ install: false })
})
afterAll(() => redis.stop())

async function open(): Promise<Stage> {
  stage = await openStage(redis.url)
  const { test } = stage
  for (const level of ['student', 'intern', 'supervised', 'autonomous'] as const) await test.register(level, level)
  await test.admin.members.put('ana', { displayName: 'Ana', roles: ['supervisor'] })
  return stage
}

/** Work that notes what it was given. */
function noting(): { readonly seen: JsonObject[]; readonly work: (job: Job, call: GuardCall) => string } {
  const seen: JsonObject[] = []
  const work = (job: Job, { args }: GuardCall): string => {
    seen.push(args)
    return `${job.id} paid ${String(args.cents)}`
  }
  return { seen, work }
}

const ended = async ({ queue }: Stage, id: string, state: string): Promise<Job> => {
  await expect.poll(async () => (await read(queue, id)).getState(), { timeout: 20_000 }).toBe(state)
  return read(queue, id)
}

const NEVER_MS = 3_600_000

describeWithPostgres('a governed processor', () => {
  describeWithRedis('on redis', () => {
    describe('of an agent that may', () => {
      it('runs a job once, and gives the recorded result to a job that comes again [BULL-1]', async () => {
        const opened = await open()
        const { seen, work } = noting()
        const { test, queue } = opened
        opened.work(governedProcessor(test.governor, { agent: 'autonomous', action: 'refund.create' }, work))
        const id = await add(queue, { cents: 5 })
        const job = await ended(opened, id, 'completed')
        expect(job.returnvalue).toBe(`${id} paid 5`)
        await job.retry('completed')
        await expect.poll(async () => (await read(queue, id)).attemptsStarted).toBe(2)
        expect((await ended(opened, id, 'completed')).returnvalue).toBe(`${id} paid 5`)
        expect(seen).toEqual([{ cents: 5 }])
      })

      it('takes an id that the producer chose for the same attempt, and a counted one for a new job [BULL-1]', async () => {
        const opened = await open()
        const { seen, work } = noting()
        const { test, queue } = opened
        opened.work(governedProcessor(test.governor, { agent: 'autonomous', action: 'refund.create' }, work))
        for (const jobId of ['refund-17', undefined]) {
          for (let count = 0; count < 2; count += 1) {
            const id = await add(queue, { cents: 5 }, jobId === undefined ? {} : { jobId })
            const job = await ended(opened, id, 'completed')
            expect(job.returnvalue).toMatch(/paid 5$/)
            // As if Redis had been emptied.
            await queue.obliterate({ force: true })
          }
        }
        expect(seen).toHaveLength(3)
      })

      it('tries an idempotent action again as the job says, and no other [BULL-1, BULL-4]', async () => {
        const opened = await open()
        const { test, queue } = opened
        const attempts: string[] = []
        const action = (job: Job): string => job.data.action
        opened.work(
          governedProcessor(test.governor, { agent: 'autonomous', action }, (job: Job, { attempt }) => {
            attempts.push(`${job.data.action} ${attempt}`)
            if (job.attemptsMade === 0) throw new Error('The bank is away.')
            return 'paid'
          }),
        )
        const again = await add(queue, { action: 'refund.retry' })
        await ended(opened, again, 'completed')
        const once = await add(queue, { action: 'refund.create' })
        const { failedReason, attemptsMade } = await ended(opened, once, 'failed')
        expect(attempts).toEqual(['refund.retry 1', 'refund.retry 2', 'refund.create 1'])
        expect(failedReason).toBe('ALREADY_EXECUTED: The job ran before and failed: The bank is away.')
        expect(attemptsMade).toBe(2)
      })

      it('lets a processor put its own job off [BULL-1]', async () => {
        const opened = await open()
        const { test, queue } = opened
        let begun = 0
        opened.work(
          governedProcessor(test.governor, { agent: 'autonomous', action: 'refund.create' }, async (job: Job) => {
            begun += 1
            if (begun > 1) return 'done'
            await job.moveToDelayed(Date.now() + 50, job.token)
            throw new DelayedError()
          }),
        )
        expect((await ended(opened, await add(queue, {}), 'completed')).returnvalue).toBe('done')
        expect(begun).toBe(2)
      })
    })

    describe('of an agent that people decide for', () => {
      it('puts the job off without a place or an attempt, and runs the approved args once it is woken [BULL-2, BULL-3]', async () => {
        const opened = await open()
        const { seen, work } = noting()
        const { test, queue } = opened
        const options = { action: 'refund.create', lookAgain: { firstMs: NEVER_MS, mostMs: NEVER_MS } } as const
        opened.work(governedProcessor(test.governor, { agent: 'intern', ...options }, work), { concurrency: 1 })
        const id = await add(queue, { cents: 500 })
        const parked = await ended(opened, id, 'delayed')
        expect(parked).toMatchObject({ attemptsMade: 0, attemptsStarted: 1 })
        expect((await queue.getJobLogs(id)).logs).toEqual([expect.stringMatching(/^APPROVAL_REQUIRED: /)])
        const other = await add(queue, { cents: 7 })
        await ended(opened, other, 'delayed')
        const { items } = await test.admin.proposals.list({ state: 'pending' })
        const proposal = items.find(({ args }) => args.cents === 500)
        if (proposal === undefined) throw new Error('Nothing waits.')
        const { version, actionHash } = proposal
        await test
          .user('ana', 'supervisor')
          .proposals.approve(proposal.id, { version, actionHash, args: { cents: 400 } })
        const done = await ended(opened, id, 'completed')
        expect(done.returnvalue).toBe(`${id} paid 400`)
        expect(seen).toEqual([{ cents: 400 }])
        expect(await (await read(queue, other)).getState()).toBe('delayed')
        const made = await test.admin.journal.list({ kind: 'decision.made', agent: 'intern' })
        expect(made.items).toHaveLength(3)
        expect((await test.admin.journal.list({ kind: 'run.started', agent: 'intern' })).items).toHaveLength(1)
      })

      it('is told of a decision that was made while the job was being put off [BULL-2]', async () => {
        const opened = await open()
        const { seen, work } = noting()
        const { test, queue } = opened
        const lookAgain = { firstMs: NEVER_MS, mostMs: NEVER_MS }
        const processor = governedProcessor(
          test.governor,
          { agent: 'intern', action: 'refund.create', lookAgain },
          work,
        )
        let approved = 0
        opened.work(async (job, token, signal) => {
          const moved = job.moveToDelayed.bind(job)
          job.moveToDelayed = async (...given) => {
            const { id, version, actionHash } = await opened.waiting()
            await test.user('ana', 'supervisor').proposals.approve(id, { version, actionHash })
            approved += 1
            await moved(...given)
          }
          return processor(job, token, signal)
        })
        await ended(opened, await add(queue, { cents: 1 }), 'completed')
        expect([approved, seen.length]).toEqual([1, 1])
      })

      it('comes back by itself in a process that heard nothing [BULL-2]', async () => {
        const opened = await open()
        const { seen, work } = noting()
        const { test, queue } = opened
        const options = { agent: 'intern', action: 'refund.create', lookAgain: { firstMs: 2_000 } } as const
        const first = opened.work(governedProcessor(test.governor, options, work))
        const id = await add(queue, { cents: 500 })
        await ended(opened, id, 'delayed')
        await first.close()
        const { id: proposal, version, actionHash } = await opened.waiting()
        await test.user('ana', 'supervisor').proposals.approve(proposal, { version, actionHash })
        opened.work(governedProcessor(test.governor, options, work))
        await ended(opened, id, 'completed')
        expect(seen).toEqual([{ cents: 500 }])
      })

      it('gives what a reviewer answered, and never runs [BULL-3]', async () => {
        const opened = await open()
        const { seen, work } = noting()
        const { test, queue } = opened
        opened.work(governedProcessor(test.governor, { agent: 'intern', action: 'refund.create' }, work))
        const id = await add(queue, { cents: 500 })
        await ended(opened, id, 'delayed')
        const { id: proposal, version, actionHash } = await opened.waiting()
        await test.user('ana', 'supervisor').proposals.respond(proposal, { version, actionHash, response: 'By hand.' })
        expect((await ended(opened, id, 'completed')).returnvalue).toBe('By hand.')
        expect(seen).toEqual([])
      })
    })

    describe('of an agent that may not', () => {
      it('fails the job with code and reason, and no attempt is made again [BULL-4]', async () => {
        const opened = await open()
        const { seen, work } = noting()
        const { test, queue } = opened
        const agent = { intern: 'intern', student: 'student', stopped: 'autonomous' } as const
        const processors = Object.entries(agent).map(
          ([name, id]) =>
            [name, governedProcessor(test.governor, { agent: id, action: 'refund.create' }, work)] as const,
        )
        const causes: unknown[] = []
        opened
          .work(
            (job, token, signal) =>
              Object.fromEntries(processors)[job.data.as]?.(job, token, signal) ?? Promise.reject(job),
          )
          .on('failed', (_job, { cause }) => causes.push(cause))
        const rejected = await add(queue, { as: 'intern' })
        await ended(opened, rejected, 'delayed')
        const { id, version, actionHash } = await opened.waiting()
        const why = { category: 'wrong_args', reason: 'Not this customer.' } as const
        await test.user('ana', 'supervisor').proposals.reject(id, { version, actionHash, ...why })
        await test.admin.stops.set({ target: 'agent', agent: 'autonomous', reason: 'Looked at.' })
        const reasons = []
        for (const job of [rejected, await add(queue, { as: 'student' }), await add(queue, { as: 'stopped' })]) {
          const { failedReason, attemptsMade } = await ended(opened, job, 'failed')
          expect(attemptsMade).toBe(1)
          reasons.push(failedReason)
        }
        expect(reasons).toEqual([
          expect.stringMatching(/^PROPOSAL_REJECTED: .*Not this customer/),
          expect.stringMatching(/^TRAINING_REQUIRED: /),
          expect.stringMatching(/^STOPPED: /),
        ])
        await expect.poll(() => causes.length).toBe(3)
        const codes = causes.flatMap((cause) => (GovernanceError.isInstance(cause) ? cause.code : []))
        expect(codes.sort()).toEqual(['PROPOSAL_REJECTED', 'STOPPED', 'TRAINING_REQUIRED'])
        expect(seen).toEqual([])
      })

      it('refuses what is no attempt, and takes no agent from the job [BULL-4]', async () => {
        const opened = await open()
        const { seen, work } = noting()
        const { test, queue } = opened
        opened.work(governedProcessor(test.governor, { agent: 'student', action: 'refund.create' }, work))
        const data = { agent: 'autonomous', principal: { kind: 'system', id: 'root', roles: [] }, workspace: 'other' }
        const claimed = await ended(opened, await add(queue, data), 'failed')
        expect(claimed.failedReason).toMatch(/^TRAINING_REQUIRED: /)
        const none = await ended(opened, await add(queue, ['no args']), 'failed')
        expect(none.failedReason).toMatch(/^INPUT_INVALID: /)
        expect(none.attemptsMade).toBe(1)
        expect(seen).toEqual([])
      })

      it('is told of a look that would be none', () => {
        for (const lookAgain of [{ firstMs: 0 }, { mostMs: 999 }, { firstMs: 1.5 }]) {
          const governor = { as: () => ({}) as never }
          expect(() => governedProcessor(governor, { agent: 'a', action: 'b', lookAgain }, () => 1)).toThrow(
            /lookAgain/,
          )
        }
      })
    })

    describe('of a supervised agent', () => {
      it('runs under a live watch, and its signal tells of the end of it [BULL-5]', async () => {
        const opened = await open()
        const { test, queue } = opened
        const ana = test.user('ana', 'supervisor')
        await ana.presence.heartbeat({ active: true })
        const aborted: unknown[] = []
        let begun = false
        opened.work(
          governedProcessor(
            test.governor,
            { agent: 'supervised', action: 'refund.create' },
            async (_job: Job, call) => {
              begun = true
              await new Promise((resolve) => call.signal.addEventListener('abort', resolve))
              aborted.push(call.signal.reason)
              throw call.signal.reason
            },
          ),
        )
        const id = await add(queue, { cents: 5 })
        const sessions = async () => (await test.admin.sessions.list()).items
        await expect.poll(async () => (await sessions()).length).toBe(1)
        const [session] = await sessions()
        const watched = session?.id ?? ''
        await ana.sessions.attach(watched)
        await expect.poll(() => begun, { timeout: 15_000 }).toBe(true)
        await ana.sessions.intervene(watched, { type: 'terminate', reason: 'Enough.' })
        const { failedReason, attemptsMade } = await ended(opened, id, 'failed')
        expect(failedReason).toMatch(/^RUN_TERMINATED: /)
        expect(attemptsMade).toBe(1)
        expect(aborted).toMatchObject([{ code: 'RUN_TERMINATED' }])
      })

      it('waits off its place where nobody can watch, and runs once somebody does [BULL-2, BULL-5]', async () => {
        const opened = await open()
        const { seen, work } = noting()
        const { test, queue } = opened
        const options = { agent: 'supervised', action: 'refund.create', lookAgain: { firstMs: 1_000, mostMs: 1_000 } }
        opened.work(governedProcessor(test.governor, options, work))
        const id = await add(queue, { cents: 5 })
        await ended(opened, id, 'delayed')
        const ana = test.user('ana', 'supervisor')
        await ana.presence.heartbeat({ active: true })
        const running = async () => (await test.admin.sessions.list()).items.find(({ state }) => state === 'starting')
        await expect.poll(running, { timeout: 20_000 }).toBeDefined()
        await ana.sessions.attach((await running())?.id ?? '')
        await ended(opened, id, 'completed')
        expect(seen).toEqual([{ cents: 5 }])
      })
    })

    it('does not run a job beside itself that BullMQ takes for stalled [BULL-6]', async () => {
      const opened = await open()
      const { test, queue } = opened
      let running = 0
      const begun: number[] = []
      const processor = governedProcessor(
        test.governor,
        { agent: 'autonomous', action: 'refund.create', lookAgain: { firstMs: 1_000 } },
        async () => {
          running += 1
          begun.push(running)
          await sleep(4_000)
          running -= 1
          return 'paid'
        },
      )
      // Nobody renews the lock: what happens to a process whose thread is busy.
      const stalling = { lockDuration: 500, skipLockRenewal: true, stalledInterval: 300, maxStalledCount: 5 }
      opened.work(processor, stalling)
      opened.work(processor, stalling)
      const id = await add(queue, { cents: 5 })
      const job = await ended(opened, id, 'completed')
      expect(job.returnvalue).toBe('paid')
      expect(begun).toEqual([1])
      expect(job.attemptsStarted).toBeGreaterThan(1)
    }, 40_000)
  })
})
