import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Decision, GuardCall, JsonObject, Proposal, Trigger } from '@preceptor/client'
import { createGovernor, type EmbeddedGovernor, type GovernorOptions } from '@preceptor/core'
import { describeWithPostgres, describeWithRedis, startRedis, useTestDatabase } from '@preceptor/test-setup'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createWorker, type GovernanceWorker } from './create-worker.ts'

const closing: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function openGovernor(options: GovernorOptions): Promise<EmbeddedGovernor> {
  const governor = await createGovernor({
    actions: { 'refund.create': { risk: 'high' } },
    settings: { proposalTtlMs: 1 },
    report: () => undefined,
    ...options,
  })
  closing.push(() => governor.close())
  return governor
}

async function openWorker(
  governor: EmbeddedGovernor,
  options?: Parameters<typeof createWorker>[1],
): Promise<GovernanceWorker> {
  const worker = await createWorker(governor, options)
  closing.push(() => worker.close())
  return worker
}

const admin = (governor: EmbeddedGovernor) =>
  governor.as({ workspace: 'default', principal: { kind: 'user', id: 'root', roles: ['admin'] } })

/** Lets an intern propose something that has expired at once, and gives the proposal. */
async function propose(governor: EmbeddedGovernor): Promise<string> {
  const agent = `bot-${performance.now()}`
  await admin(governor).agents.register({ id: agent, maturity: 'intern' })
  const scope = governor.as({ workspace: 'default', principal: { kind: 'agent', id: agent, roles: [] } })
  const decision = await scope.decide({ agent, action: 'refund.create', args: { cents: 500 } })
  if (decision.route !== 'proposal') throw new Error(`The decision was ${decision.route}: ${decision.reason}`)
  return decision.proposal.id
}

async function until(condition: () => Promise<boolean>, withinMs = 30_000): Promise<void> {
  const end = performance.now() + withinMs
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`The condition did not come true within ${withinMs} ms.`)
    await sleep(20)
  }
}

async function stateOf(governor: EmbeddedGovernor, proposal: string): Promise<string> {
  return (await admin(governor).proposals.get(proposal)).state
}

function expiresAndVerifies(options: () => GovernorOptions): void {
  it('expires what is overdue, with its journal row, and closes without leaving anything open [JOB-1, JOB-3, JOB-5]', async () => {
    const governor = await openGovernor(options())
    const proposal = await propose(governor)
    const worker = await openWorker(governor, { concurrency: 2 })
    await until(async () => (await stateOf(governor, proposal)) === 'expired')
    const { items } = await admin(governor).journal.list({ subject: proposal, kind: 'proposal.expired' })
    expect(items).toMatchObject([{ body: { actor: 'system:jobs', was: 'pending' } }])
    await until(async () => (await admin(governor).journal.verify()).unsealed === 0)
    expect(await admin(governor).journal.verify()).toMatchObject({ ok: true })
    await Promise.all([worker.close(), worker.close()])
  })
}

/** A process with a governor and a worker, as an operator would run it. */
async function startProcess(options: GovernorOptions): Promise<ChildProcess> {
  const { database, redis } = options
  const source = `
    import { createGovernor } from '@preceptor/core'
    import { createWorker } from '@preceptor/worker'
    const governor = await createGovernor(${JSON.stringify({ database, redis })})
    const worker = await createWorker(governor)
    process.stdin.once('data', async () => {
      await worker.close()
      await governor.close()
      process.exitCode = 7
      process.stdin.destroy()
    })
    console.log('ready')`
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    cwd: import.meta.dirname,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  closing.push(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  })
  await once(child.stdout as NodeJS.ReadableStream, 'data')
  return child
}

