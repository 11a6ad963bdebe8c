import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestClock } from '../../testing/test-clock.ts'
import { createTestGovernor, TEST_ACTIONS, type TestGovernor } from '../../testing/test-governor.ts'
import { type Database, openDatabase } from '../open-database.ts'
import { scale } from './0034-scale.ts'

const clock = createTestClock({ at: Date.UTC(2026, 4, 4, 9) })
let database: Database
let test: TestGovernor

beforeAll(async () => {
  database = await openDatabase({ memory: true, statementDeadlineMs: 30_000 })
  test = await createTestGovernor({ database: database.pool, migrate: true, clock, actions: TEST_ACTIONS })
  for (const level of ['student', 'intern', 'supervised'] as const) await test.register(level, level)
})
afterAll(async () => {
  await test.close()
  await database.close()
})

/** What there is to be counted, whatever rows it stands in. */
async function counted(): Promise<readonly unknown[]> {
  const { rows } = await database.pool.query(
    `select measure, at, agent_id, capability, facet, step, sum(count) as count, round(sum(seconds)::numeric, 3) as seconds
     from activity group by 1, 2, 3, 4, 5, 6 having sum(count) <> 0 order by 1, 2, 3, 4, 5, 6`,
  )
  return rows
}

it('counts what was there before as what comes to its end afterwards [ANL-1]', async () => {
  const ana = test.user('ana', 'supervisor')
  const ask = async (): Promise<{ id: string; shown: { version: number; actionHash: string } }> => {
    const decision = await test.agent('intern').decide({ agent: 'intern', action: 'refund.create', args: {} })
    if (decision.route !== 'proposal') throw new Error(decision.reason)
    const { id, version, actionHash } = await test.admin.proposals.get(decision.proposal.id)
    clock.advance(61_000)
    return { id, shown: { version, actionHash } }
  }
  for (const way of ['approve', 'edit', 'reject', 'cancel', 'take back', 'expire'] as const) {
    const { id, shown } = await ask()
    if (way === 'reject') await ana.proposals.reject(id, { ...shown, category: 'other', reason: 'No.' })
    else if (way === 'cancel') await ana.proposals.cancel(id, 'No.')
    else if (way === 'edit') await ana.proposals.approve(id, { ...shown, args: { cents: 5 } })
    else if (way !== 'expire') await ana.proposals.approve(id, shown)
    if (way === 'take back') await ana.proposals.cancel(id, 'After all not.')
    clock.advance(5_000)
  }
  await test.agent('student').decide({ agent: 'student', action: 'refund.create', args: {} })
  await test.agent('supervised').decide({ agent: 'supervised', action: 'refund.create', args: {} })
  clock.advance(8 * 86_400_000)
  for (const job of ['expire-proposals', 'expire-queue']) await test.governor.jobs.run(job, {})
  const before = await counted()
  const facets = new Set(before.map((row) => Reflect.get(Object(row), 'facet')))
  for (const facet of ['approved/people', 'edited/people', 'rejected/people', 'cancelled/people', 'expired/people']) {
    expect([...facets]).toContain(facet)
  }
  for (const facet of ['approve/user:ana', 'edit/user:ana', 'ai_coordinator', 'waited', 'expired']) {
    expect([...facets]).toContain(facet)
  }
  const [, backfill = ''] =
    /(do \$\$\ndeclare\n {2}name text;\n {2}read constant[\s\S]*?end \$\$;)/.exec(scale.sql) ?? []
  await database.pool.query('truncate activity')
  expect(await counted()).toEqual([])
  await database.pool.query(backfill)
  expect(await counted()).toEqual(before)
})
