import { MessagesAnnotation, StateGraph } from '@langchain/langgraph'
import { ToolNode, toolsCondition } from '@langchain/langgraph/prebuilt'
import { governanceMiddleware, governTools } from '@preceptor/langchain-callback'
import { AIMessage, createAgent, HumanMessage, tool } from 'langchain'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { verifies } from '../verifies.ts'
import {
  answerIn,
  answersIn,
  decisionIn,
  expectEachCallAnswered,
  REFUND,
  refundTool,
  scripted,
  useGovernor,
} from './support.ts'

const harness = useGovernor()
const question = { messages: [new HumanMessage('refund order 7')] }

/** An agent of that maturity, with a tool that counts and the middleware. */
async function made(maturity: 'intern' | 'autonomous', version: 'v1' | 'v2') {
  const effects: unknown[] = []
  const agent = await harness.agent(maturity)
  const middleware = [governanceMiddleware(harness.governor, { agent })]
  const calls = [REFUND, { ...REFUND, args: { cents: '7' }, id: 'call-2' }]
  return {
    agent,
    effects,
    runnable: createAgent({ model: scripted(calls), tools: [refundTool(effects)], middleware, version }),
  }
}

/** The classic graph: a model node and a tool node. */
function graph(tools: ReturnType<typeof governTools>, calls = [REFUND]) {
  const model = scripted(calls).bindTools(tools as never)
  return new StateGraph(MessagesAnnotation)
    .addNode('agent', async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
    .addNode('tools', new ToolNode(tools))
    .addEdge('__start__', 'agent')
    .addConditionalEdges('agent', toolsCondition)
    .addEdge('tools', 'agent')
    .compile()
}

describe.each(['v1', 'v2'] as const)('an agent of version %s', (version) => {
  it(verifies('LC-8', 'is gated when it is invoked'), async () => {
    const allowed = await made('autonomous', version)
    expectEachCallAnswered(await allowed.runnable.invoke(question))
    expect(allowed.effects).toHaveLength(2)
    const withheld = await made('intern', version)
    const result = await withheld.runnable.invoke(question)
    expectEachCallAnswered(result)
    expect(answersIn(result.messages).map((answer) => decisionIn(answer).route)).toEqual(['proposal', 'proposal'])
    expect(withheld.effects).toEqual([])
    await harness.decisionsOn(withheld.agent, 2)
  })

  it(verifies('LC-8', 'is gated when it is streamed'), async () => {
    const { effects, runnable } = await made('intern', version)
    const routes: string[] = []
    for await (const { tools } of await runnable.stream(question, { streamMode: 'updates' }))
      for (const answer of answersIn(tools?.messages ?? [])) routes.push(decisionIn(answer).route)
    expect(routes).toEqual(['proposal', 'proposal'])
    expect(effects).toEqual([])
  })

  it(verifies('LC-8', 'is gated when its events are streamed'), async () => {
    const { effects, runnable } = await made('intern', version)
    const names: string[] = []
    for await (const { event, name } of runnable.streamEvents(question, { version: 'v2' }))
      if (event.startsWith('on_tool')) names.push(`${event} ${name}`)
    expect(names.toSorted()).toEqual([
      'on_tool_end refund',
      'on_tool_end refund',
      'on_tool_start refund',
      'on_tool_start refund',
    ])
    expect(effects).toEqual([])
  })
})

describe('governTools', () => {
  it(verifies('LC-8', 'gates the tools of a graph with a ToolNode'), async () => {
    const effects: unknown[] = []
    const autonomous = governTools(harness.governor, [refundTool(effects)], {
      agent: await harness.agent('autonomous'),
    })
    expect(answerIn(await graph(autonomous).invoke(question)).content).toBe('refunded 5')
    expect(effects).toEqual([{ cents: 5, note: 'none' }])
    const intern = governTools(harness.governor, [refundTool(effects)], { agent: await harness.agent('intern') })
    const answer = answerIn(await graph(intern).invoke(question))
    expect(decisionIn(answer)).toMatchObject({ route: 'proposal' })
    expect(answer.status).toBe('success')
    expect(effects).toHaveLength(1)
  })

  it('keeps what a tool is', async () => {
    const refund = tool(() => ['refunded', { id: 7 }], {
      name: 'refund',
      description: 'Refunds an order.',
      schema: z.object({ cents: z.int() }),
      returnDirect: true,
      responseFormat: 'content_and_artifact',
      metadata: { team: 'billing' },
      tags: ['money'],
    })
    const [governed] = governTools(harness.governor, [refund], { agent: await harness.agent('autonomous') })
    expect(governed).toBeInstanceOf(refund.constructor)
    for (const key of ['name', 'description', 'schema', 'returnDirect', 'responseFormat', 'metadata', 'tags'])
      expect(Reflect.get(governed ?? {}, key)).toBe(Reflect.get(refund, key))
    const answer = await governed?.invoke({ ...REFUND, args: { cents: 5 }, type: 'tool_call' })
    expect(answer).toMatchObject({ content: 'refunded', artifact: { id: 7 }, metadata: { team: 'billing' } })
  })

  it('stops code that calls a tool with plain args by an error with the decision', async () => {
    const effects: unknown[] = []
    const agent = await harness.agent('intern')
    const [refund] = governTools(harness.governor, [refundTool(effects)], { agent })
    await expect(refund?.invoke({ cents: 5 })).rejects.toMatchObject({
      code: 'APPROVAL_REQUIRED',
      details: { decision: { route: 'proposal' } },
    })
    expect(effects).toEqual([])
  })

  it.each(['func', '_call', 'call', 'invoke', 'batch', 'stream'])(
    verifies('I-9', 'gates a tool that is called by its %s'),
    async (way) => {
      const effects: unknown[] = []
      const agent = await harness.agent('intern')
      const [refund] = governTools(harness.governor, [refundTool(effects)], { agent })
      const method: unknown = Reflect.get(refund ?? {}, way)
      if (typeof method !== 'function') throw new Error(`There is no ${way}.`)
      const args = { cents: 5 }
      await expect(async () => {
        const result = await method.call(refund, way === 'batch' ? [args] : args)
        if (way === 'stream') for await (const _chunk of result) effects.push('chunk')
      }).rejects.toMatchObject({ code: 'APPROVAL_REQUIRED' })
      expect(effects).toEqual([])
    },
  )

  it('governs a governed tool once', async () => {
    const effects: unknown[] = []
    const agent = await harness.agent('autonomous')
    const tools = governTools(harness.governor, [refundTool(effects)], { agent })
    expect(governTools(harness.governor, tools, { agent })[0]).toBe(tools[0])
    const middleware = [governanceMiddleware(harness.governor, { agent })]
    await createAgent({ model: scripted([REFUND]), tools, middleware }).invoke(question)
    expect(effects).toHaveLength(1)
    await harness.decisionsOn(agent, 1)
  })

  it('decides two equal calls of one message apart', async () => {
    const effects: unknown[] = []
    const agent = await harness.agent('autonomous')
    const tools = governTools(harness.governor, [refundTool(effects)], { agent })
    const result = await graph(tools, [REFUND, { ...REFUND, id: 'call-2' }]).invoke(question)
    expectEachCallAnswered(result)
    expect(effects).toHaveLength(2)
  })

  it('runs nothing twice for one call of one message', async () => {
    const effects: unknown[] = []
    const agent = await harness.agent('autonomous')
    const node = new ToolNode(governTools(harness.governor, [refundTool(effects)], { agent }))
    const message = new AIMessage({ id: 'ai-1', content: '', tool_calls: [{ ...REFUND, type: 'tool_call' }] })
    const messages = [new HumanMessage({ id: 'human-1', content: 'refund' }), message]
    const config = { configurable: { thread_id: 'once' } }
    const first = await node.invoke({ messages }, config)
    const second = await node.invoke({ messages }, config)
    expect(effects).toHaveLength(1)
    expect(answerIn(second).content).toBe(answerIn(first).content)
  })
})
