import { GovernanceCallbackHandler, governanceMiddleware, governTools } from '@preceptor/langchain-callback'
import { createAgent, createMiddleware, HumanMessage, StructuredTool, tool } from 'langchain'
import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { verifies } from '../verifies.ts'
import { answerIn, decisionIn, REFUND, refundTool, scripted, useGovernor } from './support.ts'

const harness = useGovernor()
const question = { messages: [new HumanMessage('refund order 7')] }
const passing = createMiddleware({ name: 'passing', wrapToolCall: (request, handler) => handler(request) })

let said: string[] = []

// LangChain prints what a handler throws.
beforeEach(() => {
  said = []
  console.error = (text: unknown) => void said.push(String(text))
})

describe('GovernanceCallbackHandler', () => {
  it.each([
    ['student', 'Do not retry.'],
    ['intern', 'It waits as proposal prp_'],
    ['supervised', 'Nobody can watch it now.'],
  ] as const)(verifies('LC-5', 'stops a tool of a %s agent and says what to do'), async (maturity, advice) => {
    const effects: unknown[] = []
    const agent = await harness.agent(maturity)
    const refund = refundTool(effects)
    const callbacks = [new GovernanceCallbackHandler(harness.governor, { agent, tools: [refund] })]
    const result = await createAgent({ model: scripted([REFUND]), tools: [refund] }).invoke(question, { callbacks })
    expect(effects).toEqual([])
    expect(answerIn(result)).toMatchObject({ status: 'error', tool_call_id: 'call-1' })
    expect(answerIn(result).content).toContain(advice)
    expect(said).toHaveLength(1)
  })

  it(verifies('LC-5', 'lets a tool run that may, and reports its outcome'), async () => {
    const effects: unknown[] = []
    const agent = await harness.agent('autonomous')
    const refund = refundTool(effects)
    const callbacks = [new GovernanceCallbackHandler(harness.governor, { agent, tools: [refund] })]
    const result = await createAgent({ model: scripted([REFUND]), tools: [refund] }).invoke(question, { callbacks })
    expect(answerIn(result).content).toBe('refunded 5')
    expect(effects).toHaveLength(1)
    expect(await harness.decisionsOn(agent, 1)).toMatchObject([
      { args: { cents: 5, note: 'none' }, decision: { route: 'execution' } },
    ])
    await harness.recordsOf(agent, 'run.completed', 1)
    expect(said).toEqual([])
  })

  it('reports the failure of a tool, and leaves its error as it is', async () => {
    const agent = await harness.agent('autonomous')
    const fail = tool(
      () => {
        throw new RangeError('no such order')
      },
      { name: 'fail', description: 'Fails.', schema: z.object({}) },
    )
    const callbacks = [new GovernanceCallbackHandler(harness.governor, { agent, tools: [fail] })]
    await expect(fail.invoke({}, { callbacks })).rejects.toThrow(RangeError)
    await harness.recordsOf(agent, 'run.failed', 1)
  })

  it(verifies('LC-5', 'stops the tool, not the host, where it decides by what only a middleware can do'), async () => {
    const effects: unknown[] = []
    const agent = await harness.agent('supervised')
    const user = { workspace: 'default', principal: { kind: 'user', id: 'sue', roles: ['supervisor'] } } as const
    await harness.admin.members.put('sue', { displayName: 'Sue', roles: ['supervisor'] })
    await harness.governor.as(user).presence.heartbeat()
    const refund = refundTool(effects)
    const callbacks = [new GovernanceCallbackHandler(harness.governor, { agent, tools: [refund] })]
    const result = await createAgent({ model: scripted([REFUND]), tools: [refund] }).invoke(question, { callbacks })
    expect(effects).toEqual([])
    expect(answerIn(result).content).toContain('for supervision use governanceMiddleware')
  })

  it(verifies('LC-5', 'blocks whatever its caller sets on it'), async () => {
    const effects: unknown[] = []
    const agent = await harness.agent('student')
    const refund = refundTool(effects)
    const handler = new GovernanceCallbackHandler(harness.governor, { agent, tools: [refund] })
    for (const [key, value] of Object.entries({ raiseError: false, awaitHandlers: false, ignoreAgent: true }))
      expect(() => Reflect.set(handler, key, value) || expect(Reflect.get(handler, key)).not.toBe(value)).not.toThrow()
    await expect(refund.invoke({ cents: 5 }, { callbacks: [handler] })).rejects.toMatchObject({
      code: 'TRAINING_REQUIRED',
    })
    expect(effects).toEqual([])
  })

  it.each([
    ['that nobody registered', {}, 'ACTION_UNKNOWN'],
    ['of an unknown agent', { agent: 'nobody' }, 'AGENT_UNKNOWN'],
  ] as const)('stops a tool %s', async (_which, options, code) => {
    const effects: unknown[] = []
    const agent = await harness.agent('autonomous')
    const other = tool(() => effects.push('ran'), {
      name: `other_${code}`,
      description: 'Other.',
      schema: z.object({}),
    })
    const tools = code === 'ACTION_UNKNOWN' ? [] : [other]
    const handler = new GovernanceCallbackHandler(harness.governor, { agent, tools, ...options })
    await expect(other.invoke({}, { callbacks: [handler] })).rejects.toMatchObject({ code })
    expect(effects).toEqual([])
  })

  it('stops a tool whose class states no name', async () => {
    const effects: unknown[] = []
    class Nameless extends StructuredTool {
      override name = 'refund'
      override description = 'Refunds.'
      override schema = z.object({})
      protected override async _call(): Promise<string> {
        effects.push('ran')
        return 'ran'
      }
    }
    const agent = await harness.agent('autonomous')
    const nameless = new Nameless()
    const handler = new GovernanceCallbackHandler(harness.governor, { agent, tools: [nameless] })
    await expect(nameless.invoke({}, { callbacks: [handler] })).rejects.toMatchObject({ code: 'ACTION_UNKNOWN' })
    const [governed] = governTools(harness.governor, [nameless], { agent })
    expect(await governed?.invoke({}, { callbacks: [handler] })).toBe('ran')
    expect(effects).toEqual(['ran'])
  })

  it('stops a tool when the options give no agent', async () => {
    const effects: unknown[] = []
    const refund = refundTool(effects)
    const agent = (): string => {
      throw new Error('secret of the host')
    }
    const handler = new GovernanceCallbackHandler(harness.governor, { agent, tools: [refund] })
    const failure = await refund.invoke({ cents: 5 }, { callbacks: [handler] }).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'INTERNAL' })
    expect(String(failure)).not.toContain('secret')
    expect(effects).toEqual([])
  })
})