function runsApproved(options: () => GovernorOptions): void {
  it('runs what was approved and nobody comes back for, once, where its executor is [I-2, I-4]', async () => {
    const ran: JsonObject[] = []
    const execute = ({ args }: GuardCall): string => {
      ran.push(args)
      if (args.cents === 13) throw new Error('Declined.')
      return `paid ${String(args.cents)}`
    }
    const actions = { 'refund.create': { risk: 'high', execute } } as const
    const settings = { claimLeaseMs: 60_000 }
    const governor = await openGovernor({ ...options(), actions, settings })
    const bot = await admin(governor).agents.register({ id: `bot-${performance.now()}`, maturity: 'intern' })
    const scope = governor.as({ workspace: 'default', principal: { kind: 'agent', id: bot.id, roles: [] } })
    const trigger = (cents: number) => ({ agent: bot.id, action: 'refund.create', args: { cents } })
    const ask = async (cents: number, ask: (trigger: Trigger) => Promise<Decision>): Promise<Proposal> => {
      const decision = await ask({ ...trigger(cents), idempotencyKey: `ask-${cents}` })
      if (decision.route !== 'proposal') throw new Error(decision.reason)
      return admin(governor).proposals.get(decision.proposal.id)
    }
    const decided = [await ask(5, scope.decide), await ask(13, scope.decide), await ask(7, scope.decide)]
    const awaited = await ask(9, async (asked) => (await scope.guard(asked, () => 'mine')).decision)
    expect(decided.map(({ executor }) => executor)).toEqual(['registered', 'registered', 'registered'])
    expect(awaited.executor).toBe('caller')
    const sue = governor.as({ workspace: 'default', principal: { kind: 'user', id: 'sue', roles: ['supervisor'] } })
    await openWorker(governor)
    await openWorker(governor)
    for (const { id, version, actionHash, args } of [...decided, awaited]) {
      const edited = args.cents === 7 ? { args: { cents: 6 } } : {}
      await sue.proposals.approve(id, { version, actionHash, ...edited })
    }
    const states = async () => Promise.all(decided.map(({ id }) => stateOf(governor, id)))
    await until(async () => (await states()).every((state) => state === 'succeeded' || state === 'failed'))
    expect(await states()).toEqual(['succeeded', 'failed', 'succeeded'])
    expect(ran.map(({ cents }) => cents).sort()).toEqual([13, 5, 6])
    expect(await stateOf(governor, awaited.id)).toBe('approved')
    const again = await scope.guard({ ...trigger(5), idempotencyKey: 'ask-5' }, () => 'no')
    expect(again).toMatchObject({ status: 'replayed', outcome: { value: 'paid 5' } })
  })
}

function sharesTheWork(options: () => GovernorOptions): void {
  it('shares the work of three processes under one set of schedules, and outlives two of them [JOB-4, JOB-5]', async () => {
    const governor = await openGovernor(options())
    const proposal = await propose(governor)
    const start = () => startProcess(options())
    const [killed, stopped] = await Promise.all([start(), start(), start()])
    const queue = await (await governor.jobs.backend()).openQueue(governor.jobs.queueName)
    const schedulers = await queue.getJobSchedulers(0, -1)
    expect(schedulers.map(({ key }) => key).sort()).toEqual([
      'check-alerts',
      'check-daily-alerts',
      'check-promotion',
      'check-slow-alerts',
      'checkpoint-journal',
      'count-decisions',
      'count-evidence',
      'decay',
      'escalate-proposals',
      'pause-unwatched',
      'process-queue',
      'prune',
      'reconcile',
      'seal-journal',
      'update-presence',
      'verify-journal',
    ])
    const waiting = (await queue.getJobs(['delayed'])).map(({ repeatJobKey }) => repeatJobKey)
    expect(new Set(waiting).size).toBe(waiting.length)
    killed?.kill('SIGKILL')
    const exited = once(stopped as ChildProcess, 'exit')
    stopped?.stdin?.write('stop\n')
    expect(await exited).toEqual([7, null])
    await until(async () => {
      await governor.jobs.enqueue('reconcile', {})
      return (await stateOf(governor, proposal)) === 'expired'
    })
  }, 90_000)
}

function runsTraining(options: () => GovernorOptions): void {
  it('runs the training of agents that it can ask [TRAIN-2]', async () => {
    const agent = `pupil-${performance.now()}`
    const governor = await openGovernor({ ...options(), runners: { [agent]: () => null } })
    await admin(governor).agents.register({ id: agent })
    const scope = governor.as({ workspace: 'default', principal: { kind: 'agent', id: agent, roles: [] } })
    const decision = await scope.decide({ agent, action: 'refund.create', args: {} })
    if (decision.route !== 'training') throw new Error(decision.reason)
    const sue = governor.as({ workspace: 'default', principal: { kind: 'user', id: 'sue', roles: ['supervisor'] } })
    const { sessionId } = await sue.trainingProposals.approve(decision.trainingProposal.id)
    await openWorker(governor)
    await until(async () => (await sue.trainingSessions.get(sessionId ?? '')).state === 'completed')
    expect(await sue.trainingSessions.get(sessionId ?? '')).toMatchObject({ score: 0, remaining: ['refund'] })
  }, 60_000)
}

function advises(options: () => GovernorOptions): void {
  it('lets the meta-agent advise where it is to do so unasked [META-7]', async () => {
    const governor = await openGovernor({ ...options(), metaAgent: { advise: 'always' }, settings: {} })
    await openWorker(governor)
    const proposal = await propose(governor)
    const card = () => admin(governor).proposals.card(proposal)
    await until(async () => (await card()).advice !== null)
    expect((await card()).advice).toMatchObject({ by: 'rules', verdict: 'escalate' })
    expect(await stateOf(governor, proposal)).toBe('pending')
  })
}

