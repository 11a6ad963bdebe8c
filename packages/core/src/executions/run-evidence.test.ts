import type { ConfidenceEntry, GuardCall, Trigger } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../database/open-database.ts'
import { inWorkspace } from '../database/transaction.ts'
import { createTestGovernor, TEST_ACTIONS, type TestGovernor } from '../testing/test-governor.ts'

let database: Database
let test: TestGovernor
let agents = 0
let offset = 0

beforeAll(async () => {
  database = await openDatabase({ memory: true })
  const clock = { now: () => Date.now() + offset, monotonic: () => performance.now() }
  const actions = { ...TEST_ACTIONS, 'mail.send': { risk: 'high' } } as const
  test = await createTestGovernor({ database: database.pool, actions, clock })
  const { version } = await test.admin.policies.current()
  const document = { actions: { 'ledger.close': { ceiling: 'supervised' } }, shadow: ['mail'] } as const
  await test.admin.policies.put(document, { basedOn: version, reason: 'a test' })
})
afterAll(async () => {
  await test.close()
  await database.close()
})

async function newAgent(maturity: 'intern' | 'supervised' | 'autonomous' = 'autonomous'): Promise<string> {
  agents += 1
  await test.register(`runner-${agents}`, maturity)
  return `runner-${agents}`
}

const attempt = (agent: string, extra: Partial<Trigger> = {}): Trigger => ({
  agent,
  action: 'refund.create',
  args: {},
  ...extra,
})

/** What was counted of an agent beside its opening, the newest first. */
async function counted(agent: string): Promise<readonly ConfidenceEntry[]> {
  await test.governor.jobs.run('count-evidence', { workspace: 'default' })
  return (await test.admin.agents.confidence(agent)).items.slice(0, -1)
}

const deltas = async (agent: string) => (await counted(agent)).map(({ requested }) => requested)

async function fail(trigger: Trigger, error: unknown): Promise<void> {
  const run = (_call: GuardCall) => Promise.reject(error)
  await expect(test.agent(trigger.agent).guard(trigger, run)).rejects.toBe(error)
}

const away = () => Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } })

describe('a run on the agent’s own is evidence', () => {
  it('of 25 basis points where it succeeded, and of 200 against it where it failed [EVID-5]', async () => {
    const agent = await newAgent()
    const result = await test.agent(agent).guard(attempt(agent), () => 'done')
    expect(result).toMatchObject({ status: 'executed' })
    await fail(attempt(agent), new Error('No such order.'))
    expect(await counted(agent)).toMatchObject([
      { kind: 'run', requested: -200, confidence: 8_825, actor: 'system:executions' },
      { kind: 'run', requested: 25, confidence: 9_025 },
    ])
  })

  it('but for what failed around it [EVID-4]', async () => {
    const agent = await newAgent()
    await fail(attempt(agent), away())
    expect(await counted(agent)).toMatchObject([{ kind: 'run', requested: 0 }])
    expect((await detectorOf(agent)) ?? 'none').toBe('none')
    await fail(attempt(agent), new Error('No such order.'))
    await counted(agent)
    expect(await detectorOf(agent)).not.toBeNull()
  })

  it('and counts once for an attempt, which the network does not stand in the way of [EVID-4, EVID-5]', async () => {
    const agent = await newAgent()
    const again = attempt(agent, { action: 'refund.retry', idempotencyKey: 'again' })
    await fail(again, away())
    await fail(again, away())
    expect(await test.agent(agent).guard(again, () => 'done')).toMatchObject({ status: 'executed' })
    expect(await deltas(agent)).toEqual([25, 0, 0])
    const failing = attempt(agent, { action: 'refund.retry', idempotencyKey: 'failing' })
    await fail(failing, new Error('No such order.'))
    await test.agent(agent).guard(failing, () => 'done')
    expect(await deltas(agent)).toEqual([-200, 25, 0, 0])
  })

  it('where only the agent tells of it, against the agent alone [EVID-3, I-12]', async () => {
    const agent = await newAgent()
    const tell = async (outcome: Parameters<typeof test.admin.report>[1]): Promise<void> => {
      const decision = await test.agent(agent).decide(attempt(agent), { claim: true })
      await test.agent(agent).report(decision.id, outcome)
    }
    await tell({ status: 'succeeded', value: 'done', stored: true })
    expect(await counted(agent)).toEqual([])
    await tell({ status: 'failed', message: 'The network was away.', infrastructure: true })
    expect(await deltas(agent)).toEqual([-200])
  })
})

describe('a run is no evidence', () => {
  const ran = async (trigger: Trigger): Promise<readonly ConfidenceEntry[]> => {
    expect(await test.agent(trigger.agent).guard(trigger, () => 'done')).toMatchObject({ status: 'executed' })
    return counted(trigger.agent)
  }

  it('where it is safe: reading shows nothing [EVID-5]', async () => {
    expect(await ran(attempt(await newAgent(), { action: 'order.read' }))).toEqual([])
  })

  it('of an agent that is not autonomous, here [EVID-5]', async () => {
    expect(await ran(attempt(await newAgent('supervised'), { action: 'note.write' }))).toEqual([])
    const delegated = attempt(await newAgent(), { action: 'note.write', delegation: [await newAgent('supervised')] })
    expect(await ran(delegated)).toEqual([])
  })

  it('where the policy only watches [EVID-5]', async () => {
    expect(await ran(attempt(await newAgent('intern'), { action: 'mail.send' }))).toEqual([])
  })

  it('where a person sets it off [EVID-5]', async () => {
    const agent = await newAgent()
    expect(await test.user('cy', 'supervisor').guard(attempt(agent), () => 'done')).toMatchObject({
      status: 'executed',
    })
    expect(await counted(agent)).toEqual([])
  })

  it('under a grant [EVID-5]', async () => {
    const agent = await newAgent('intern')
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString()
    const grant = { agent, action: 'refund.create', uses: 1, expiresAt, reason: 'a test' }
    await test.user('ana', 'supervisor').grants.create({ ...grant, matcher: { args: {} } })
    expect(await ran(attempt(agent))).toEqual([])
  })

  it('where nobody knows what came of it [EVID-5]', async () => {
    const agent = await newAgent()
    const decision = await test.agent(agent).decide(attempt(agent), { claim: true })
    offset += 3_600_000
    await test.governor.jobs.run('settle-lost-executions', { workspace: 'default' })
    expect((await test.admin.decisions.get(decision.id)).execution).toMatchObject({ state: 'outcome_unknown' })
    expect(await counted(agent)).toEqual([])
  })
})

describe('what a claim may earn', () => {
  it('is settled when it is made, by the database itself [EVID-5, DB-13]', async () => {
    const agent = await newAgent('supervised')
    await test.agent(agent).decide(attempt(agent, { action: 'note.write' }), { claim: true })
    const forge = inWorkspace(database, { workspace: 'default' }, (tx) =>
      tx.db.execute(sql`update executions set earns = '*' where agent_id = ${agent}`),
    )
    await expect(forge).rejects.toThrow(/append-only/)
  })
})

async function detectorOf(agent: string): Promise<unknown> {
  const { rows } = await inWorkspace(database, { workspace: 'default' }, (tx) =>
    tx.db.execute(sql`select detector from maturity_records where agent_id = ${agent}`),
  )
  return rows[0]?.detector
}
