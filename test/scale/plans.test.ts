import { createGovernor, type EmbeddedGovernor } from '@preceptor/core'
import {
  createTestDatabase,
  describeWithPostgres,
  LARGE_OPTIONS,
  lookAfter,
  prepareWorkspace,
  type TestDatabase,
} from '@preceptor/test-setup'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PlanWatch, tellPlans, watchPlans } from './plans.ts'

const DECISIONS = 20_000
const workspace = 'default'
/** More than one page, and what stands at the edges of a range or waits; a part of every large table. */
const MOST = 700

describeWithPostgres('a workspace with many rows', () => {
  let database: TestDatabase
  let governor: EmbeddedGovernor
  let store: pg.Pool
  let watch: PlanWatch
  const as = (kind: 'user' | 'agent', id: string, roles: readonly ('admin' | 'supervisor')[] = []) =>
    governor.as({ workspace, principal: { kind, id, roles: [...roles] } })
  const admin = () => as('user', 'ada', ['admin'])

  beforeAll(async () => {
    database = await createTestDatabase()
    store = new pg.Pool({ connectionString: database.url, max: 2 })
    const filling = await createGovernor({ database: database.url, migrate: true, ...LARGE_OPTIONS })
    const { write } = await prepareWorkspace({ governor: filling, store }, { workspace, decisions: DECISIONS })
    await write(0, DECISIONS)
    for (const job of ['seal-journal', 'count-decisions']) await filling.jobs.run(job, {})
    await filling.close()
    await lookAfter(store)
    await tellPlans(store)
    watch = watchPlans()
    governor = await createGovernor({ database: database.url, ...LARGE_OPTIONS })
  }, 300_000)
  afterAll(async () => {
    watch.stop()
    await governor.close()
    await store.end()
    await database.drop()
  })

  async function looksAtLittle(run: () => Promise<unknown>): Promise<void> {
    const { statements, large } = await watch.during(run, MOST)
    expect(statements).toBeGreaterThan(0)
    expect(large).toEqual([])
  }

  it('is large enough that a statement that reads a table as a whole is seen [SCALE-2]', async () => {
    const scan = new pg.Client({ connectionString: database.url })
    await scan.connect()
    for (const text of [
      'select count(*) from proposals where risk <> $1',
      'select body from journal order by $1 || body limit 1',
    ]) {
      const { large } = await watch.during(() => scan.query(text, ['x']), MOST)
      expect(large.length).toBeGreaterThan(0)
    }
    await scan.end()
  })

  describe('is analysed by looking at what was added up', () => {
    it.each(['summary', 'decisions', 'routing', 'maturity', 'reviewers', 'training', 'supervision', 'system'] as const)(
      '%s [SCALE-1]',
      async (read) => {
        await looksAtLittle(() => admin().analytics[read]({}))
        const agent = { agent: 'approved-bot-1' }
        await looksAtLittle(() => admin().analytics[read](agent))
        if (read !== 'system') await looksAtLittle(() => admin().analytics[read]({ capability: 'refund' }))
      },
    )
  })

  describe('is read page by page', () => {
    const proposal = async (state: 'pending' | 'succeeded'): Promise<string> => {
      const { items } = await admin().proposals.list({ state, limit: 1 })
      return items[0]?.id ?? ''
    }
    const reads: Readonly<Record<string, () => Promise<unknown>>> = {
      'proposals.list': () => admin().proposals.list({}),
      'proposals.list, pending': () => admin().proposals.list({ state: 'pending' }),
      'proposals.list, of an agent': () => admin().proposals.list({ agent: 'approved-bot-1' }),
      'proposals.history': () => admin().proposals.history('approved-bot-1', {}),
      'proposals.card': async () => admin().proposals.card(await proposal('succeeded')),
      'journal.list': () => admin().journal.list({}),
      'journal.list, of a kind': () => admin().journal.list({ kind: 'proposal.rejected' }),
      'journal.list, of an agent': () => admin().journal.list({ agent: 'approved-bot-1' }),
      'journal.list, of an agent and a kind': () => admin().journal.list({ agent: 'ran-bot-1', kind: 'decision.made' }),
      'journal.list, of a subject': async () => admin().journal.list({ subject: await proposal('succeeded') }),
      'journal.list, in the order of the chain': () => admin().journal.list({ after: 10_000 }),
      'agents.list': () => admin().agents.list({}),
      'agents.timeline': () => admin().agents.timeline('approved-bot-1', {}),
      'queue.list': () => admin().queue.list({}),
      'sessions.list': () => admin().sessions.list({}),
      'blockedTriggers.list': () => admin().blockedTriggers.list({}),
      'trainingProposals.list': () => admin().trainingProposals.list({}),
      'alerts.list': () => admin().alerts.list({}),
    }
    it.each(Object.keys(reads))('%s [SCALE-3]', async (name) => {
      await looksAtLittle(reads[name] as () => Promise<unknown>)
    })
  })

  it('is decided in, claimed and settled without a look at the rest [SCALE-3]', async () => {
    const attempt = (agent: string, action: string) =>
      as('agent', agent).guard({ agent, action, args: { order: 'o-2' }, idempotencyKey: `now-${agent}` }, () => 'done')
    await looksAtLittle(() => attempt('ran-bot-1', 'order.read'))
    await looksAtLittle(() => attempt('blocked-bot-1', 'refund.create'))
    await looksAtLittle(() => attempt('approved-bot-1', 'refund.create'))
    const [waiting] = (await admin().proposals.list({ state: 'pending', agent: 'approved-bot-1' })).items
    const { id = '', version = 0, actionHash = '' } = waiting ?? {}
    const person = as('user', 'rev-1', ['supervisor'])
    await looksAtLittle(() => person.proposals.approve(id, { version, actionHash }))
    await looksAtLittle(() => attempt('approved-bot-1', 'refund.create'))
    expect((await admin().proposals.get(id)).state).toBe('succeeded')
  })

  it.each([
    'reconcile',
    'expire-proposals',
    'expire-queue',
    'process-queue',
    'settle-lost-executions',
    'count-decisions',
    'count-evidence',
    'pause-unwatched',
    'end-idle-sessions',
    'seal-journal',
    'checkpoint-journal',
    'check-promotion',
    'escalate-proposals',
    'check-alerts',
    'check-slow-alerts',
    'check-daily-alerts',
    'update-presence',
    'prune',
  ])('has the job %s find what is due without a look at the rest [SCALE-3]', async (job) => {
    await looksAtLittle(() => governor.jobs.run(job, {}))
  })
})
