import type { StructuredToolInterface } from '@langchain/core/tools'
import { GovernanceCallbackHandler, governanceMiddleware, governTools } from '@preceptor/langchain-callback'
import { type AgentMiddleware, createAgent, HumanMessage, StructuredTool, tool } from 'langchain'
import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { verifies } from '../verifies.ts'
import { answerIn, decisionIn, REFUND, refundTool, scripted, useGovernor } from './support.ts'

const harness = useGovernor()
const question = { messages: [new HumanMessage('refund order 7')] }
const ASK = { name: 'ask', args: {}, id: 'call-0' }
const SAFE_ASK = { ask: { risk: 'safe' } } as const

let said: unknown[] = []

// LangChain prints what a handler throws.
beforeEach(() => {
  said = []
  console.error = (text: unknown) => void said.push(text)
})

/** An agent below: it makes one call of refund, or whatever tools it is given. */
const below = (tools: StructuredToolInterface[], middleware: AgentMiddleware[] = []) =>
  createAgent({ name: 'below', model: scripted([REFUND]), tools, middleware })

type Below = ReturnType<typeof below>

/** Ways in which a tool can call an agent. */
const WAYS: readonly [string, (agent: Below) => StructuredToolInterface][] = [
  [
    'without config',
    (agent) =>
      tool(async () => (await agent.invoke(question)).messages.at(-1)?.text, {
        name: 'ask',
        description: 'Asks.',
        schema: z.object({}),
      }),
  ],
  [
    'with callbacks of its own',
    (agent) =>
      tool(async () => (await agent.invoke(question, { callbacks: [] })).messages.at(-1)?.text, {
        name: 'ask',
        description: 'Asks.',
        schema: z.object({}),
      }),
  ],
  [
    'as a stream',
    (agent) =>
      tool(
        async () => {
          const texts: string[] = []
          for await (const { messages } of await agent.stream(question, { streamMode: 'values' }))
            texts.push(messages.at(-1)?.text ?? '')
          return texts.at(-1)
        },
        { name: 'ask', description: 'Asks.', schema: z.object({}) },
      ),
  ],
  [
    'from a class',
    (agent) => {
      class Ask extends StructuredTool {
        override name = 'ask'
        override description = 'Asks.'
        override schema = z.object({})
        protected override async _call(): Promise<string | undefined> {
          return (await agent.invoke(question)).messages.at(-1)?.text
        }
      }
      return new Ask()
    },
  ],
]

describe('a sub-agent without a gate of its own', () => {
  it.each(WAYS)(verifies('LC-4', 'is gated as the agent that calls it, %s'), async (_way, ask) => {
    const effects: unknown[] = []
    const agent = await harness.agent('intern')
    const refund = refundTool(effects)
    const gate = governanceMiddleware(harness.governor, { agent, actions: SAFE_ASK, tools: [refund] })
    const result = await createAgent({
      model: scripted([ASK]),
      tools: [ask(below([refund]))],
      middleware: [gate],
    }).invoke(question)
    expect(effects).toEqual([])
    expect(answerIn(result).content).toContain('It waits as proposal prp_')
    expect((await harness.decisionsOn(agent, 2)).map(({ decision }) => decision)).toMatchObject([
      { action: 'ask', route: 'execution' },
      { action: 'refund', route: 'proposal', agent },
    ])
  })

  it(verifies('LC-4', 'runs what its caller may run, and the outcome is recorded'), async () => {
    const effects: unknown[] = []
    const agent = await harness.agent('autonomous')
    const refund = refundTool(effects)
    const gate = governanceMiddleware(harness.governor, { agent, actions: SAFE_ASK, tools: [refund] })
    const ask = WAYS[0]?.[1](below([refund]))
    if (ask === undefined) throw new Error('No way.')
    await createAgent({ model: scripted([ASK]), tools: [ask], middleware: [gate] }).invoke(question)
    expect(effects).toEqual([{ cents: 5, note: 'none' }])
    await harness.recordsOf(agent, 'run.completed', 2)
    expect(said).toEqual([])
  })

  it(verifies('I-9', 'may not use a tool that nobody registered'), async () => {
    const effects: unknown[] = []
    const agent = await harness.agent('autonomous')
    const secret = tool(() => effects.push('ran'), { name: 'secret', description: 'Secret.', schema: z.object({}) })
    const sub = createAgent({ model: scripted([{ name: 'secret', args: {}, id: 'call-9' }]), tools: [secret] })
    const ask = tool(async () => (await sub.invoke(question)).messages.at(-1)?.text, {
      name: 'ask',
      description: 'Asks.',
      schema: z.object({}),
    })
    const gate = governanceMiddleware(harness.governor, { agent, actions: SAFE_ASK })
    const result = await createAgent({ model: scripted([ASK]), tools: [ask], middleware: [gate] }).invoke(question)
    expect(effects).toEqual([])
    expect(answerIn(result).content).toContain('is not registered')
  })

  it(verifies('LC-6', 'is one decision beside a handler that its caller passed'), async () => {
    const effects: unknown[] = []
    const agent = await harness.agent('autonomous')
    const refund = refundTool(effects)
    const ask = WAYS[0]?.[1](below([refund]))
    if (ask === undefined) throw new Error('No way.')
    const gate = governanceMiddleware(harness.governor, { agent, actions: SAFE_ASK, tools: [refund] })
    const callbacks = [new GovernanceCallbackHandler(harness.governor, { agent, tools: [refund] })]
    await createAgent({ model: scripted([ASK]), tools: [ask], middleware: [gate] }).invoke(question, { callbacks })
    expect(effects).toHaveLength(1)
    await harness.decisionsOn(agent, 2)
  })

  it('three levels down is gated as well', async () => {
    const effects: unknown[] = []
    const agent = await harness.agent('intern')
    const refund = refundTool(effects)
    const ask = WAYS[0]?.[1]
    if (ask === undefined) throw new Error('No way.')
    const middle = createAgent({ model: scripted([ASK]), tools: [ask(below([refund]))] })
    const outer = tool(async () => (await middle.invoke(question)).messages.at(-1)?.text, {
      name: 'outer',
      description: 'x',
      schema: z.object({}),
    })
    const gate = governanceMiddleware(harness.governor, {
      agent,
      actions: { ...SAFE_ASK, outer: { risk: 'safe' } },
      tools: [refund, ask(below([refund]))],
    })
    const model = scripted([{ name: 'outer', args: {}, id: 'call-00' }])
    await createAgent({ model, tools: [outer], middleware: [gate] }).invoke(question)
    expect(effects).toEqual([])
    expect((await harness.decisionsOn(agent, 3)).map(({ decision }) => (decision as { route: string }).route)).toEqual([
      'execution',
      'execution',
      'proposal',
    ])
  })
})

