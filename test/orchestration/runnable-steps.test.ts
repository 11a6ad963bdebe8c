import { END, interrupt, MemorySaver, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph'
import { ChatOpenAI } from '@langchain/openai'
import { isInfrastructureFailure, type JsonObject } from '@preceptor/client'
import { governanceMiddleware } from '@preceptor/langchain-callback'
import { type RunnableActionOptions, runnableAction, StepFault } from '@preceptor/orchestration'
import { createAgent, providerStrategy, tool } from 'langchain'
import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { useChatServer } from '../langchain/chat-server.ts'
import { refundTool, useGovernor } from '../langchain/support.ts'

interface Turn {
  readonly text?: string
  readonly calls?: readonly object[]
  readonly failure?: number
}

const REFUND_CALL = { id: 'call-1', type: 'function', function: { name: 'refund', arguments: '{"cents":"5"}' } }
let turns: Turn[] = []
const asked: string[][] = []

const server = useChatServer((response, messages) => {
  asked.push(messages.map(({ content }) => JSON.stringify(content)))
  const { failure = 200, text = null, calls } = turns.shift() ?? { failure: 400 }
  const message = { role: 'assistant', content: text, ...(calls !== undefined && { tool_calls: calls }) }
  const choices = [{ index: 0, message, finish_reason: calls === undefined ? 'stop' : 'tool_calls' }]
  const usage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }
  const body = failure === 200 ? { choices, usage } : { error: { message: 'away', type: 'server_error' } }
  response.writeHead(failure, { 'content-type': 'application/json' })
  response.end(
    JSON.stringify({ id: `chat-${asked.length}`, object: 'chat.completion', created: 0, model: 'm', ...body }),
  )
})

// A model that answers with JSON by itself is one of these names.
const chat = (): ChatOpenAI =>
  new ChatOpenAI({ model: 'gpt-4o', apiKey: 'none', maxRetries: 0, configuration: { baseURL: server.url } })

const harness = useGovernor({ actions: { 'tax.review': { risk: 'high' } } })
let effects: unknown[] = []

/** Guards one attempt of an agent by a runnable, as a step of a workflow does. */
async function attempt(
  agent: string,
  runnable: Parameters<typeof runnableAction>[0],
  options: RunnableActionOptions = {},
) {
  const action = runnableAction(runnable, {
    input: ({ client }: JsonObject) => ({ messages: [{ role: 'user', content: `Review ${client}.` }] }),
    ...options,
  })
  const { execute } = action
  if (execute === undefined) throw new Error('There is no executor.')
  const scope = harness.governor.as({
    workspace: 'default',
    principal: { kind: 'system', id: 'workflows', roles: [] },
    source: 'workflow_engine',
  })
  const trigger = { agent, action: 'tax.review', args: { client: 'Ana' }, idempotencyKey: `wst_${asked.length}` }
  return scope.guard(trigger, execute)
}

const governed = (agent: string) =>
  createAgent({
    model: chat(),
    tools: [refundTool(effects)],
    middleware: [governanceMiddleware(harness.governor, { agent })],
  })

describe('an agent of LangChain as a step', () => {
  beforeEach(() => {
    turns = []
    asked.length = 0
    effects = []
  })

  it('is asked over HTTP, and what it says last is the output', async () => {
    turns = [{ calls: [REFUND_CALL] }, { text: 'Refunded 5.' }]
    const agent = await harness.agent('autonomous')
    expect(await attempt(agent, governed(agent))).toMatchObject({ status: 'executed', value: 'Refunded 5.' })
    expect(asked[0]?.at(-1)).toContain('Review Ana.')
    expect(effects).toEqual([{ cents: 5, note: 'none' }])
    const decided = await harness.decisionsOn(agent, 2)
    expect(decided.map(({ decision }) => Reflect.get(Object(decision), 'action')).sort()).toEqual([
      'refund',
      'tax.review',
    ])
  })

  it('gives its structured response', async () => {
    turns = [{ text: '{"score":3}' }]
    const agent = await harness.agent('autonomous')
    const responseFormat = providerStrategy(z.object({ score: z.number() }))
    const runnable = createAgent({ model: chat(), tools: [], responseFormat })
    expect(await attempt(agent, runnable)).toMatchObject({ value: { score: 3 } })
  })

  it('runs a graph, and a model alone', async () => {
    turns = [{ text: 'from the graph' }, { text: 'from the model' }]
    const agent = await harness.agent('autonomous')
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('ask', async ({ messages }) => ({ messages: [await chat().invoke(messages)] }))
      .addEdge(START, 'ask')
      .addEdge('ask', END)
      .compile()
    expect(await attempt(agent, graph)).toMatchObject({ value: 'from the graph' })
    expect(await attempt(agent, chat(), { input: () => 'Review it.' })).toMatchObject({ value: 'from the model' })
  })

  it('fails where its model is away, which is evidence of nothing', async () => {
    turns = [{ failure: 503 }]
    const agent = await harness.agent('autonomous')
    const error = await attempt(agent, governed(agent)).catch((thrown: unknown) => thrown)
    expect(isInfrastructureFailure(error)).toBe(true)
  })

  it('fails where it asks a person in the middle of its run, and has no effect', async () => {
    turns = [{ calls: [REFUND_CALL] }]
    const agent = await harness.agent('autonomous')
    const asking = tool(() => effects.push(interrupt('May I?')), {
      name: 'refund',
      schema: z.object({ cents: z.string() }),
    })
    const runnable = createAgent({ model: chat(), tools: [asking], checkpointer: new MemorySaver() })
    const fault = await attempt(agent, runnable).catch((thrown: unknown) => thrown)
    expect(StepFault.isInstance(fault)).toBe(true)
    expect(String(fault)).toContain('an approval step of the workflow')
    expect(effects).toEqual([])
  })

  it('is not asked where the gate does not let its agent', async () => {
    const agent = await harness.agent('student')
    expect(await attempt(agent, governed(agent))).toMatchObject({ status: 'withheld', decision: { route: 'training' } })
    expect(asked).toEqual([])
  })
})
