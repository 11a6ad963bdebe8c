import { ChatOpenAI } from '@langchain/openai'
import { governanceMiddleware } from '@preceptor/langchain-callback'
import { AIMessageChunk, createAgent, HumanMessage } from 'langchain'
import { afterEach, describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { refundTool, useGovernor } from './support.ts'

/** The part of the protocol that these tests look at. */
interface Asked {
  readonly messages: readonly { readonly role: string; readonly content?: unknown; readonly tool_call_id?: string }[]
}

interface Server {
  readonly url: string
  close(): Promise<void>
}

interface ModelServerModule {
  startModelServer(script: (asked: Asked) => { text?: string; calls?: readonly object[] }): Promise<Server>
}

const harness = useGovernor()
const question = { messages: [new HumanMessage('refund order 7')] }
const CALLS = [
  { id: 'call_a', name: 'refund', args: { cents: 5 } },
  { id: 'call_b', name: 'refund', args: { cents: 'five' } },
]

let server: Server | undefined
afterEach(() => server?.close())

/** A model behind HTTP: it makes both calls at once, and then answers. */
async function servedModel(asked: Asked[]): Promise<ChatOpenAI> {
  // The examples are a project of their own, which the compiler does not let this one import by path.
  const path = new URL('../../examples/model-server.ts', import.meta.url).href
  const { startModelServer } = (await import(path)) as ModelServerModule
  server = await startModelServer((conversation) => {
    asked.push(conversation)
    return conversation.messages.some(({ role }) => role === 'tool') ? { text: 'That is all.' } : { calls: CALLS }
  })
  return new ChatOpenAI({ model: 'scripted', apiKey: 'none', maxRetries: 0, configuration: { baseURL: server.url } })
}

describe('over the chat-completions protocol', () => {
  it(verifies('LC-7', 'the model is told of each call once, and what to do'), async () => {
    const asked: Asked[] = []
    const effects: unknown[] = []
    const agent = await harness.agent('intern')
    const middleware = [governanceMiddleware(harness.governor, { agent })]
    const model = await servedModel(asked)
    const result = await createAgent({ model, tools: [refundTool(effects)], middleware }).invoke(question)
    expect(effects).toEqual([])
    expect(result.messages.at(-1)?.text).toBe('That is all.')
    const told = asked.at(-1)?.messages.filter(({ role }) => role === 'tool')
    expect(told).toMatchObject([
      { tool_call_id: 'call_a', content: expect.stringMatching(/It waits as proposal prp_\S+ Do not retry\./) },
      { tool_call_id: 'call_b', content: expect.stringContaining('args.cents') },
    ])
  })

  it(verifies('LC-8', 'a streamed agent is gated, and what it may do it does once'), async () => {
    const effects: unknown[] = []
    const agent = await harness.agent('autonomous')
    const middleware = [governanceMiddleware(harness.governor, { agent })]
    const model = await servedModel([])
    const runnable = createAgent({ model, tools: [refundTool(effects)], middleware })
    const answers: string[] = []
    let text = ''
    for await (const [message] of await runnable.stream(question, { streamMode: 'messages' })) {
      if (AIMessageChunk.isInstance(message)) text += message.text
      else answers.push(message.text)
    }
    expect(effects).toEqual([{ cents: 5, note: 'none' }])
    expect(answers.toSorted()).toEqual([expect.stringContaining('refund: The arguments'), 'refunded 5'].toSorted())
    expect(text).toBe('That is all.')
  })

  it(verifies('I-4', 'the same conversation played again runs nothing again'), async () => {
    const effects: unknown[] = []
    const agent = await harness.agent('autonomous')
    const middleware = [governanceMiddleware(harness.governor, { agent })]
    const runnable = createAgent({ model: await servedModel([]), tools: [refundTool(effects)], middleware })
    const messages = [new HumanMessage({ id: 'task-7', content: 'refund order 7' })]
    const config = { configurable: { thread_id: 'task-7' } }
    const first = await runnable.invoke({ messages }, config)
    const second = await runnable.invoke({ messages }, config)
    expect(effects).toHaveLength(1)
    const texts = (result: typeof first) => result.messages.map((message) => message.text)
    expect(texts(second)).toEqual(texts(first))
  })
})
