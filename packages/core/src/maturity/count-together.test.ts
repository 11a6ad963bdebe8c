import { MATURITIES, type Maturity } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { GovernorContext } from '../context.ts'
import type { Database } from '../database/open-database.ts'
import { rowsOf } from '../database/rows.ts'
import { describeOnEachStore, type TestStore } from '../journal/each-store.test.helper.ts'
import { isoTime } from '../kernel/clock.ts'
import { type Judged, judge } from './agents.test.helper.ts'
import { countEvidence } from './count-evidence.ts'
import { countFact } from './count-fact.ts'
import { demoteAgent } from './demote-agent.ts'
import { type Earning, noteEvidence } from './earn.ts'
import type { Evidence } from './evidence.ts'
import { listDueEvidence } from './evidence-store.ts'
import { floorOf } from './levels.ts'
import { openRecord } from './open-record.ts'
import { promotionPolicyOf } from './promotion-policy.ts'
import { recordEvidence } from './record-evidence.ts'
import { recordIncident } from './record-incident.ts'
import { transition } from './transition.ts'

const HOUR = 3_600_000
const SAID = { agent: 'bot', actor: 'system:test', reason: 'a test' }

/** An agent whose history is told, on a clock that goes on with every look at it. */
interface Told extends Judged {
  note(evidence: Evidence, more?: Partial<Earning>): Promise<void>
  count(): Promise<unknown>
}

type Counting = (context: GovernorContext, judged: Judged) => Promise<unknown>

const together: Counting = (context, { workspace }) => countEvidence(context, workspace)

/** Each fact in a transaction of its own, after all that came of the one before. */
const alone: Counting = async (context, judged) => {
  const countOne = () =>
    judged.in(async (tx) => {
      const [fact] = await listDueEvidence(tx, { agent: 'bot', limit: 1 })
      const record = fact && (await openRecord(context, tx, fact))
      if (fact === undefined || record === undefined) return false
      await countFact(context, tx, { record, fact, policy: await promotionPolicyOf(tx) })
      return true
    })
  while (await countOne());
}

async function tell(store: TestStore, { start, counting }: { readonly start: Start; readonly counting: Counting }) {
  const judged = await judge(store, start)
  let looks = 0
  const { clock } = judged.context
  const now = (): number => {
    looks += 1
    return clock.now() + looks
  }
  const context = { ...judged.context, clock: { ...clock, now } }
  let facts = 0
  const told: Told = {
    ...judged,
    context,
    async note(evidence, more = {}) {
      facts += 1
      const earning = { ...SAID, capability: '*', evidence, sourceId: `fact-${facts}`, ...more }
      await judged.in((tx) => noteEvidence(context, tx, earning))
    },
    count: () => counting(context, judged),
  }
  if (start.policy === 'bands') await judged.put({ promotion: { policy: 'bands' } })
  if (start.refunds !== 'student') await raise(told, start.refunds)
  return told
}

/** Takes the agent up to a level at one capability, too. */
function raise(told: Told, to: Maturity): Promise<void> {
  const { context } = told
  return told.in(async (tx) => {
    const key = { agent: 'bot', capability: 'refund' }
    await openRecord(context, tx, { ...key, actor: SAID.actor })
    const given = { ...SAID, ...key, kind: 'registration', requested: floorOf(to) - 3_000 + 300 }
    let { record } = await recordEvidence(context, tx, { ...given, sourceType: 'registration', sourceId: 'raised' })
    for (const next of MATURITIES.slice(1, MATURITIES.indexOf(to) + 1)) {
      record = await transition(context, tx, { ...SAID, record, to: next, cause: 'person', evidence: [] })
    }
  })
}

/** Everything that counting leaves, but for ids and times. */
const leftBy = (told: Told) =>
  told.in(async (tx) => ({
    records: await rowsOf(
      tx,
      sql`select capability, maturity, confidence, detector from maturity_records where workspace_id = ${tx.workspace}
          order by capability`,
    ),
    ledger: await rowsOf(
      tx,
      sql`select capability, kind, requested, applied, confidence, actor, reason,
            case when kind not in ('demotion', 'incident') then source_id end as source
          from confidence_entries where workspace_id = ${tx.workspace} order by created_at, id`,
    ),
    transitions: await rowsOf(
      tx,
      sql`select capability, from_maturity, to_maturity, cause, actor, reason, jsonb_array_length(evidence) as evidence
          from maturity_transitions where workspace_id = ${tx.workspace} order by created_at, id`,
    ),
    journal: await rowsOf(
      tx,
      sql`select kind, body::jsonb - 'evidence' - 'source' as body from journal
          where workspace_id = ${tx.workspace} and agent_id = 'bot' order by id`,
    ),
    // In the order in which they were counted.
    evidence: await rowsOf(
      tx,
      sql`select capability, kind, fact, counted_at is not null as counted from evidence
          where workspace_id = ${tx.workspace} order by counted_at, created_at, id`,
    ),
  }))

interface Start {
  readonly maturity: Maturity
  readonly confidence: number
  readonly policy: 'earned' | 'bands'
  /** The level at the capability `refund`. */
  readonly refunds: Maturity
}

type Step = (told: Told) => Promise<unknown>

