import type { AgentReview, ControlScope, Proposal } from '@preceptor/client'
import { afterAll, beforeAll } from 'vitest'
import { z } from 'zod'
import type { ChatMessage, ChatModel } from '../models/chat-model.ts'
import type { GovernorOptions } from '../options.ts'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

/** The version that is decided on. */
export const shown = ({
  version,
  actionHash,
}: Proposal): { readonly version: number; readonly actionHash: string } => ({ version, actionHash })
/** What the model says to a question. */
export type Reply = (question: Question) => unknown
/** What a model was asked. */
export interface Question {
  readonly hash: string
  readonly isCanary: boolean
  readonly messages: readonly ChatMessage[]
}

const CANARY_ACTIONS = /"(?:voucher\.issue|contact\.export|note\.update|member\.update|order\.cancel)"/

/** A valid verdict on what was asked about. */
export const verdict = (said: string, question: Question, more: object = {}): string =>
  JSON.stringify({ verdict: said, action_hash: question.hash, reasons: ['It is as it should be.'], ...more })
/** Denies canaries, and says the same of everything else. */
export const honest =
  (said: string): Reply =>
  (question) =>
    verdict(question.isCanary ? 'deny' : said, question)

/** A workspace with an intern, a reviewer and a person who judges. */
export interface Plane {
  readonly test: TestGovernor
  readonly ana: ControlScope
  readonly asked: Question[]
  says(reply: Reply): void
  later(milliseconds: number): void
  /** A pending proposal of the intern. */
  ask(action?: string, args?: object, more?: object): Promise<Proposal>
  /** Lets the reviewer look at it, and a person decide if it did not. */
  decide(said: 'approve' | 'reject', action?: string): Promise<AgentReview>
  /** Lets the reviewer agree with people until it may decide on medium risk. */
  earn(): Promise<void>
}

/** A model that reads what it is asked as the reviewer is to read it. */
function modelOf(asked: Question[], reply: Reply): ChatModel {
  return {
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
}

/** Opens it for the tests of a file. */
export function usePlane(options: () => GovernorOptions): Plane {
  let test: TestGovernor
  let count = 0
  let offset = 0
  let reply: Reply = honest('escalate')
  const asked: Question[] = []
  const model = modelOf(asked, (question) => reply(question))
  beforeAll(async () => {
    test = await createTestGovernor({
      ...options(),
      reviewers: { judge: { model } },
      clock: { now: () => Date.now() + offset, monotonic: () => performance.now() },
      settings: { deadlineMs: 10_000, modelAnswerMs: 500, reviewsPerHour: 1_000, ...options().settings },
      actions: {
        'note.write': { risk: 'medium', args: z.looseObject({ cents: z.int().optional() }) },
        'refund.create': { risk: 'high' },
        'ledger.close': { risk: 'critical' },
        ...options().actions,
      },
    })
    const { agents } = test.admin
    await agents.register({
      id: 'intern',
      maturity: 'intern',
      ownerId: 'olga',
      category: 'Support',
      capabilities: ['note', 'refund', 'ledger', 'card', 'tag'],
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
    async earn() {
      plane.says(honest('approve'))
      for (let turn = 0; turn < 60; turn += 1) {
        const { items } = await plane.ana.reviewers.list()
        if (items.find(({ agent }) => agent === 'judge')?.record.counts.medium === true) return
        await plane.decide('approve')
      }
      throw new Error('It has shown too little.')
    },
  }
  return plane
}
