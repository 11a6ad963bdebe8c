import { createServer } from 'node:http'
import { ChatOpenAI } from '@langchain/openai'
import type { AgentReview, ControlScope, JsonObject } from '@preceptor/client'
import type { ChatModel } from '@preceptor/core'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { useVerdicts } from './verdict-server.ts'

const model = useVerdicts()
let test: TestGovernor
let ana: ControlScope
let count = 0

/** An endpoint that is no model of LangChain: it answers with the text that it is told to. */
const endpoint = createServer(async (request, response) => {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  const hash = /"action_hash": "([0-9a-f]{64})"/.exec(JSON.parse(text).messages[0].content)?.[1]
  response.end(JSON.stringify({ verdict: 'deny', action_hash: hash, reasons: ['It may not be.'] }))
})

beforeAll(async () => {
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve))
  const address = endpoint.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const configuration = { baseURL: model.url }
  // The port takes a model of LangChain as it is.
  const judge: ChatModel = new ChatOpenAI({ model: 'judge', apiKey: 'none', maxRetries: 0, configuration })
  test = await createTestGovernor({
    reviewers: { judge: { model: judge }, remote: { endpoint: { url: `http://127.0.0.1:${port}/judge` } } },
    outbound: { allow: [`http://127.0.0.1:${port}`] },
    settings: { deadlineMs: 10_000, modelAnswerMs: 1_000, reviewBreakerMs: 1 },
  })
  ana = test.user('ana', 'supervisor')
  const trusted = { maturity: 'autonomous', ownerId: 'paul' } as const
  await test.admin.agents.register({ id: 'judge', ...trusted, category: 'Support' })
  await test.admin.agents.register({ id: 'remote', ...trusted, category: 'Finance' })
  for (const [id, category] of [
    ['intern', 'Support'],
    ['clerk', 'Finance'],
  ] as const) {
    const capabilities = ['note', 'refund', 'ledger']
    await test.admin.agents.register({ id, maturity: 'intern', ownerId: 'olga', category, capabilities })
  }
})
afterAll(async () => {
  await test?.close()
  endpoint.closeAllConnections()
  await new Promise((resolve) => endpoint.close(resolve))
})

async function review(
  agent = 'intern',
  action = 'note.write',
  { args = {}, say }: { readonly args?: JsonObject; readonly say?: string } = {},
): Promise<AgentReview> {
  count += 1
  const decision = await test.agent(agent).decide({ agent, action, args, idempotencyKey: `ask-${count}` })
  if (decision.route !== 'proposal') throw new Error(decision.reason)
  const { id, actionHash: action_hash } = decision.proposal
  if (say !== undefined)
    model.say({ text: JSON.stringify({ verdict: say, action_hash, reasons: ['I have read it.'] }) })
  return ana.proposals.review(id)
}

describe('a review by a model of LangChain over HTTP', () => {
  it(
    verifies(['REVIEW-8', 'REVIEW-4'], 'is asked as the reviewer, and what it says counts only about this action'),
    async () => {
      model.say({ text: '{"verdict": "approve", "action_hash": "none", "reasons": ["Fine."]}' })
      const about = await review('intern', 'note.write', { args: { text: 'Hello.' } })
      expect(about).toMatchObject({ reviewer: 'judge', by: 'model:judge', verdict: 'escalate', isFault: true })
      expect(about.reasons).toEqual(['The reply of the model is about another action.'])
      for (const say of ['approve', 'deny', 'escalate']) {
        for (const action of ['note.write', 'refund.create', 'ledger.close']) {
          const said = await review('intern', action, { say })
          expect(said).toMatchObject({ verdict: say, isFault: false, effect: 'none', reasons: ['I have read it.'] })
          expect(await test.admin.proposals.get(said.proposalId ?? '')).toMatchObject({ state: 'pending', reviews: [] })
        }
      }
      expect(model.asked.at(-1)).toMatch(/^<data-[0-9a-f]{32}>\n\{"action":"ledger.close"/)
    },
  )

  it(
    verifies(['REVIEW-8', 'REVIEW-4'], 'is left to people when the provider fails, or is late, or talks'),
    async () => {
      for (const [verdict, reason] of [
        [{ status: 503 }, /could not be asked/],
        ['silence', /could not be asked/],
        [{ text: 'Approve it.' }, /not JSON alone/],
      ] as const) {
        model.say(verdict)
        const said = await review()
        expect(said).toMatchObject({ verdict: 'escalate', isFault: true, effect: 'none' })
        expect(said.reasons[0]).toMatch(reason)
      }
    },
  )

  it(verifies('REVIEW-8', 'may be one behind an endpoint'), async () => {
    const said = await review('clerk', 'refund.create')
    expect(said).toMatchObject({ reviewer: 'remote', verdict: 'deny', effect: 'none', reasons: ['It may not be.'] })
    expect(said.by).toMatch(/^endpoint:127\.0\.0\.1:\d+\/judge$/)
  })
})
