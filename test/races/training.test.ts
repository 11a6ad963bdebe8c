import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { TrainingSession } from '@preceptor/client'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { createTestDatabase, describeWithPostgres, type TestDatabase } from '@preceptor/test-setup'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'

/** Another process that can ask the agent, and what it asked. */
interface Other {
  readonly child: ChildProcess
  readonly asked: string[]
}

const NOWHERE = 'no-scenario'
// How long an answer may take, and after that its runner is missed; the machine may be busy.
const LONG_MS = 20_000
const SHORT_MS = 1_000

describeWithPostgres('a training session of which several processes can ask the agent', () => {
  let database: TestDatabase
  let test: TestGovernor
  const others: Other[] = []

  beforeEach(async () => {
    database = await createTestDatabase()
    test = await createTestGovernor({ database: database.url })
    await test.admin.agents.register({ id: 'pupil', ownerId: 'olga', category: 'Finance' })
  })
  afterEach(async () => {
    for (const { child } of others.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    await test.close()
    await database.drop()
  })

  async function start({ hangsAt = NOWHERE, patience = LONG_MS } = {}): Promise<Other> {
    // Without the runner's own conditions: the process uses what was built.
    const script = new URL('./trainee.mjs', import.meta.url)
    const child = fork(script, [database.url, hangsAt, String(patience)], { stdio: 'inherit', execArgv: [] })
    const other: Other = { child, asked: [] }
    others.push(other)
    await new Promise<void>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`The process ended early with ${code}.`)))
      child.on('message', (message: { readonly ready?: true; readonly asked?: string }) => {
        if (message.ready === true) resolve()
        if (message.asked !== undefined) other.asked.push(message.asked)
      })
    })
    child.removeAllListeners('exit')
    return other
  }

  async function schedule(): Promise<TrainingSession> {
    const decision = await test.agent('pupil').decide({ agent: 'pupil', action: 'refund.create', args: {} })
    if (decision.route !== 'training') throw new Error(decision.reason)
    const { sessionId } = await test.admin.trainingProposals.approve(decision.trainingProposal.id)
    return test.admin.trainingSessions.get(sessionId ?? '')
  }

  async function untilCompleted(id: string): Promise<void> {
    const stateOf = async () => (await test.admin.trainingSessions.get(id)).state
    await expect.poll(stateOf, { timeout: 20_000, interval: 50 }).toBe('completed')
  }

  it(verifies(['TRAIN-5', 'TRAIN-7'], 'asks each scenario once and is completed once, with five of them'), async () => {
    await Promise.all(Array.from({ length: 5 }, () => start()))
    const session = await schedule()
    await untilCompleted(session.id)
    const asked = others.flatMap((other) => other.asked)
    expect(asked).toHaveLength(session.progress.of)
    expect(new Set(asked).size).toBe(asked.length)
    const { items } = await test.admin.journal.list({ subject: session.id })
    const count = (kind: string): number => items.filter((item) => item.kind === kind).length
    expect(count('training_session.started')).toBe(1)
    expect(count('training_session.completed')).toBe(1)
    expect(count('training_session.progressed')).toBe(2 * session.progress.of)
  }, 60_000)

  it(verifies('TRAIN-7', 'goes on after its process was killed, and never asks again what was answered'), async () => {
    const session = await schedule()
    const [first, second] = (await test.admin.trainingSessions.get(session.id)).scenarios
    const killed = await start({ hangsAt: second?.scenario ?? '', patience: SHORT_MS })
    await expect.poll(() => killed.asked.length, { timeout: 10_000 }).toBe(2)
    killed.child.kill('SIGKILL')
    await once(killed.child, 'exit')
    const left = await test.admin.trainingSessions.get(session.id)
    expect(left).toMatchObject({ state: 'in_progress', progress: { answered: 1 } })
    expect(left.scenarios[0]).toMatchObject({ answer: { scenario: first?.scenario }, attempts: 1 })
    const heir = await start()
    await untilCompleted(session.id)
    expect(heir.asked).not.toContain(first?.scenario)
    expect(heir.asked[0]).toBe(second?.scenario)
    const { scenarios } = await test.admin.trainingSessions.get(session.id)
    expect(scenarios.map(({ attempts }) => attempts)).toEqual(scenarios.map((_, index) => (index === 1 ? 2 : 1)))
  }, 60_000)
})