describe('a sub-agent with a gate of its own', () => {
  it(verifies(['LC-4', 'I-10'], 'never has more authority than the agent that calls it'), async () => {
    const effects: unknown[] = []
    const lower = await harness.agent('intern')
    const upper = await harness.agent('autonomous')
    const sub = below([refundTool(effects)], [governanceMiddleware(harness.governor, { agent: upper })])
    const ask = tool(async () => (await sub.invoke(question)).messages.at(-1)?.text, {
      name: 'ask',
      description: 'Asks.',
      schema: z.object({}),
    })
    const gate = governanceMiddleware(harness.governor, { agent: lower, actions: SAFE_ASK })
    await createAgent({ model: scripted([ASK]), tools: [ask], middleware: [gate] }).invoke(question)
    expect(effects).toEqual([])
    const [made] = await harness.decisionsOn(upper, 1)
    expect(made).toMatchObject({
      delegation: [lower],
      decision: { agent: upper, route: 'proposal', maturity: 'intern' },
    })
    expect(said).toEqual([])
  })

  it(verifies('I-10', 'may not call the agent that called it'), async () => {
    const effects: unknown[] = []
    const first = await harness.agent('autonomous')
    const second = await harness.agent('autonomous')
    const inner = below([refundTool(effects)], [governanceMiddleware(harness.governor, { agent: first })])
    const askInner = tool(async () => (await inner.invoke(question)).messages.at(-1)?.text, {
      name: 'ask',
      description: 'Asks.',
      schema: z.object({}),
    })
    const middle = createAgent({
      model: scripted([ASK]),
      tools: [askInner],
      middleware: [governanceMiddleware(harness.governor, { agent: second, actions: SAFE_ASK })],
    })
    const askMiddle = tool(async () => (await middle.invoke(question)).messages.at(-1)?.text, {
      name: 'ask',
      description: 'Asks.',
      schema: z.object({}),
    })
    const gate = governanceMiddleware(harness.governor, { agent: first, actions: SAFE_ASK })
    await createAgent({ model: scripted([ASK]), tools: [askMiddle], middleware: [gate] }).invoke(question)
    expect(effects).toEqual([])
    const refused = (await harness.decisionsOn(first, 2)).map(
      ({ decision }) => decision as { action: string; code?: string },
    )
    expect(refused.find(({ action }) => action === 'refund')?.code).toBe('DELEGATION_CYCLE')
  })

  it('is one decision beside a handler that its caller passed', async () => {
    const effects: unknown[] = []
    const agent = await harness.agent('autonomous')
    const sub = below([refundTool(effects)], [governanceMiddleware(harness.governor, { agent })])
    const ask = tool(async () => (await sub.invoke(question)).messages.at(-1)?.text, {
      name: 'ask',
      description: 'Asks.',
      schema: z.object({}),
    })
    const gate = governanceMiddleware(harness.governor, { agent, actions: SAFE_ASK })
    const callbacks = [new GovernanceCallbackHandler(harness.governor, { agent })]
    await createAgent({ model: scripted([ASK]), tools: [ask], middleware: [gate] }).invoke(question, { callbacks })
    expect(effects).toHaveLength(1)
    await harness.decisionsOn(agent, 2)
  })
})

describe('a governed tool that code calls inside another tool', () => {
  it('stops that tool by an error, and the model is answered once', async () => {
    const effects: unknown[] = []
    const agent = await harness.agent('intern')
    const [refund] = governTools(harness.governor, [refundTool(effects)], { agent })
    const ask = tool(() => refund?.invoke({ cents: 5 }), { name: 'ask', description: 'Asks.', schema: z.object({}) })
    const gate = governanceMiddleware(harness.governor, { agent, actions: SAFE_ASK })
    const result = await createAgent({ model: scripted([ASK]), tools: [ask], middleware: [gate] }).invoke(question)
    expect(effects).toEqual([])
    expect(answerIn(result)).toMatchObject({ name: 'ask', tool_call_id: 'call-0' })
    expect(decisionIn(answerIn(result))).toMatchObject({ action: 'refund', route: 'proposal' })
  })
})
