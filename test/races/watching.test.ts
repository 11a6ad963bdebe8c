import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { ChatOpenAI } from '@langchain/openai'
import type { ControlScope, GuardResult } from '@preceptor/client'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { createTestDatabase, describeWithPostgres, type TestDatabase } from '@preceptor/test-setup'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { useVerdicts } from '../langchain/verdict-server.ts'
import { verifies } from '../verifies.ts'

const LEASE_MS = 3_000
const CANARY = /voucher\.issue|contact\.export|note\.update|member\.update|order\.cancel/

describeWithPostgres('a reviewer in one process, an agent in another', () => {
  const model = useVerdicts()
  let database: TestDatabase
  let test: TestGovernor
  let sam: ControlScope
  let reviewer: ChildProcess
  let count = 0

  beforeAll(async () => {
    database = await createTestDatabase()
    test = await createTestGovernor({
      database: database.url,
      settings: { supervisorLeaseMs: LEASE_MS, attachWithinMs: 5_000, deadlineMs: 10_000 },
    })
    sam = test.user('sam', 'supervisor')
    const { agents, policies } = test.admin
    const capabilities = ['note', 'refund']
    const category = 'Support'
    await agents.register({ id: 'judge', maturity: 'autonomous', ownerId: 'paul', category })
    await agents.register({ id: 'intern', maturity: 'intern', ownerId: 'olga', category, capabilities })
    await agents.register({ id: 'bot', maturity: 'supervised', ownerId: 'olga', category, capabilities })
    await policies.put({ supervision: { reviewers: true } }, { basedOn: 0, reason: 'a test' })
    model.say({
      text: ([system, user]) => {
        const action_hash = /"action_hash": "([0-9a-f]{64})"/.exec(system?.content ?? '')?.[1]
        const verdict = CANARY.test(user?.content ?? '') ? 'deny' : 'approve'
        return JSON.stringify({ verdict, action_hash, reasons: ['I have read it.'] })
      },
    })
    await earn()
    reviewer = await startReviewer()
  }, 120_000)
  afterAll(async () => {
    if (reviewer.exitCode === null && reviewer.signalCode === null) reviewer.kill('SIGKILL')
    await test.close()
    await database.drop()
  })

  /** Lets the reviewer agree with people until its verdicts count; bound here for as long as that takes. */
  async function earn(): Promise<void> {
    const configuration = { baseURL: model.url }
    const judge = new ChatOpenAI({ model: 'judge', apiKey: 'none', maxRetries: 0, configuration })
    const unbind = test.governor.registerReviewer({ agent: 'judge' }, { model: judge })
    for (let turn = 0; turn < 28; turn += 1) {
      const asked = { agent: 'intern', action: 'note.write', args: { turn }, idempotencyKey: `earn-${turn}` }
      const decision = await test.agent('intern').decide(asked)
      if (decision.route !== 'proposal') throw new Error(decision.reason)
      const { id, version, actionHash } = decision.proposal
      await sam.proposals.review(id)
      await sam.proposals.approve(id, { version, actionHash })
    }
    unbind()
  }

  async function startReviewer(): Promise<ChildProcess> {
    const file = new URL('./watching.mjs', import.meta.url)
    const started = fork(file, [database.url, model.url, String(LEASE_MS)], { stdio: 'inherit', execArgv: [] })
    await once(started, 'message')
    return started
  }

  function step(action = 'note.write'): Promise<GuardResult<number>> {
    count += 1
    const trigger = { agent: 'bot', action, args: { count }, type: 'agent_message', run: 'the-run' } as const
    return test.agent('bot').guard({ ...trigger, idempotencyKey: `step-${count}` }, () => Date.now())
  }
  const session = async () => (await sam.sessions.list({ agent: 'bot', state: 'active' })).items[0]

  it(verifies(['WATCH-1', 'WATCH-8'], 'lets steps of medium risk begin over HTTP, and none of high risk'), async () => {
    await expect.poll(async () => (await step()).status, { timeout: 20_000 }).toBe('executed')
    expect(await session()).toMatchObject({ supervisorId: 'agent:judge', state: 'running' })
    const asked = model.asked.length
    for (let turn = 0; turn < 5; turn += 1) expect(await step()).toMatchObject({ status: 'executed' })
    expect(model.asked.length).toBeGreaterThanOrEqual(asked + 5)
    // It is renewed for as long as that process lives.
    const { supervisorLeaseExpiresAt: lease } = (await session()) ?? {}
    await expect.poll(() => Date.now() > Date.parse(lease ?? ''), { timeout: 2 * LEASE_MS }).toBe(true)
    const { supervisorLeaseExpiresAt: renewed } = (await session()) ?? {}
    expect(Date.parse(renewed ?? '')).toBeGreaterThan(Date.now())
    expect(await step()).toMatchObject({ status: 'executed' })
    const high = step('refund.create')
    await expect
      .poll(async () => (await session())?.id !== undefined && (await eventsOf()), { timeout: 10_000 })
      .toContain('supervision_session.escalated')
    expect(await high).toMatchObject({ status: 'withheld', decision: { route: 'queue' } })
  }, 60_000)

  async function eventsOf(): Promise<readonly string[]> {
    const { items } = await sam.sessions.events((await session())?.id ?? '')
    return items.map(({ kind }) => kind)
  }

  it(verifies(
    ['WATCH-5', 'I-17'],
    'begins no step after the lease of a reviewer whose process was killed',
  ), async () => {
    await expect.poll(async () => (await step()).status, { timeout: 20_000 }).toBe('executed')
    reviewer.kill('SIGKILL')
    await once(reviewer, 'exit')
    const { id = '', supervisorLeaseExpiresAt } = (await session()) ?? {}
    const lapsedAt = Date.parse(supervisorLeaseExpiresAt ?? '')
    const waiting = step()
    await expect.poll(() => Date.now() > lapsedAt, { timeout: 2 * LEASE_MS }).toBe(true)
    await test.governor.jobs.run('pause-unwatched', {})
    expect(await sam.sessions.get(id)).toMatchObject({ state: 'paused', pausedBy: 'lease', inFlight: 0 })
    const backAt = Date.now()
    expect(await sam.sessions.attach(id)).toMatchObject({ supervisorId: 'sam', state: 'running' })
    const ran = await waiting
    expect(ran.status === 'executed' ? ran.value : 0).toBeGreaterThanOrEqual(backAt)
  }, 60_000)
})
