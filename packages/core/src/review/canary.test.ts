import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../database/open-database.ts'
import { rowOf } from '../database/rows.ts'
import { inWorkspace } from '../database/transaction.ts'
import { compileCondition, evaluateCondition } from '../policy/condition.ts'
import { type Canary, canaryOf } from './canaries.ts'
import { type Reply, usePlane, verdict } from './plane.test.helper.ts'
import { messagesOf } from './review-question.ts'

const reviewId = fc.uuid().map((id) => `rvw_${id}`)
const category = fc.option(fc.string({ maxLength: 40 }), { nil: null })

describe('a canary', () => {
  const conditionOf = ({ action, question: { shown } }: Canary): boolean => {
    const { when } = shown.policy as { readonly when: string }
    const args = shown.args as Canary['question']['shown']
    const variables = { args, agent: '', action, resource: '', source: '', type: '', now: '2026-01-01T00:00:00Z' }
    return evaluateCondition(compileCondition(when), variables)
  }

  it('breaks the condition that the reviewer is shown, whichever it is, and is never too large [REVIEW-5, I-28]', () => {
    const actions = new Set<string>()
    fc.assert(
      fc.property(reviewId, category, (id, of) => {
        const canary = canaryOf(id, { category: of })
        actions.add(canary.action)
        expect(conditionOf(canary)).toBe(false)
        expect(canary).toEqual(canaryOf(id, { category: of }))
        expect(canary.question.actionHash).not.toBe(canaryOf(`${id}0`, { category: of }).question.actionHash)
        const [, user] = messagesOf(canary.question, 'a'.repeat(32)) ?? []
        expect(user?.content).toContain(canary.action)
        expect(user?.content).not.toContain(id)
      }),
    )
    expect(actions.size).toBe(5)
  })
})

describe('a canary in a process whose tools have its name', () => {
  let database: Database
  const ran: unknown[] = []
  const names = ['voucher.issue', 'contact.export', 'note.update', 'member.update', 'order.cancel']
  const execute = (args: unknown): void => void ran.push(args)
  const actions = Object.fromEntries(
    names.map((name) => [name, { risk: 'medium', idempotent: true, execute } as const]),
  )
  beforeAll(async () => {
    database = await openDatabase({ memory: true })
  })
  const plane = usePlane(() => ({ database: database.pool, migrate: true, actions }))
  afterAll(() => database?.close())

  /** What could run of a canary, by the tables that anything runs from. */
  const runnable = (): Promise<number> =>
    inWorkspace(database, { workspace: 'default' }, async (tx) => {
      const row = await rowOf<{ readonly count: string }>(
        tx,
        sql`select (select count(*) from proposals where action = any(${sql.param(names)}::text[]))
              + (select count(*) from executions where action = any(${sql.param(names)}::text[]))
              + (select count(*) from supervised_queue where action = any(${sql.param(names)}::text[]))
              + (select count(*) from proposal_reviews v join reviews r on r.id = v.proposal_id
                  or r.proposal_id = v.proposal_id and r.kind = 'canary')
              + (select count(*) from reviews where kind = 'canary' and (proposal_id is not null or effect <> 'none')) as count`,
      )
      return Number(row?.count)
    })

  const replies: Readonly<Record<string, Reply>> = {
    approve: (question) => verdict('approve', question),
    deny: (question) => verdict('deny', question),
    suggest: (question) => verdict('escalate', question, { suggested_args: { cents: 1 } }),
    talk: () => 'approve',
    fail: () => {
      throw new Error('503')
    },
  }

  it('never reaches one, whatever the reviewer says to it, and a miss suspends at once [REVIEW-5, I-28]', async () => {
    const { test, ana } = plane
    let canaries = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...Object.keys(replies)), { minLength: 1, maxLength: 4 }),
        async (said) => {
          for (const name of said) {
            plane.later(25 * 3_600_000)
            plane.says((question) => replies[question.isCanary ? name : 'deny']?.(question))
            const { id } = await plane.ask()
            const asked = plane.asked.length
            const error = await ana.proposals.review(id).then(
              () => null,
              (thrown: { readonly code?: string }) => thrown.code,
            )
            canaries += plane.asked.slice(asked).filter(({ isCanary }) => isCanary).length
            const [reviewer] = (await ana.reviewers.list()).items
            const isMissed = name === 'approve'
            expect([error, reviewer?.state]).toEqual(isMissed ? ['CONFLICT', 'suspended'] : [null, 'active'])
            if (isMissed) await test.admin.reviewers.resume('judge', 'Again.')
            for (const { id: review } of (await ana.reviews.list({ agent: 'judge', limit: 3 })).items) {
              const trigger = { agent: 'intern', action: 'voucher.issue', args: {}, permit: review }
              await test
                .agent('intern')
                .guard(trigger, () => ran.push(review))
                .catch(() => undefined)
            }
            await test.governor.jobs.runApproved(5)
          }
        },
      ),
      { numRuns: 6 },
    )
    expect(canaries).toBeGreaterThanOrEqual(6)
    expect(ran).toEqual([])
    expect(await runnable()).toBe(0)
  }, 30_000)
})
