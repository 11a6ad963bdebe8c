import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { createWorker } from '@preceptor/worker'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { modelAt } from './models.ts'
import { loadRefunds, type RefundCase, type RuleServer, startRuleServer } from './rule-server.ts'
import { openSessionPlane, refundSession, type SessionPlane } from './sessions-harness.ts'

const WORKER = fileURLToPath(new URL('held-session.mjs', import.meta.url))
// Longer than a worker holds a session: twice the time of a model, and some more.
const LEASE_MS = 180_000
const WITHIN = { timeout: 60_000, interval: 20 }
// Processes are started and killed here, which a busy machine takes its time for.
const PATIENCE_MS = 120_000

describeWithPostgres('learning sessions of several processes', () => {
  const database = useTestDatabase()
  let server: RuleServer
  let period: RefundCase
  let one: SessionPlane
  let two: SessionPlane

  beforeAll(async () => {
    const [first] = (await loadRefunds()).REFUND_CASES
    if (first === undefined) throw new Error('There are no cases.')
    period = first
    server = await startRuleServer()
    const open = (name: string) =>
      openSessionPlane(null, {
        database: database.url,
        migrate: true,
        learning: { improver: modelAt(server, name), cache: false },
      })
    one = await open('one')
    two = await open('two')
  })
  afterEach(() => {
    server.setLatency(0)
    server.forgetCalls()
  })
  afterAll(async () => {
    await one?.governor.close()
    await two?.governor.close()
    await server?.close()
  })

  it(
    'that a killed process held are finished by another one, once [LEARN-5]',
    async () => {
      const { id } = await one.admin.sessions.start(refundSession(period, { mode: 'batch' }))
      server.setLatency(20_000)
      const settings = JSON.stringify({ database: database.url, model: server.url, session: id })
      const child: ChildProcess = spawn(process.execPath, [WORKER, settings], { stdio: 'inherit' })
      const gone = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)))
      await vi.waitFor(() => expect(server.calls).toHaveLength(1), WITHIN)
      child.kill('SIGKILL')
      expect(await gone).toBe('SIGKILL')
      server.setLatency(0)
      expect(await one.admin.sessions.get(id)).toMatchObject({ state: 'running' })
      // Nobody takes it while its worker may live.
      await two.work()
      expect(await one.admin.sessions.get(id)).toMatchObject({ state: 'running' })
      for (const plane of [one, two]) plane.pass(LEASE_MS)
      await Promise.all([one.work(), two.work()])
      const session = await one.admin.sessions.get(id)
      expect(session).toMatchObject({ state: 'completed', improvedResponse: period.right })
      expect(await one.told(id)).toEqual(['learning_session.created', 'learning_session.completed'])
    },
    PATIENCE_MS,
  )

  it(
    'end once when a worker comes back that was taken for dead [LEARN-5]',
    async () => {
      const { id } = await one.admin.sessions.start(refundSession(period, { mode: 'batch' }))
      server.setLatency(300)
      const late = one.governor.jobs.run('learning-session', { workspace: 'default', id })
      await vi.waitFor(() => expect(server.calls).toHaveLength(1), WITHIN)
      // The other one is slower, so that the first is back while it still works.
      server.setLatency(800)
      two.pass(LEASE_MS)
      const taken = two.governor.jobs.run('learning-session', { workspace: 'default', id })
      await late
      await taken
      const ended = await two.admin.sessions.get(id)
      expect(ended).toMatchObject({ state: 'completed', model: 'model:two' })
      expect(await one.admin.sessions.get(id)).toEqual(ended)
      expect(await one.told(id)).toEqual(['learning_session.created', 'learning_session.completed'])
      one.pass(LEASE_MS)
    },
    PATIENCE_MS,
  )

  it(
    'fail for good when every worker that takes them is gone',
    async () => {
      const { id } = await one.admin.sessions.start(refundSession(period, { mode: 'batch' }))
      server.setLatency(1_000)
      const lost: Promise<unknown>[] = []
      for (let taken = 1; taken <= 3; taken += 1) {
        lost.push(one.governor.jobs.run('learning-session', { workspace: 'default', id }))
        await vi.waitFor(() => expect(server.calls).toHaveLength(taken), WITHIN)
        for (const plane of [one, two]) plane.pass(LEASE_MS)
      }
      await two.governor.jobs.run('learning-session', { workspace: 'default', id })
      expect(await two.admin.sessions.get(id)).toMatchObject({
        state: 'failed',
        failure: 'It was tried too often: each worker that took it was gone before it ended.',
      })
      await Promise.all(lost)
      expect(await one.admin.sessions.get(id)).toMatchObject({ state: 'failed' })
    },
    PATIENCE_MS,
  )

  it(
    'of one batch are shared by two workers, each done once',
    async () => {
      server.setLatency(50)
      const ids: string[] = []
      for (let made = 0; made < 16; made += 1) {
        const request = { mode: 'batch', agentType: 'shared', context: `${period.task} ${made}` } as const
        ids.push((await one.admin.sessions.start(refundSession(period, request))).id)
      }
      const workers = await Promise.all([one, two].map(({ governor }) => createWorker(governor, { concurrency: 2 })))
      try {
        await vi.waitFor(async () => {
          const { items } = await one.admin.sessions.list({ agentType: 'shared', state: 'completed', limit: 100 })
          expect(items).toHaveLength(ids.length)
        }, WITHIN)
      } finally {
        await Promise.all(workers.map((worker) => worker.close()))
      }
      const { items } = await one.admin.sessions.list({ agentType: 'shared', limit: 100 })
      expect(new Set(items.map(({ model }) => model))).toEqual(new Set(['model:one', 'model:two']))
      const improved = server.calls.filter(({ prompt }) => prompt.system.startsWith('You correct the answer'))
      expect(improved).toHaveLength(ids.length)
      for (const id of ids) {
        expect(await one.told(id)).toEqual(['learning_session.created', 'learning_session.completed'])
      }
    },
    PATIENCE_MS,
  )
})
