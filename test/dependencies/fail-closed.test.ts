import { setTimeout as delay } from 'node:timers/promises'
import type { Decision } from '@preceptor/client'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { createTestDatabase, describeWithPostgres, type TestDatabase } from '@preceptor/test-setup'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { createFaultyPool, damages, type Fault, type FaultyPool, hangs, only, throws } from './faulty-pool.ts'

// The deadline of a decision, and what a loaded machine may add to it.
const WITHIN_MS = 2_000 + 1_500

interface Denial {
  readonly decision: Decision
  readonly took: number
  readonly ran: boolean
}

async function attempt(test: TestGovernor, action: string): Promise<Denial> {
  let ran = false
  const started = performance.now()
  const result = await test.agent('bot').guard({ agent: 'bot', action, args: {} }, () => {
    ran = true
  })
  return { decision: result.decision, took: performance.now() - started, ran }
}

function expectDenied({ decision, took, ran }: Denial): void {
  expect(decision).toMatchObject({ route: 'denied', code: expect.stringMatching(/^[A-Z_]+$/) })
  expect(ran).toBe(false)
  expect(took).toBeLessThan(WITHIN_MS)
}

describeWithPostgres('every dependency that fails denies', () => {
  let database: TestDatabase
  let faulty: FaultyPool
  let test: TestGovernor

  beforeAll(async () => {
    database = await createTestDatabase()
    faulty = createFaultyPool(database.url)
    test = await createTestGovernor({ database: faulty.pool })
    await test.register('bot', 'autonomous')
  })
  afterAll(async () => {
    faulty.meet(undefined)
    faulty.meetConnect(undefined)
    await test.close()
    await faulty.pool.end()
    await database.drop()
  })

  async function opensAgain(): Promise<void> {
    faulty.meet(undefined)
    faulty.meetConnect(undefined)
    await expect
      .poll(async () => (await attempt(test, 'note.write')).decision.route, { timeout: 8_000 })
      .toBe('execution')
  }

  const faults: Record<string, Fault> = {
    'the store throws': throws,
    'the store hangs': hangs,
    'the facts throw': only('m.confidence', throws),
    'the facts hang': only('m.confidence', hangs),
    'the stops throw': only('from stops', throws),
    'the claim throws': only('insert into executions', throws),
    'the claim hangs': only('insert into executions', hangs),
    'the journal throws': only('into journal', throws),
    'the journal hangs': only('into journal', hangs),
    'the commit throws': only('commit', throws),
    'the commit hangs': only('commit', hangs),
    'a statement answers with nothing': only('m.confidence', async (_, answer) => ({ ...(await answer()), rows: [] })),
    'a statement answers with rows of nulls': damages((row) => {
      for (const key of Object.keys(row)) row[key] = null
    }),
    'confidence is null': damages((row) => (row.confidence = null)),
    'confidence is NaN': damages((row) => (row.confidence = Number.NaN)),
    'confidence is -1': damages((row) => (row.confidence = -1)),
    'confidence is 10001': damages((row) => (row.confidence = 10_001)),
    'confidence is 1.5': damages((row) => (row.confidence = 1.5)),
    'confidence is text': damages((row) => (row.confidence = '9000')),
    'maturity is unknown': damages((row) => (row.maturity = 'godlike')),
    'maturity is a name of every object': damages((row) => (row.maturity = 'constructor')),
    'lifecycle is unknown': damages((row) => (row.lifecycle = 'running')),
    'epoch is null': damages((row) => (row.epoch = null)),
    'epoch is 0': damages((row) => (row.epoch = '0')),
    'fingerprint is text': damages((row) => (row.fingerprint = 'x')),
    'what it earned is text': damages((row) => (row.earned = 'x')),
    'what it earned is an unknown level': damages(
      (row) => (row.earned = [{ capability: 'note', maturity: 'godlike', confidence: 9_000 }]),
    ),
    'what it earned is no confidence': damages(
      (row) => (row.earned = [{ capability: 'note', maturity: 'autonomous', confidence: 10_001 }]),
    ),
  }

  it.each(Object.entries(faults))(`${verifies('I-1', 'when')} %s`, async (_, fault) => {
    faulty.meet(fault)
    expectDenied(await attempt(test, 'note.write'))
    await opensAgain()
  })

  it.each([
    ['throws', () => Promise.reject(new Error('too many clients'))],
    ['hangs', () => new Promise<never>(() => undefined)],
  ])(`${verifies('I-1', 'when asking for a connection')} %s`, async (_, fault) => {
    faulty.meetConnect(fault)
    expectDenied(await attempt(test, 'note.write'))
    await opensAgain()
  })

  it(verifies(['I-1', 'GUARD-4'], 'a safe action too, once what is known is a second old'), async () => {
    expect((await attempt(test, 'order.read')).decision.route).toBe('execution')
    faulty.meet(throws)
    await delay(1_100)
    expectDenied(await attempt(test, 'order.read'))
    await opensAgain()
  })

  it(verifies(['I-1', 'POL-3'], 'when the stored policy is damaged'), async () => {
    const owner = new pg.Client(database.url)
    await owner.connect()
    await owner.query(
      `insert into policies values ('default', 1, '{"matrix": {"actions": "lenient"}}', 'x', 'x', now())`,
    )
    expect((await attempt(test, 'note.write')).decision).toMatchObject({ route: 'denied', code: 'FACT_INVALID' })
    await owner.query('delete from policies')
    await owner.end()
    await opensAgain()
  })

  it(verifies('I-1', 'and what was denied for a fault leaves no claim behind'), async () => {
    const key = { agent: 'bot', action: 'refund.create', args: {}, idempotencyKey: 'after-fault' }
    faulty.meet(only('commit', hangs))
    expect((await test.agent('bot').guard(key, () => 'no')).decision.route).toBe('denied')
    faulty.meet(undefined)
    await expect
      .poll(async () => (await test.agent('bot').guard(key, () => 'ran')).status, { timeout: 8_000 })
      .toBe('executed')
  })
})
