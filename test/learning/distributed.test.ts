import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createGovernor, type EmbeddedGovernor } from '@preceptor/core'
import { createLearning, type LearningOperations, learning } from '@preceptor/learning'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { loadRefunds, type RefundCase, type RuleServer, startRuleServer } from './rule-server.ts'

const BATCH = 24
const AT_ONCE = 2
const LATENCY_MS = 150
const PATIENCE_MS = 60_000
const LOOK_MS = 50

describeWithPostgres('a batch of learning sessions', () => {
  const database = useTestDatabase()
  const children: ChildProcess[] = []
  let model: RuleServer
  let cases: readonly RefundCase[]
  let governor: EmbeddedGovernor
  let sessions: LearningOperations['sessions']
  let batches = 0

  beforeAll(async () => {
    cases = (await loadRefunds()).REFUND_CASES
    model = await startRuleServer({ latencyMs: LATENCY_MS })
    governor = await createGovernor({
      database: database.url,
      migrate: true,
      plugins: [createLearning({ automatic: false })],
      report: () => undefined,
    })
    const admin = governor.as({ workspace: 'default', principal: { kind: 'user', id: 'ada', roles: ['admin'] } })
    sessions = admin.plugin(learning).sessions
  })
  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  })
  afterAll(async () => {
    await governor?.close()
    await model?.close()
  })

  /** Processes that are ready, and begin when they are told to. */
  async function startWorkers(names: readonly string[]): Promise<readonly ChildProcess[]> {
    const started = names.map(async (name) => {
      const args = [database.url, model.url, name, String(AT_ONCE)]
      // Without the runner's own conditions: the process uses what was built.
      const child = fork(new URL('./session-worker.mjs', import.meta.url), args, { stdio: 'inherit', execArgv: [] })
      children.push(child)
      await Promise.race([
        once(child, 'message'),
        once(child, 'exit').then(([code]) => Promise.reject(new Error(`${name} ended early with ${code}.`))),
      ])
      return child
    })
    return Promise.all(started)
  }

  /** Leaves a batch to workers; gives the ids. */
  async function leave(): Promise<readonly string[]> {
    batches += 1
    const ids: string[] = []
    for (let index = 0; index < BATCH; index += 1) {
      const { task, wrong, right } = cases[index % cases.length] as RefundCase
      const about = { agentType: 'generic', format: 'conversation', mode: 'batch' } as const
      const context = `Batch ${batches}, customer ${index + 1}: ${task}`
      ids.push((await sessions.start({ ...about, context, originalResponse: wrong, correction: right })).id)
    }
    return ids
  }

  async function untilCompleted(ids: readonly string[]): Promise<void> {
    const open = new Set(ids)
    for (const end = performance.now() + PATIENCE_MS; performance.now() < end; ) {
      const { items } = await sessions.list({ state: 'completed', limit: 100 })
      for (const { id } of items) open.delete(id)
      if (open.size === 0) return
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
    throw new Error(`${open.size} sessions were not completed.`)
  }

  /** Has processes do a batch; gives how long it took, and what each of them did. */
  async function done(names: readonly string[]) {
    const workers = await startWorkers(names)
    const ids = await leave()
    model.forgetCalls()
    const from = performance.now()
    for (const worker of workers) worker.send({ start: true })
    await untilCompleted(ids)
    const ms = performance.now() - from
    for (const worker of workers) {
      worker.send({ close: true })
      await once(worker, 'exit')
    }
    const corrected = model.calls.filter(({ rule }) => rule === 'improve').map(({ prompt }) => prompt)
    return { ids, ms, corrected, by: (name: string) => corrected.filter((prompt) => prompt.model === name).length }
  }

  it(
    verifies('LEARN-5', 'is shared by two processes, and each session is done once'),
    async () => {
      const alone = await done(['worker-alone'])
      expect(alone.by('worker-alone')).toBe(BATCH)
      const both = await done(['worker-a', 'worker-b'])
      // The model was asked to correct each answer once, whichever process did it.
      expect(both.corrected).toHaveLength(BATCH)
      expect(new Set(both.corrected.map(({ user }) => user)).size).toBe(BATCH)
      expect(both.by('worker-a')).toBeGreaterThan(0)
      expect(both.by('worker-b')).toBeGreaterThan(0)
      const admin = governor.as({ workspace: 'default', principal: { kind: 'user', id: 'ada', roles: ['admin'] } })
      for (const id of both.ids) {
        const { items } = await admin.journal.list({ subject: id })
        expect(items.map(({ kind }) => kind).sort()).toEqual(['learning_session.completed', 'learning_session.created'])
      }
      // Told and not asserted: on a busy machine processes wait for the processor rather than for the model.
      const rate = ({ ms }: { readonly ms: number }): number => (BATCH * 1_000) / ms
      const ratio = rate(both) / rate(alone)
      const shares = `${both.by('worker-a')} and ${both.by('worker-b')}`
      process.stdout.write(
        `sessions a second: ${rate(alone).toFixed(1)} by one process, ${rate(both).toFixed(1)} by two (${shares}): ${ratio.toFixed(2)}x\n`,
      )
    },
    3 * PATIENCE_MS,
  )
})
