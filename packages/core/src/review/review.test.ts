import type { AgentReview, ControlScope, Proposal } from '@preceptor/client'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { ChatMessage, ChatModel } from '../models/chat-model.ts'
import type { GovernorOptions } from '../options.ts'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

const shown = ({ version, actionHash }: Proposal) => ({ version, actionHash })
type Reply = (question: Question) => unknown
interface Question {
  readonly hash: string
  readonly isCanary: boolean
  readonly messages: readonly ChatMessage[]
}

const CANARY_ACTIONS = /"(?:voucher\.issue|contact\.export|note\.update|member\.update|order\.cancel)"/

const verdict = (said: string, question: Question, more: object = {}): string =>
  JSON.stringify({ verdict: said, action_hash: question.hash, reasons: ['It is as it should be.'], ...more })
/** Denies canaries, and says the same of everything else. */
const honest =
  (said: string): Reply =>
  (question) =>
    verdict(question.isCanary ? 'deny' : said, question)

interface Plane {
  readonly test: TestGovernor
  readonly ana: ControlScope
  readonly asked: Question[]
  says(reply: Reply): void
  later(milliseconds: number): void
  /** A pending proposal of the intern. */
  ask(action?: string, args?: object, more?: object): Promise<Proposal>
  /** Lets the reviewer look at it, and a person decide if it did not. */
  decide(said: 'approve' | 'reject', action?: string): Promise<AgentReview>
}

function usePlane(options: () => GovernorOptions): Plane {
  let test: TestGovernor
  let count = 0
  let offset = 0
  let reply: Reply = honest('escalate')
  const asked: Question[] = []
  const model: ChatModel = {
    name: 'judge',
    async invoke(messages) {
      const system = messages[0]?.content ?? ''
      const user = messages[1]?.content ?? ''
      const hash = /"action_hash": "([0-9a-f]{64})"/.exec(system)?.[1] ?? ''
      const question = { hash, isCanary: CANARY_ACTIONS.test(user), messages }
      asked.push(question)
      return reply(question)
    },
  }
  beforeAll(async () => {
    test = await createTestGovernor({
      ...options(),
      reviewers: { judge: { model } },
      clock: { now: () => Date.now() + offset, monotonic: () => performance.now() },
      settings: { deadlineMs: 10_000, modelAnswerMs: 500 },
      actions: {
        'note.write': { risk: 'medium', args: z.looseObject({ cents: z.int().optional() }) },
        'refund.create': { risk: 'high' },
        'ledger.close': { risk: 'critical' },
      },
    })
    const { agents } = test.admin
    await agents.register({
      id: 'intern',
      maturity: 'intern',
      ownerId: 'olga',
      category: 'Support',
      capabilities: ['note', 'refund', 'ledger'],
    })
    const trusted = { maturity: 'autonomous', ownerId: 'paul', category: 'support' } as const
    await agents.register({ id: 'judge', ...trusted })
  })
  afterAll(() => test?.close())
  const plane: Plane = {
    get test() {
      return test
    },
    get ana() {
      return test.user('ana', 'supervisor')
    },
    asked,
    says: (next) => {
      reply = next
    },
    later: (milliseconds) => {
      offset += milliseconds
    },
    async ask(action = 'note.write', args = {}, more = {}) {
      count += 1
      const trigger = { agent: 'intern', action, args: { ...args }, idempotencyKey: `ask-${count}`, ...more }
      const decision = await test.agent('intern').decide(trigger)
      if (decision.route !== 'proposal') throw new Error(`${decision.route}: ${decision.reason}`)
      return test.admin.proposals.get(decision.proposal.id)
    },
    async decide(said, action) {
      const proposal = await plane.ask(action)
      const review = await plane.ana.proposals.review(proposal.id)
      if (review.effect !== 'none') return review
      const { proposals } = plane.ana
      if (said === 'approve') await proposals.approve(proposal.id, shown(proposal))
      else await proposals.reject(proposal.id, { ...shown(proposal), category: 'other', reason: 'No.' })
      return review
    },
  }
  return plane
}

function reviews(plane: Plane): void {
  const judge = async () => (await plane.ana.reviewers.list()).items[0]

  it('is advice until the record of the reviewer lets it count, and then decides medium risk', async () => {
    const { ana, says, test } = plane
    says(honest('approve'))
    const first = await plane.ask()
    const review = await ana.proposals.review(first.id)
    expect(review).toMatchObject({ verdict: 'approve', effect: 'none', reviewer: 'judge', by: 'model:judge' })
    expect(review.note).toMatch(/not shown enough/)
    expect(await ana.proposals.review(first.id)).toEqual(review)
    expect(await test.admin.proposals.get(first.id)).toMatchObject({ state: 'pending' })
    await ana.proposals.approve(first.id, shown(first))
    for (let turn = 0; turn < 40 && (await judge())?.record.counts.medium !== true; turn += 1)
      await plane.decide('approve')
    const record = (await judge())?.record
    expect(record).toMatchObject({ disagreed: 0, missed: 0, counts: { medium: true } })
    expect(record?.caught).toBeGreaterThanOrEqual(3)
    let decided: AgentReview | undefined
    while (decided?.effect !== 'approved') decided = await plane.decide('approve')
    const proposal = await test.admin.proposals.get(decided.proposalId ?? '')
    expect(proposal).toMatchObject({ state: 'approved', decidedBy: ['agent:judge'] })
    const journal = await test.admin.journal.list({ subject: proposal.id, kind: 'review.completed' })
    expect(journal.items[0]?.body).toMatchObject({ actor: 'agent:judge', reviewId: decided.id, effect: 'approved' })
    // What an agent approved shows nothing of another agent to count.
    const before = (await test.admin.agents.get('intern')).confidence
    await test.governor.jobs.run('count-evidence', { workspace: 'default' })
    expect((await test.admin.agents.get('intern')).confidence).toBe(before)
    says(honest('deny'))
    expect(await plane.decide('reject')).toMatchObject({ verdict: 'deny', effect: 'rejected' })
  })

  it('decides nothing of high or critical risk, whatever it says and however good its record is', async () => {
    const { ana, says, test } = plane
    says(honest('approve'))
    for (const action of ['refund.create', 'ledger.close']) {
      const proposal = await plane.ask(action)
      const review = await ana.proposals.review(proposal.id)
      expect(review).toMatchObject({ verdict: 'approve', effect: 'none', note: expect.stringMatching(/for people/) })
      expect(await test.admin.proposals.get(proposal.id)).toMatchObject({ state: 'pending', reviews: [] })
    }
  })
}

describe('a verdict of an autonomous reviewer', () => {
  reviews(usePlane(() => ({ memory: true })))
})

describeWithPostgres('a verdict of an autonomous reviewer on Postgres', () => {
  const database = useTestDatabase()
  reviews(usePlane(() => ({ database: database.url })))
})
