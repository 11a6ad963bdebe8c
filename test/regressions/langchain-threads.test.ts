import { Command, END, interrupt, MemorySaver, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph'
import { ToolNode } from '@langchain/langgraph/prebuilt'
import type { Proposal } from '@preceptor/client'
import { GovernanceCallbackHandler, governanceMiddleware, governTools } from '@preceptor/langchain-callback'
import { AIMessage, type BaseMessage, createAgent, HumanMessage, ToolMessage, tool } from 'langchain'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { deskOf, pausing, question, requestsIn, shown } from '../langchain/reviewing.ts'
import { answerIn, expectEachCallAnswered, REFUND, refundTool, scripted, useGovernor } from '../langchain/support.ts'

const WITHIN = { timeout: 10_000, interval: 20 }
const harness = useGovernor()
const desk = deskOf(harness)

const approve = (proposal: Proposal) => desk.ana.proposals.approve(proposal.id, shown(proposal))
const reject = (proposal: Proposal) =>
  desk.ana.proposals.reject(proposal.id, { ...shown(proposal), category: 'other', reason: 'No.' })

/** The pending proposal of an agent that is about these args; one call may pause the graph while another still asks. */
async function waiting(agent: string, cents?: number): Promise<Proposal> {
  return vi.waitFor(async () => {
    const found = (await desk.proposalsOf(agent)).find(
      ({ state, args }) => state === 'pending' && (cents === undefined || args.cents === cents),
    )
    if (found === undefined) throw new Error('Nothing waits.')
    return found
  }, WITHIN)
}

/** What a provider refuses with status 400: a call without its answer right behind it, or an answer twice. */
function expectValidForProvider(messages: readonly BaseMessage[]): void {
  for (const [place, message] of messages.entries()) {
    const calls = AIMessage.isInstance(message) ? (message.tool_calls ?? []) : []
    const answers = messages.slice(place + 1, place + 1 + calls.length)
    expect(answers.map((answer) => ToolMessage.isInstance(answer) && answer.tool_call_id).toSorted()).toEqual(
      calls.map(({ id }) => id).toSorted(),
    )
  }
  const answered = messages.filter((message) => ToolMessage.isInstance(message)).map(({ tool_call_id: id }) => id)
  expect(new Set(answered).size).toBe(answered.length)
}

describe('a call that was rejected', () => {
  it('is not run by the ToolNode beside one that was approved (langchain-ai/langchain#37093) [I-6, LC-14]', async () => {
    const effects: unknown[] = []
    const agent = await harness.agent('intern')
    const tools = governTools(harness.governor, [refundTool(effects)], { agent })
    const calls = [1, 2].map((cents) => ({
      ...REFUND,
      args: { cents },
      id: `call-${cents}`,
      type: 'tool_call' as const,
    }))
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('model', () => ({ messages: [new AIMessage({ id: 'ai-1', content: '', tool_calls: calls })] }))
      .addNode('tools', new ToolNode(tools))
      .addEdge(START, 'model')
      .addEdge('model', 'tools')
      .addEdge('tools', END)
      .compile({ checkpointer: new MemorySaver() })
    const config = { configurable: { thread_id: '37093' } }
    await graph.invoke(question(), config)
    await approve(await waiting(agent, 1))
    await reject(await waiting(agent, 2))
    const { messages } = await graph.invoke(new Command({ resume: 'go on' }), config)
    expectEachCallAnswered({ messages })
    expect(effects).toEqual([{ cents: 1, note: 'none' }])
  })

  it.each([
    ['langchain-ai/langchainjs#11125', 'v1'],
    ['langchain-ai/langchainjs#11437', 'v2'],
  ] as const)('leaves a thread that the provider takes, beside approved ones (%s) [LC-14]', async (_issue, version) => {
    const calls = [1, 2, 3].map((cents) => ({ ...REFUND, args: { cents }, id: `call-${cents}` }))
    const { agent, runnable, effects, config } = await pausing(harness, calls, { version })
    await runnable.invoke(question(), config)
    await approve(await waiting(agent, 1))
    await reject(await waiting(agent, 2))
    await approve(await waiting(agent, 3))
    const result = await runnable.invoke(new Command({ resume: 'go on' }), config)
    expect(requestsIn(result)).toEqual([])
    expectValidForProvider(result.messages)
    expect(effects).toHaveLength(2)
    // The next turn goes on in the same thread.
    const next = await runnable.invoke({ messages: [new HumanMessage('thanks')] }, config)
    expectValidForProvider(next.messages)
  })
})

describe('a callback handler that throws', () => {
  it('is not only logged: the tool does not run (langchain-ai/langchainjs#5373) [I-9, LC-5]', async () => {
    const said: unknown[] = []
    console.error = (text: unknown) => void said.push(text)
    const effects: unknown[] = []
    const agent = await harness.agent('intern')
    const refund = refundTool(effects)
    const callbacks = [new GovernanceCallbackHandler(harness.governor, { agent, tools: [refund] })]
    await expect(refund.invoke({ cents: 5 }, { callbacks })).rejects.toMatchObject({ code: 'APPROVAL_REQUIRED' })
    expect(effects).toEqual([])
    expect(said).toHaveLength(1)
  })
})

describe('pauses one after the other', () => {
  it('repeat no effect of the steps before them (langchain-ai/langgraph#7780) [I-4]', async () => {
    const effects: unknown[] = []
    const agent = await harness.agent('intern')
    const turns = [1, 2, 3].map((cents) => [{ ...REFUND, args: { cents }, id: `call-${cents}` }])
    const runnable = createAgent({
      model: scripted(...turns),
      tools: [refundTool(effects)],
      middleware: [governanceMiddleware(harness.governor, { agent })],
      checkpointer: new MemorySaver(),
    })
    const config = { configurable: { thread_id: '7780' } }
    let result: unknown = await runnable.invoke(question(), config)
    for (const cents of [1, 2, 3]) {
      expect(effects).toHaveLength(cents - 1)
      await approve(await waiting(agent, cents))
      result = await runnable.invoke(new Command({ resume: 'go on' }), config)
    }
    expect(requestsIn(result)).toEqual([])
    expect(effects.map((effect) => Reflect.get(Object(effect), 'cents'))).toEqual([1, 2, 3])
  })

  it('in one task show the second one, and go on from it (langchain-ai/langgraphjs#1298) [I-6]', async () => {
    const calls = [1, 2].map((cents) => ({ ...REFUND, args: { cents }, id: `call-${cents}` }))
    const { agent, runnable, effects, config } = await pausing(harness, calls, { version: 'v1' })
    const [first] = requestsIn(await runnable.invoke(question(), config))
    await approve(await waiting(agent, Number(first?.value.args.cents)))
    const [second] = requestsIn(await runnable.invoke(new Command({ resume: 'go on' }), config))
    expect(second?.value.proposal_id).not.toBe(first?.value.proposal_id)
    expect(second?.value.type).toBe('tool_approval')
    await approve(await waiting(agent))
    const result = await runnable.invoke(new Command({ resume: 'go on' }), config)
    expectValidForProvider(result.messages)
    expect(effects).toHaveLength(2)
  })

  it('do not run the nodes before them again (tinyhumansai/opencompany#846) [I-4]', async () => {
    const effects: unknown[] = []
    const upstream: string[] = []
    const agent = await harness.agent('intern')
    const tools = governTools(harness.governor, [refundTool(effects)], { agent })
    const call = { ...REFUND, type: 'tool_call' as const }
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('charge', () => {
        upstream.push('charged')
        return {}
      })
      .addNode('model', () => {
        upstream.push('asked')
        return { messages: [new AIMessage({ id: 'ai-1', content: '', tool_calls: [call] })] }
      })
      .addNode('tools', new ToolNode(tools))
      .addEdge(START, 'charge')
      .addEdge('charge', 'model')
      .addEdge('model', 'tools')
      .addEdge('tools', END)
      .compile({ checkpointer: new MemorySaver() })
    const config = { configurable: { thread_id: '846' } }
    await graph.invoke(question(), config)
    await approve(await waiting(agent))
    expectEachCallAnswered(await graph.invoke(new Command({ resume: 'go on' }), config))
    await graph.invoke(null, config).catch(() => undefined)
    expect(upstream).toEqual(['charged', 'asked'])
    expect(effects).toHaveLength(1)
  })
})

describe('an agent below an agent', () => {
  async function nested(gated: boolean) {
    const effects: unknown[] = []
    const refund = refundTool(effects)
    const lower = await harness.agent('intern')
    const upper = await harness.agent('autonomous')
    const below = createAgent({
      model: scripted([REFUND]),
      tools: [refund],
      middleware: gated ? [governanceMiddleware(harness.governor, { agent: lower })] : [],
    })
    const ask = tool(async () => (await below.invoke(question())).messages.map(({ text }) => text).join(' '), {
      name: 'ask',
      description: 'Asks.',
      schema: z.object({}),
    })
    const options = {
      agent: upper,
      tools: [refund],
      interruptOn: { refund: true },
      actions: { ask: { risk: 'safe' } },
    } as const
    const runnable = createAgent({
      model: scripted([{ name: 'ask', args: {}, id: 'call-0' }]),
      tools: [ask],
      middleware: [governanceMiddleware(harness.governor, options)],
      checkpointer: new MemorySaver(),
    })
    const config = { configurable: { thread_id: `below-${lower}` } }
    return { effects, lower, upper, runnable, config }
  }

  it('is under what its caller is interrupted on (langchain-ai/deepagents#2334) [I-10, LC-13]', async () => {
    const said: unknown[] = []
    console.error = (text: unknown) => void said.push(text)
    const { effects, upper, runnable, config } = await nested(false)
    await runnable.invoke(question(), config)
    expect(effects).toEqual([])
    expect(await desk.proposalsOf(upper)).toMatchObject([{ action: 'refund', state: 'pending' }])
    expect(said).toHaveLength(1)
  })

  it.each([
    ['reject', 'rejected by user:ana', []],
    ['edit', 'refunded 3', [{ cents: 3, note: 'none' }]],
  ] as const)('can be decided on by %s (langchain-ai/deepagents#554) [LC-11]', async (verdict, told, ran) => {
    const { effects, lower, runnable, config } = await nested(true)
    await runnable.invoke(question(), config)
    const proposal = await waiting(lower)
    if (verdict === 'reject') await reject(proposal)
    else await desk.ana.proposals.approve(proposal.id, { ...shown(proposal), args: { cents: 3 } })
    const result = await runnable.invoke(new Command({ resume: 'go on' }), config)
    expect(answerIn(result).text).toContain(told)
    expect(effects).toEqual(ran)
  })

  it('that pauses itself pauses its caller, without an error (langchain-ai/deepagentsjs#130) [LC-9]', async () => {
    const effects: unknown[] = []
    const agent = await harness.agent('autonomous')
    const confirm = tool(() => void effects.push(interrupt('Sure?')), {
      name: 'confirm',
      description: 'Confirms.',
      schema: z.object({}),
    })
    const below = createAgent({
      model: scripted([{ name: 'confirm', args: {}, id: 'call-9' }]),
      tools: [confirm],
      middleware: [governanceMiddleware(harness.governor, { agent })],
    })
    const ask = tool(async () => (await below.invoke(question())).messages.at(-1)?.text, {
      name: 'ask',
      description: 'Asks.',
      schema: z.object({}),
    })
    const runnable = createAgent({
      model: scripted([{ name: 'ask', args: {}, id: 'call-0' }]),
      tools: [ask],
      middleware: [
        governanceMiddleware(harness.governor, { agent, actions: { ask: { risk: 'safe' } }, tools: [confirm] }),
      ],
      checkpointer: new MemorySaver(),
    })
    const config = { configurable: { thread_id: '130' } }
    expect(await runnable.invoke(question(), config)).toMatchObject({ __interrupt__: [{ value: 'Sure?' }] })
    const result = await runnable.invoke(new Command({ resume: 'yes' }), config)
    expectEachCallAnswered(result)
    expect(effects).toEqual(['yes'])
  })
})
