import { ChatOpenAI } from '@langchain/openai'
import type { AgentReview, ControlScope, Proposal, Trigger } from '@preceptor/client'
import type { ChatModel } from '@preceptor/core'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openAiModel } from '../reviewers/open-ai-model.ts'
import { verifies } from '../verifies.ts'
import {
  MALFORMED_ANSWERS,
  PLAIN_ANSWERS,
  type ProviderAnswer,
  said,
  useProvider,
  verdictOn,
} from './malformed-verdicts.ts'

const ANSWER_MS = 500
const provider = useProvider()
const approves = said((ok) => ok)
let test: TestGovernor
let ana: ControlScope
let count = 0
let isPlain = false

beforeAll(async () => {
  const configuration = { baseURL: provider.url }
  const langchain = new ChatOpenAI({ model: 'judge', apiKey: 'none', maxRetries: 0, configuration })
  const plain = openAiModel({ url: provider.url, model: 'judge' })
  const model: ChatModel = {
    name: 'judge',
    invoke: (messages, options) => (isPlain ? plain : langchain).invoke(messages, options),
  }
  test = await createTestGovernor({
    reviewers: { judge: { model } },
    settings: { deadlineMs: 10_000, modelAnswerMs: ANSWER_MS, reviewBreakerMs: 1, reviewsPerHour: 1_000 },
  })
  ana = test.user('ana', 'supervisor')
  await test.admin.agents.register({ id: 'judge', maturity: 'autonomous', ownerId: 'paul', category: 'Support' })
  const capabilities = ['note', 'refund', 'ledger']
  await test.admin.agents.register({
    id: 'intern',
    maturity: 'intern',
    ownerId: 'olga',
    category: 'Support',
    capabilities,
  })
  provider.answers(approves)
  while ((await ana.reviewers.list()).items[0]?.record.counts.medium !== true) {
    const { review, proposal } = await ask('note.write')
    const { id, version, actionHash } = proposal
    if (review.effect === 'none') await ana.proposals.approve(id, { version, actionHash })
  }
}, 60_000)
afterAll(() => test?.close())

/** A proposal that was reviewed. */
async function ask(
  action: string,
): Promise<{ readonly review: AgentReview; readonly proposal: Proposal; readonly trigger: Trigger }> {
  count += 1
  const trigger = { agent: 'intern', action, args: {}, idempotencyKey: `ask-${count}` }
  const decision = await test.agent('intern').decide(trigger)
  if (decision.route !== 'proposal') throw new Error(decision.reason)
  const review = await ana.proposals.review(decision.proposal.id)
  return { review, proposal: await test.admin.proposals.get(decision.proposal.id), trigger }
}

/** Nothing followed, and the agent that comes back for it does not run. */
async function problemsOf(action: string, isFault: boolean): Promise<string> {
  const { review, proposal, trigger } = await ask(action)
  const { status } = await test.agent('intern').guard({ ...trigger, permit: proposal.id }, () => 'ran')
  const isLeft = review.effect === 'none' && review.isFault === isFault && (!isFault || review.verdict === 'escalate')
  const isPending = proposal.state === 'pending' && proposal.reviews.length === 0 && status !== 'executed'
  return isLeft && isPending ? '' : JSON.stringify({ review, state: proposal.state, status })
}

describe('what a provider answers that is no verdict', () => {
  it(verifies(
    ['I-25', 'REVIEW-4'],
    'is left to people over HTTP, and nothing runs, of a reviewer that may decide',
  ), async () => {
    const late: Readonly<Record<string, ProviderAnswer>> = {
      'a verdict that is late': (response, hash) =>
        void setTimeout(() => said(verdictOn(hash, 'approve'))(response, hash), 2 * ANSWER_MS),
      'a verdict that never ends': (response) =>
        void response.writeHead(200, { 'content-type': 'application/json' }).write('{"choices":['),
    }
    const answers = Object.entries({ ...MALFORMED_ANSWERS, ...PLAIN_ANSWERS, ...late })
    expect(answers.length).toBeGreaterThanOrEqual(60)
    const wrong: string[] = []
    for (const [name, answer] of answers) {
      provider.answers(answer)
      isPlain = Object.hasOwn(PLAIN_ANSWERS, name)
      const problem = await problemsOf('note.write', true)
      if (problem !== '') wrong.push(`${name}: ${problem}`)
    }
    expect(wrong).toEqual([])
    isPlain = false
    // The same provider decides where it answers as it should.
    provider.answers(approves)
    let next = await ask('note.write')
    while (next.review.isSampled) next = await ask('note.write')
    expect(next.review).toMatchObject({ effect: 'approved', isFault: false })
  }, 60_000)

  it(verifies(['I-24', 'REVIEW-2'], 'runs nothing of high or critical risk, even where it is a verdict'), async () => {
    provider.answers(approves)
    for (const action of ['refund.create', 'ledger.close']) expect(await problemsOf(action, false)).toBe('')
    for (const answer of Object.values(MALFORMED_ANSWERS).slice(0, 10)) {
      provider.answers(answer)
      expect(await problemsOf('refund.create', true)).toBe('')
    }
  })
})
