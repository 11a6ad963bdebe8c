import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createGovernor, type EmbeddedGovernor } from '@preceptor/core'
import { createOrchestration, orchestration, type WorkflowDefinition } from '@preceptor/orchestration'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Oracle, openOracle } from './oracle.ts'

const PROGRAM = new URL('./workflow-process.mjs', import.meta.url)
const RUNS = 1_000
const STEPS = 5
const AT_ONCE = 8
const EFFECTS = ['keep', 'send', 'last'] as const

const args = (step: string) => ({ run: { $cel: 'input.name' }, step })

/** Three agent steps with an effect each, a condition and a transform. */
const DEFINITION: WorkflowDefinition = {
  name: 'Five steps',
  agent: 'worker-bot',
  steps: [
    { id: 'keep', type: 'agent', action: 'note.keep', args: args('keep') },
    {
      id: 'which',
      type: 'condition',
      branches: [{ when: 'steps.keep.step == "keep"', next: 'send' }],
      otherwise: 'end',
    },
    { id: 'send', type: 'agent', action: 'mail.post', args: args('send') },
    { id: 'make', type: 'transform', value: { sent: { $cel: 'steps.send.run' } } },
    { id: 'last', type: 'agent', action: 'mail.post', args: args('last') },
  ],
}

describeWithPostgres('many runs on two workers', () => {
  const database = useTestDatabase()
  const workers: ChildProcess[] = []
  let oracle: Oracle
  let client: pg.Client
  let governor: EmbeddedGovernor

  beforeAll(async () => {
    oracle = await openOracle()
    governor = await createGovernor({
      database: database.url,
      migrate: true,
      actions: {
        'note.keep': { risk: 'medium', idempotent: true },
        'mail.post': { risk: 'medium' },
      },
      plugins: [createOrchestration()],
      settings: { deadlineMs: 10_000 },
      report: () => undefined,
    })
    client = new pg.Client({ connectionString: database.url })
    await client.connect()
  })
  afterAll(async () => {
    for (const worker of workers) worker.kill('SIGKILL')
    await client?.end()
    await governor?.close()
    await oracle?.close()
  })

  const count = async (where: string): Promise<number> => {
    const { rows } = await client.query(`select count(*)::int as count from ${where}`)
    return rows[0].count
  }

  it(`are all completed, with every effect once: ${RUNS} of ${STEPS} steps`, async () => {
    const admin = governor.as({ workspace: 'default', principal: { kind: 'user', id: 'ana', roles: ['admin'] } })
    await admin.agents.register({ id: 'worker-bot', maturity: 'autonomous', ownerId: 'system' })
    const { workflows, runs } = admin.plugin(orchestration)
    const { id } = await workflows.create(DEFINITION)
    for (let index = 0; index < 2; index += 1) {
      const options = JSON.stringify({ database: database.url, oracle: oracle.url, concurrency: 10 })
      const worker = fork(PROGRAM, [options], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
      workers.push(worker)
      await once(worker, 'message')
    }
    const from = performance.now()
    const names = Array.from({ length: RUNS }, (_, index) => `run${index}`)
    const start = async (): Promise<void> => {
      for (let name = names.pop(); name !== undefined; name = names.pop()) await runs.execute(id, { input: { name } })
    }
    await Promise.all(Array.from({ length: AT_ONCE }, start))
    const begun = performance.now()
    for (const worker of workers) worker.send({})
    const isDone = async () => count(`workflow_runs where state in ('running', 'waiting')`)
    await expect.poll(isDone, { timeout: 500_000, interval: 500 }).toBe(0)
    const now = performance.now()
    const seconds = (now - begun) / 1_000
    process.stdout.write(
      `${RUNS} runs of ${STEPS} steps were begun in ${((begun - from) / 1_000).toFixed(1)} s and done by two workers in ` +
        `${seconds.toFixed(1)} s: ${(RUNS / seconds).toFixed(1)} runs/s, ${((RUNS * STEPS) / seconds).toFixed(0)} steps/s\n`,
    )
    expect(await count(`workflow_runs where state = 'completed'`)).toBe(RUNS)
    expect(await count(`workflow_steps where state = 'succeeded'`)).toBe(RUNS * STEPS)
    expect(await count('workflow_steps')).toBe(RUNS * STEPS)
    expect(oracle.effects).toHaveLength(RUNS * EFFECTS.length)
    const each = new Set(oracle.effects.map(({ run, step }) => `${run} ${step}`))
    expect(each.size).toBe(RUNS * EFFECTS.length)
    const keys = new Set(oracle.effects.map(({ key }) => key))
    expect(keys.size).toBe(RUNS * EFFECTS.length)
    expect(new Set(oracle.effects.map(({ worker }) => worker)).size).toBe(2)
  }, 600_000)
})