describe('middleware and handler together', () => {
  it(verifies('LC-6', 'make one decision for one tool call'), async () => {
    const effects: unknown[] = []
    const agent = await harness.agent('autonomous')
    const callbacks = [new GovernanceCallbackHandler(harness.governor, { agent })]
    const middleware = [governanceMiddleware(harness.governor, { agent })]
    const result = await createAgent({ model: scripted([REFUND]), tools: [refundTool(effects)], middleware }).invoke(
      question,
      { callbacks },
    )
    expect(answerIn(result).content).toBe('refunded 5')
    expect(effects).toHaveLength(1)
    await harness.decisionsOn(agent, 1)
    expect(said).toEqual([])
  })

  it(verifies('LC-6', 'make one decision also where the same handler is passed twice'), async () => {
    const effects: unknown[] = []
    const agent = await harness.agent('intern')
    const handler = new GovernanceCallbackHandler(harness.governor, { agent })
    const middleware = [governanceMiddleware(harness.governor, { agent })]
    const made = createAgent({ model: scripted([REFUND]), tools: [refundTool(effects)], middleware })
    const result = await made.invoke(question, { callbacks: [handler, handler] })
    expect(decisionIn(answerIn(result))).toMatchObject({ route: 'proposal' })
    await harness.decisionsOn(agent, 1)
  })

  it(verifies('LC-7', 'let the run go on when the handler of another agent stops the tool'), async () => {
    const effects: unknown[] = []
    const agent = await harness.agent('autonomous')
    const student = await harness.agent('student')
    const ask = tool(() => refundTool(effects).invoke({ cents: 5 }), {
      name: 'ask',
      description: 'Asks.',
      schema: z.object({}),
    })
    const callbacks = [new GovernanceCallbackHandler(harness.governor, { agent: student, tools: [refundTool([])] })]
    const middleware = [passing, governanceMiddleware(harness.governor, { agent, actions: { ask: { risk: 'safe' } } })]
    const model = scripted([{ name: 'ask', args: {}, id: 'call-1' }])
    const result = await createAgent({ model, tools: [ask], middleware }).invoke(question, { callbacks })
    expect(effects).toEqual([])
    expect(decisionIn(answerIn(result))).toMatchObject({ agent: student, action: 'refund', route: 'training' })
    expect(result.messages.at(-1)?.type).toBe('ai')
  })
})
