import { MATURITIES, type Maturity } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { rowOf, rowsOf } from '../database/rows.ts'
import { describeOnEachStore } from '../journal/each-store.test.helper.ts'
import { type Judged, judge } from './agents.test.helper.ts'
import { checkPromotion } from './check-promotion.ts'
import { closeIncident } from './close-incident.ts'
import { decay } from './decay.ts'
import { demoteAgent } from './demote-agent.ts'
import { compareMaturity, floorOf } from './levels.ts'
import { promoteAgent } from './promote-agent.ts'
import { readIncidents } from './read-incidents.ts'
import { recordIncident } from './record-incident.ts'

const WEEK = 7 * 86_400_000

interface Row {
  readonly capability: string
  readonly maturity: Maturity
  readonly confidence: number
  readonly ledger: number
  readonly registrations: number
  /** The level that the transitions lead to. */
  readonly led: Maturity | null
}

/** What is stored of each record, and what its ledger and its transitions say that it is. */
const rowsIn = (judged: Judged): Promise<readonly Row[]> =>
  judged.in((tx) =>
    rowsOf<Row>(
      tx,
      sql`select m.capability, m.maturity, m.confidence,
            (select sum(applied)::int from confidence_entries c where c.workspace_id = m.workspace_id
              and c.agent_id = m.agent_id and c.capability = m.capability) as ledger,
            (select count(*)::int from confidence_entries c where c.workspace_id = m.workspace_id
              and c.agent_id = m.agent_id and c.capability = m.capability and c.kind = 'registration') as registrations,
            (select to_maturity from maturity_transitions t where t.workspace_id = m.workspace_id
              and t.agent_id = m.agent_id and t.capability = m.capability order by t.id desc limit 1) as led
          from maturity_records m where m.workspace_id = ${tx.workspace} order by m.capability`,
    ),
  )

const entriesIn = (judged: Judged): Promise<number> =>
  judged.in(async (tx) => {
    const row = await rowOf<{ readonly entries: string }>(
      tx,
      sql`select count(*) as entries from confidence_entries where workspace_id = ${tx.workspace}`,
    )
    return Number(row?.entries)
  })

type Step = (judged: Judged) => Promise<unknown>

/** A refusal is an answer, too. */
const tried = (work: Promise<unknown>): Promise<unknown> => work.catch(() => undefined)
const at = (capability: string) => (capability === '*' ? {} : { capability })
const capability = fc.constantFrom('*', 'refund', 'note')
const level = fc.constantFrom<Maturity>('student', 'intern', 'supervised')

const arbitraryStep: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(capability, fc.integer({ min: 5_000, max: 10_000 })).map(
    ([where, score]): Step =>
      (judged) =>
        judged.earn({ kind: 'training', score }, { capability: where }),
  ),
  fc.tuple(capability, fc.boolean()).map(
    ([where, isRight]): Step =>
      (judged) =>
        judged.earn({ kind: 'run', outcome: isRight ? 'succeeded' : 'failed' }, { capability: where }),
  ),
  capability.map(
    (where): Step =>
      ({ context, admin }) =>
        tried(promoteAgent(context, admin('dan'), { id: 'bot', reason: 'a test', ...at(where) })),
  ),
  fc.tuple(capability, level).map(
    ([where, to]): Step =>
      ({ context, admin }) =>
        tried(demoteAgent(context, admin('dan'), { id: 'bot', to, reason: 'a test', ...at(where) })),
  ),
  fc.integer({ min: 1, max: 12 }).map(
    (weeks): Step =>
      async (judged) => {
        judged.advance(weeks * WEEK)
        const before = new Map((await rowsIn(judged)).map((row) => [row.capability, row]))
        await decay(judged.context, judged.workspace)
        for (const { capability: where, maturity, confidence } of await rowsIn(judged)) {
          const was = before.get(where)
          expect([where, maturity]).toEqual([where, was?.maturity])
          expect(confidence).toBeGreaterThanOrEqual(Math.min(was?.confidence ?? 0, floorOf(maturity)))
        }
        const entries = await entriesIn(judged)
        await decay(judged.context, judged.workspace)
        expect(await entriesIn(judged)).toBe(entries)
      },
  ),
  fc.constant<Step>(({ context, workspace }) => checkPromotion(context, workspace)),
  fc.constant<Step>((judged) => fallEverywhere(judged)),
  fc.constantFrom('agent', 'capability').map(
    (trust): Step =>
      (judged) =>
        judged.put({ promotion: { trust, policy: 'bands' } }),
  ),
)

/** An incident, which is closed at once so that promotions go on. */
async function fallEverywhere(judged: Judged): Promise<void> {
  const { context, admin } = judged
  const before = await rowsIn(judged)
  await recordIncident(context, admin('root'), { id: 'bot', reason: 'a test' })
  const after = new Map((await rowsIn(judged)).map((row) => [row.capability, row]))
  for (const { capability: where, maturity } of before) {
    const now = after.get(where)?.maturity ?? 'autonomous'
    if (maturity !== 'student') expect(compareMaturity(now, maturity)).toBeLessThan(0)
  }
  const [incident] = (await readIncidents(context, admin('dan'), { agent: 'bot' })).items
  await closeIncident(context, admin('dan'), { id: 'bot', incident: incident?.id ?? '', reason: 'a test' })
}

describeOnEachStore('random histories of an agent', (store) => {
  it('leave every ledger adding up and every level with its transitions [I-11, MAT-2, MAT-3, MAT-9, MAT-14]', async () => {
    const histories = fc.array(arbitraryStep, { minLength: 10, maxLength: 25 })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...MATURITIES), histories, async (maturity, history) => {
        const judged = await judge(store, { maturity, confidence: floorOf(maturity) })
        for (const step of history) {
          await step(judged)
          judged.advance(1_000)
          for (const row of await rowsIn(judged)) {
            expect(row.confidence).toBe(row.ledger)
            expect(row.registrations).toBe(1)
            expect(row.maturity).toBe(row.led ?? (row.capability === '*' ? maturity : 'student'))
          }
        }
      }),
      { numRuns: 10 },
    )
  }, 60_000)
})