const evidence: fc.Arbitrary<Evidence> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .constantFrom(...Array<string>(6).fill('succeeded'), 'failed', 'infrastructure_failed')
      .map((outcome): Evidence => ({ kind: 'run', outcome: outcome as 'succeeded' })),
  },
  {
    weight: 6,
    arbitrary: fc
      .constantFrom(...Array<string>(6).fill('approved'), 'edited', 'failed', 'rejected')
      .map((outcome): Evidence => ({ kind: 'proposal', outcome: outcome as 'approved' })),
  },
  {
    weight: 3,
    arbitrary: fc
      .record({ rating: fc.integer({ min: 1, max: 5 }), interventions: fc.integer({ min: 0, max: 3 }) })
      .map((rated): Evidence => ({ kind: 'supervision', ...rated })),
  },
  { weight: 1, arbitrary: fc.constantFrom<Evidence>({ kind: 'termination' }, { kind: 'training', score: 8_000 }) },
)

const reviewers = fc.uniqueArray(fc.constantFrom('user:ana', 'user:ben', 'user:cleo'), { maxLength: 2 })

const noted: fc.Arbitrary<Step> = fc
  .record({
    evidence,
    capability: fc.constantFrom('*', '*', '*', 'refund', 'note'),
    reviewers,
    half: fc.boolean(),
    hoursAgo: fc.constantFrom(0, 0, 0, 3, 30),
  })
  .map(
    ({ evidence: fact, hoursAgo, ...more }): Step =>
      (told) => {
        const beganAt = isoTime(told.context.clock.now() - hoursAgo * HOUR)
        return told.note(fact, hoursAgo === 0 ? more : { ...more, beganAt })
      },
  )

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 100, arbitrary: noted },
  { weight: 6, arbitrary: fc.constant<Step>((told) => told.count()) },
  {
    weight: 3,
    arbitrary: fc.integer({ min: 1, max: 30 }).map(
      (hours): Step =>
        async (told) =>
          told.advance(hours * HOUR),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Step>((told) => told.note({ kind: 'incident' })) },
  {
    weight: 1,
    arbitrary: fc.constant<Step>(({ context, admin }) =>
      recordIncident(context, admin('root'), { id: 'bot', reason: 'a test' }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Maturity>('student', 'intern', 'supervised').map(
      (to): Step =>
        ({ context, admin }) =>
          // Where it is not above that level it is refused, which is an answer, too.
          demoteAgent(context, admin('dan'), { id: 'bot', to, reason: 'a test' }).catch(() => undefined),
    ),
  },
  {
    weight: 1,
    // What the ledger has already: noted again, it counts for nothing.
    arbitrary: fc.nat().map(
      (sourceId): Step =>
        async (told) => {
          const source = { sourceId: `twice-${sourceId}` }
          const written = { ...SAID, ...source, capability: '*', kind: 'run', sourceType: 'run', requested: 25 }
          await told.in((tx) => recordEvidence(told.context, tx, written)).catch(() => undefined)
          await told.note({ kind: 'run', outcome: 'succeeded' }, source)
        },
    ),
  },
)

const start: fc.Arbitrary<Start> = fc
  .record({
    maturity: fc.constantFrom<Maturity>('student', 'intern', 'supervised', 'supervised', 'autonomous', 'autonomous'),
    above: fc.integer({ min: 0, max: 900 }),
    policy: fc.constantFrom('earned', 'earned', 'earned', 'bands'),
    refunds: fc.constantFrom(...MATURITIES),
  })
  .map(({ above, maturity, policy, refunds }) => ({ maturity, confidence: floorOf(maturity) + above, policy, refunds }))

/** A database, and how many statements each of its transactions that count something had. */
function watch(database: Database): { readonly database: Database; readonly counted: number[] } {
  const counted: number[] = []
  const { pool } = database
  const connect: typeof pool.connect = async () => {
    const client = await pool.connect()
    let statements = 0
    let counts = false
    const query: typeof client.query = async (statement, values) => {
      const text = typeof statement === 'string' ? statement : statement.text
      statements = text.startsWith('begin') ? 1 : statements + 1
      counts = !text.startsWith('begin') && (counts || text.startsWith('update evidence'))
      if (text === 'commit' && counts) counted.push(statements)
      return client.query(statement, values)
    }
    return Object.assign(Object.create(client), { query, release: (broken?: boolean) => client.release(broken) })
  }
  return { database: { ...database, pool: Object.assign(Object.create(pool), { connect }) }, counted }
}

describeOnEachStore('facts that are counted together', (store) => {
  it('count as they would one by one [MAT-26]', async () => {
    await fc.assert(
      fc.asyncProperty(start, fc.array(step, { minLength: 20, maxLength: 60, size: 'max' }), async (from, history) => {
        const [first, second] = [
          await tell(store, { start: from, counting: together }),
          await tell(store, { start: from, counting: alone }),
        ]
        for (const told of [first, second]) {
          for (const next of history) await next(told)
          await told.count()
        }
        expect(await leftBy(first)).toEqual(await leftBy(second))
      }),
      // Without the search for a shorter history: it takes longer than the test may.
      { numRuns: 10, endOnFailure: true },
    )
  }, 120_000)

  it('take as many statements as one [MAT-26]', async () => {
    const judged = await judge(store, { maturity: 'supervised', confidence: 7_500 })
    const { database, counted } = watch(store.database)
    for (const number of [2, 60]) {
      for (let fact = 0; fact < number; fact += 1) {
        const earning = { ...SAID, capability: '*', sourceId: `${number}-${fact}`, reviewers: [`user:${fact}`] }
        const succeeded: Evidence = { kind: 'run', outcome: 'succeeded' }
        await judged.in((tx) => noteEvidence(judged.context, tx, { ...earning, evidence: succeeded }))
      }
      expect(await countEvidence({ ...judged.context, database }, judged.workspace)).toBe(number)
    }
    expect(counted).toHaveLength(2)
    expect(counted[0]).toBe(counted[1])
  })
})
