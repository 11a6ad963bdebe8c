import { createGovernor, type EmbeddedGovernor, type GovernorOptions } from '@preceptor/core'
import type { GovernorPlugin, PluginHost, PluginJob, PluginWork } from '@preceptor/core/plugin'
import { describeWithPostgres, describeWithRedis, startRedis, useTestDatabase } from '@preceptor/test-setup'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { createWorker } from './create-worker.ts'

const WITHIN = { timeout: 30_000, interval: 20 }
const WORK = { workspace: 'default', id: 'one', key: 'once' }
const closing: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

interface Slow {
  readonly plugin: GovernorPlugin
  readonly ran: PluginWork[]
  readonly host: () => PluginHost
}

/** A plugin with one long job. */
function slowPlugin(more: Partial<PluginJob> = {}): Slow {
  const ran: PluginWork[] = []
  let opened: PluginHost | undefined
  const think: PluginJob = { isLong: true, find: async () => [], run: async (work) => void ran.push(work), ...more }
  return {
    ran,
    host: () => opened as PluginHost,
    plugin: {
      port: { name: 'slow', connect: () => ({}) },
      permissions: {},
      migrations: [],
      open(host) {
        opened = host
        return { scope: () => ({}), jobs: { think } }
      },
    },
  }
}

async function open(options: GovernorOptions, plugin: GovernorPlugin): Promise<EmbeddedGovernor> {
  const governor = await createGovernor({
    actions: { 'refund.create': { risk: 'high' } },
    settings: { proposalTtlMs: 1 },
    report: () => undefined,
    ...options,
    plugins: [plugin],
  })
  closing.push(() => governor.close())
  return governor
}

async function work(governor: EmbeddedGovernor, closeWithinMs = 10_000): Promise<void> {
  const worker = await createWorker(governor, { concurrency: 1, closeWithinMs })
  closing.push(() => worker.close())
}

/** Lets an intern propose something that has expired at once; gives how to look at it. */
async function propose(governor: EmbeddedGovernor): Promise<() => Promise<string>> {
  const agent = `bot-${performance.now()}`
  const admin = governor.as({ workspace: 'default', principal: { kind: 'user', id: 'root', roles: ['admin'] } })
  await admin.agents.register({ id: agent, maturity: 'intern' })
  const scope = governor.as({ workspace: 'default', principal: { kind: 'agent', id: agent, roles: [] } })
  const decision = await scope.decide({ agent, action: 'refund.create', args: {} })
  if (decision.route !== 'proposal') throw new Error(decision.reason)
  return async () => (await admin.proposals.get(decision.proposal.id)).state
}

/** A run that goes on until a test lets it end. */
function held() {
  let release: () => void = () => undefined
  const ended = new Promise<void>((resolve) => {
    release = resolve
  })
  const begun: PluginWork[] = []
  const run = (one: PluginWork): Promise<void> => {
    begun.push(one)
    return ended
  }
  return { begun, run, end: () => release() }
}

function keepsItsPlace(options: () => GovernorOptions): void {
  it('expires proposals while a long job has its only place, and lets that end before it closes [JOB-1, JOB-5, PLUG-2]', async () => {
    const long = held()
    let isDone = false
    const run = async (one: PluginWork) => {
      await long.run(one)
      isDone = true
    }
    const slow = slowPlugin({ run })
    const governor = await open(options(), slow.plugin)
    const worker = await createWorker(governor, { concurrency: 1 })
    closing.push(() => worker.close())
    expect(await slow.host().enqueue('think', WORK)).toBe(true)
    await vi.waitFor(() => expect(long.begun).toHaveLength(1), WITHIN)
    const state = await propose(governor)
    await vi.waitFor(async () => expect(await state()).toBe('expired'), { ...WITHIN, timeout: 45_000 })
    expect(isDone).toBe(false)
    const closed = worker.close()
    long.end()
    await closed
    expect(isDone).toBe(true)
  }, 60_000)

  it('waits for a long job no longer than it was told to [JOB-5]', async () => {
    const long = held()
    const slow = slowPlugin({ run: long.run })
    const governor = await open(options(), slow.plugin)
    const worker = await createWorker(governor, { concurrency: 1, closeWithinMs: 200 })
    await slow.host().enqueue('think', { ...WORK, key: 'held' })
    await vi.waitFor(() => expect(long.begun).toHaveLength(1), WITHIN)
    const asked = performance.now()
    await worker.close()
    expect(performance.now() - asked).toBeLessThan(9_000)
    long.end()
  }, 60_000)
}

function leavesItElsewhere(options: () => GovernorOptions): void {
  it('leaves what is done elsewhere to a process that does it, also where it found its work by itself [PLUG-2]', async () => {
    const looked = vi.fn(async () => [])
    const idle = slowPlugin({ isElsewhere: true, isPrompt: true, isReconciled: true, find: looked })
    await work(await open(options(), idle.plugin))
    const ran: PluginWork[] = []
    const due = { workspace: 'default', id: 'due', key: `due-${performance.now()}` }
    const busy = slowPlugin({
      isPrompt: true,
      isReconciled: true,
      find: async () => (ran.some(({ id }) => id === 'due') ? [] : [due]),
      run: async (one) => void ran.push(one),
    })
    expect(await idle.host().enqueue('think', { ...WORK, key: `once-${performance.now()}` })).toBe(true)
    await work(await open(options(), busy.plugin))
    await vi.waitFor(() => expect(new Set(ran.map(({ id }) => id))).toEqual(new Set(['one', 'due'])), WITHIN)
    expect(idle.ran).toEqual([])
    expect(looked).not.toHaveBeenCalled()
  }, 60_000)
}

describe('a worker with long jobs on pglite', () => {
  keepsItsPlace(() => ({ memory: true }))

  it('refuses a plugin whose job is elsewhere and not long [PLUG-1]', async () => {
    const { plugin } = slowPlugin({ isLong: false, isElsewhere: true })
    await expect(open({ memory: true }, plugin)).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  })
})

describeWithPostgres('a worker with long jobs on postgres', () => {
  const database = useTestDatabase()
  const options = (): GovernorOptions => ({ database: database.url, migrate: true })
  keepsItsPlace(options)
  leavesItElsewhere(options)
})

describeWithRedis('a worker with long jobs on redis', () => {
  describeWithPostgres('and postgres', () => {
    const database = useTestDatabase()
    let redis: Awaited<ReturnType<typeof startRedis>>
    beforeAll(async () => {
      redis = await startRedis({ install: false })
    })
    afterAll(() => redis.stop())
    const options = (): GovernorOptions => ({ database: database.url, migrate: true, redis: redis.url })
    keepsItsPlace(options)
    leavesItElsewhere(options)
  })
})