describe('worker on pglite', () => {
  it('lets autonomous reviewers review where the policy says so, medium risk at most [REVIEW-8]', async () => {
    const reviewers = { chief: 'rules' } as const
    const governor = await openGovernor({
      memory: true,
      reviewers,
      settings: {},
      actions: { 'note.write': { risk: 'medium' } },
    })
    const root = admin(governor)
    const trusted = { maturity: 'autonomous', ownerId: 'paul', capabilities: ['note'] } as const
    await root.agents.register({ id: 'chief', ...trusted })
    await root.agents.register({ id: 'writer', maturity: 'intern', ownerId: 'olga' })
    const writer = governor.as({ workspace: 'default', principal: { kind: 'agent', id: 'writer', roles: [] } })
    const decision = await writer.decide({ agent: 'writer', action: 'note.write', args: {} })
    await root.policies.put({ review: { automatic: true } }, { basedOn: 0, reason: 'a test' })
    await openWorker(governor)
    await until(async () => (await root.reviews.list({ state: 'completed' })).items.length === 1)
    const [review] = (await root.reviews.list()).items
    expect(review).toMatchObject({ by: 'rules', reviewer: 'chief', askedBy: 'system:reviewer', effect: 'none' })
    expect(decision).toMatchObject({ route: 'proposal', proposal: { id: review?.proposalId } })
  })
  advises(() => ({ memory: true }))
  expiresAndVerifies(() => ({ memory: true }))
  runsTraining(() => ({ memory: true }))
  runsApproved(() => ({ memory: true }))

  it('refuses wrong options by name [CONF-1]', async () => {
    const governor = await openGovernor({ memory: true })
    for (const concurrency of [0, 1.5, 257, Number.NaN]) {
      const refused = expect.objectContaining({
        code: 'OPTION_INVALID',
        message: expect.stringContaining('"concurrency"'),
      })
      await expect(createWorker(governor, { concurrency })).rejects.toEqual(refused)
    }
    const refused = expect.objectContaining({ message: expect.stringContaining('"closeWithinMs"') })
    await expect(createWorker(governor, { closeWithinMs: -1 })).rejects.toEqual(refused)
  })
})

describeWithPostgres('worker on postgres', () => {
  const database = useTestDatabase()
  const options = (): GovernorOptions => ({ database: database.url, migrate: true })
  expiresAndVerifies(options)
  runsApproved(options)
  sharesTheWork(options)

  /** Holds what an expiry needs, so that its job runs until it is let go. */
  async function holdExpiry(): Promise<() => Promise<void>> {
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    await client.query('begin; lock table proposals in exclusive mode')
    return () => client.end()
  }

  async function isRunning(governor: EmbeddedGovernor): Promise<boolean> {
    const queue = await (await governor.jobs.backend()).openQueue(governor.jobs.queueName)
    const active = await queue.getJobs(['active'])
    await queue.close()
    return active.some(({ name }) => name === 'expire-proposals')
  }

  async function untilRunning(governor: EmbeddedGovernor): Promise<void> {
    await until(async () => {
      // The same job is not added twice within some seconds.
      await governor.jobs.enqueue('expire-proposals', { workspace: 'default' })
      return isRunning(governor)
    })
  }

  it('lets the running job end before it is closed [JOB-5]', async () => {
    const governor = await openGovernor(options())
    const proposal = await propose(governor)
    const release = await holdExpiry()
    const worker = await openWorker(governor)
    await untilRunning(governor)
    let isClosed = false
    const closed = worker.close().then(() => {
      isClosed = true
    })
    await sleep(300)
    expect(isClosed).toBe(false)
    await release()
    await closed
    expect(await stateOf(governor, proposal)).toBe('expired')
  })

  it('does not wait for it longer than it was told to [JOB-5]', async () => {
    const governor = await openGovernor(options())
    const proposal = await propose(governor)
    const release = await holdExpiry()
    const worker = await openWorker(governor, { closeWithinMs: 200 })
    await untilRunning(governor)
    const asked = performance.now()
    await worker.close()
    expect(performance.now() - asked).toBeLessThan(3_000)
    await release()
    await until(async () => ['pending', 'expired'].includes(await stateOf(governor, proposal)))
  })
})

describeWithRedis('worker on redis', () => {
  describeWithPostgres('and postgres', () => {
    const database = useTestDatabase()

    describe('of its own', () => {
      let redis: Awaited<ReturnType<typeof startRedis>>
      beforeAll(async () => {
        redis = await startRedis({ install: false })
      })
      afterAll(() => redis.stop())
      const options = (): GovernorOptions => ({ database: database.url, migrate: true, redis: redis.url })
      expiresAndVerifies(options)
      runsApproved(options)
      sharesTheWork(options)
    })

    it('gets back by itself what an emptied and a killed Redis lost [I-19, JOB-5]', async () => {
      let redis = await startRedis({ install: false })
      closing.push(() => redis.stop())
      const governor = await openGovernor({ database: database.url, migrate: true, redis: redis.url })
      const first = await propose(governor)
      await openWorker(governor)
      await until(async () => (await stateOf(governor, first)) === 'expired', 45_000)
      await redis.kill()
      const second = await propose(governor)
      redis = await startRedis({ install: false, port: Number(new URL(redis.url).port) })
      await until(async () => (await stateOf(governor, second)) === 'expired', 45_000)
    }, 120_000)
  })
})
