import { AIMessage, type BaseMessage, HumanMessage } from '@langchain/core/messages'
import { JsonOutputParser } from '@langchain/core/output_parsers'
import { ChatPromptTemplate } from '@langchain/core/prompts'
import { RunnableLambda } from '@langchain/core/runnables'
import { FakeListChatModel } from '@langchain/core/utils/testing'
import { END, interrupt, MemorySaver, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph'
import type { ScenarioQuestion } from '@preceptor/client'
import { createAgent, FakeToolCallingModel, tool, toolStrategy } from 'langchain'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type AnsweringRunnable, traineeFromRunnable } from './trainee-from-runnable.ts'

const ANSWER = { cents: 350 }

function question(signal = new AbortController().signal): ScenarioQuestion {
  const asked = { agent: 'bot', session: 'trs_1', scenario: 'refund.sum', topic: 'amounts', capability: 'refund' }
  return { ...asked, task: 'Add up {them}.', input: { items: [100, 250] }, signal }
}

const model = (...responses: readonly string[]): FakeListChatModel =>
  new FakeListChatModel({ responses: [...responses, ...(responses.length === 0 ? [JSON.stringify(ANSWER)] : [])] })

const ask = (runnable: AnsweringRunnable, asked = question()) => traineeFromRunnable(runnable)(asked)

/** A graph over messages whose only step answers with a text. */
function graphOf(answer: (messages: readonly BaseMessage[]) => string) {
  return new StateGraph(MessagesAnnotation)
    .addNode('answer', ({ messages }) => ({ messages: [new AIMessage(answer(messages))] }))
    .addEdge(START, 'answer')
    .addEdge('answer', END)
}

describe('a trainee of a runnable [TRAINEE-1]', () => {
  it('asks a chat model with task and input, and reads its text', async () => {
    const seen: BaseMessage[] = []
    const noting = RunnableLambda.from((messages: BaseMessage[]) => {
      seen.push(...messages)
      return messages
    })
    const chat = model()
    // What stands before the model would take an object: the messages are in it.
    await ask(
      RunnableLambda.from(({ messages }: { messages: BaseMessage[] }) => messages)
        .pipe(noting)
        .pipe(chat),
    )
    expect(seen).toHaveLength(1)
    expect(HumanMessage.isInstance(seen[0])).toBe(true)
    expect(seen[0]?.text).toMatch(
      /^Add up \{them\}\.\n\nInput:\n\{\n {2}"items": \[\n {4}100,\n {4}250\n {2}\]\n\}\n\n/,
    )
    expect(await ask(chat)).toEqual(ANSWER)
  })

  it.each([
    ['with a config', () => model().withConfig({ tags: ['x'] })],
    ['with retries', () => model().withRetry()],
    ['with fallbacks', () => model().withFallbacks([model()])],
    ['with a parser behind it', () => model().pipe(new JsonOutputParser())],
    [
      'with a config around retries and a parser',
      () => model().withRetry().pipe(new JsonOutputParser()).withConfig({}),
    ],
  ])('finds the chat model %s', async (_, runnable) => {
    expect(await ask(runnable())).toEqual(ANSWER)
  })

  it('gives a prompt its variables, and text with braces as it is', async () => {
    const prompt = ChatPromptTemplate.fromMessages([['human', '{topic} {capability} {task} {input}']])
    const echo = RunnableLambda.from((value: { messages: BaseMessage[] }) => value.messages.at(-1)?.text ?? '')
    const asked = await ask(
      prompt.pipe(RunnableLambda.from((value) => ({ messages: value.toChatMessages() }))).pipe(echo),
    )
    expect(asked).toBe(`amounts refund Add up {them}. ${JSON.stringify({ items: [100, 250] }, null, 2)}`)
  })

  it('asks an agent, and takes what it said last after its tools', async () => {
    const add = tool(({ numbers }) => String(numbers[0] + numbers[1]), {
      name: 'add',
      schema: z.object({ numbers: z.tuple([z.number(), z.number()]) }),
    })
    const calls = [[{ name: 'add', args: { numbers: [100, 250] }, id: 'call-1' }], []]
    const answer = await ask(createAgent({ model: new FakeToolCallingModel({ toolCalls: calls }), tools: [add] }))
    // The fake model says all that it heard.
    expect(answer).toMatch(/Add up \{them\}[\s\S]*350$/)
  })

  it('takes the structured response of an agent as it is', async () => {
    const structuredResponse = { ...ANSWER }
    const fake = new FakeToolCallingModel({
      toolCalls: [[{ name: 'extract-1', args: structuredResponse, id: 'call-1' }]],
      structuredResponse,
    })
    const schema = z.object({ cents: z.number() }).meta({ title: 'extract-1' })
    const agent = createAgent({ model: fake, tools: [], responseFormat: toolStrategy(schema) })
    expect(await ask(agent)).toEqual(ANSWER)
  })

  it('asks each time in a thread of its own, named by session and scenario, with the signal and what the host adds', async () => {
    const configs: Record<string, unknown>[] = []
    const noting = RunnableLambda.from((_, config) => {
      configs.push({ ...config })
      return '1'
    })
    const trainee = traineeFromRunnable(noting, {
      config: ({ scenario }) => ({ tags: [scenario], configurable: { tenant: 'a' }, metadata: { run: 7 } }),
    })
    const asked = question()
    await trainee(asked)
    await trainee(asked)
    const threads = configs.map(({ configurable }) => Reflect.get(Object(configurable), 'thread_id'))
    expect(threads).toEqual([1, 2].map(() => expect.stringMatching(/^training:trs_1:refund\.sum:[0-9a-f-]{36}$/)))
    expect(new Set(threads).size).toBe(2)
    expect(configs[0]).toMatchObject({
      tags: expect.arrayContaining(['refund.sum']),
      configurable: { tenant: 'a' },
      metadata: { training_session: 'trs_1', training_scenario: 'refund.sum', run: 7 },
      signal: asked.signal,
    })
  })

  it('takes a thread of the host where it names one', async () => {
    const graph = graphOf((messages) => String(messages.length)).compile({ checkpointer: new MemorySaver() })
    const config = { configurable: { thread_id: 'mine' } }
    const trainee = traineeFromRunnable(graph, { config })
    expect([await trainee(question()), await trainee(question())]).toEqual([1, 3])
    expect([await ask(graph), await ask(graph)]).toEqual([1, 1])
  })

  it('ends the run when the question is withdrawn', async () => {
    const controller = new AbortController()
    const never = RunnableLambda.from(() => new Promise<string>(() => undefined))
    const asking = Promise.resolve(ask(never, question(controller.signal)))
    controller.abort(new Error('too late'))
    await expect(asking).rejects.toThrow(/too late|abort/i)
  })

  it('gives no answer where the runnable fails, says nothing, or waits for a person', async () => {
    const failing = RunnableLambda.from(() => Promise.reject(new Error('429')))
    await expect(ask(failing)).rejects.toThrow('429')
    for (const silent of [model(' \n'), graphOf(() => '').compile()]) {
      await expect(ask(silent)).rejects.toThrow('The runnable gave no answer: it said nothing.')
    }
    const waiting = graphOf(() => interrupt('May I?')).compile({ checkpointer: new MemorySaver() })
    await expect(ask(waiting)).rejects.toThrow('The runnable gave no answer: its run waits for a person.')
    await expect(ask(waiting)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })
})
