import { AIMessage, HumanMessage } from '@langchain/core/messages'
import { RunnableLambda } from '@langchain/core/runnables'
import { END, interrupt, MemorySaver, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph'
import { describe, expect, it } from 'vitest'
import { StepFault } from '../faults/step-fault.ts'
import { useActions } from './governed-actions.test.helper.ts'
import { runnableAction } from './runnable-action.ts'

const seen: { input: unknown; config: Record<string, unknown> }[] = []
let gives: (input: unknown) => unknown = (input) => input

/** Notes what it is asked with, and gives what the test says. */
const noting = RunnableLambda.from(async (input: unknown, config) => {
  seen.push({ input, config: { ...config } })
  return gives(input)
})

/** A graph over messages whose only step is given. */
const graphOf = (answer: (count: number) => string) =>
  new StateGraph(MessagesAnnotation)
    .addNode('answer', ({ messages }) => ({ messages: [new AIMessage(answer(messages.length))] }))
    .addEdge(START, 'answer')
    .addEdge('answer', END)

const asMessages = () => ({ messages: [{ role: 'user', content: 'Review it.' }] })
const checkpointer = new MemorySaver()
const actions = useActions(
  () => ({
    'step.note': runnableAction(noting, {
      risk: 'medium',
      idempotent: true,
      config: { tags: ['tax'], metadata: { a: 1 } },
    }),
    'step.map': runnableAction(noting, {
      input: ({ client }, { guidance }) => [client, guidance],
      output: (result) => ({ result }),
    }),
    'step.thread': runnableAction(noting, { config: { configurable: { thread_id: 'mine' } } }),
    'step.graph': runnableAction(graphOf((count) => `${count} so far`).compile({ checkpointer }), {
      input: asMessages,
    }),
    'step.silent': runnableAction(graphOf(() => ' \n').compile(), { input: asMessages }),
    'step.asking': runnableAction(graphOf(() => interrupt('May I?')).compile({ checkpointer: new MemorySaver() }), {
      input: asMessages,
    }),
  }),
  () => ({ memory: true }),
)

async function outputOf(action: string, given?: unknown): Promise<unknown> {
  gives = () => given
  const result = await actions.attempt(action, { client: 'ana' })
  if (result.status !== 'executed') throw new Error(`It did not run: ${JSON.stringify(result)}`)
  return result.value
}
const faultOf = async (action: string, given?: unknown): Promise<StepFault> => {
  const fault = await outputOf(action, given).catch((error: unknown) => error)
  if (!StepFault.isInstance(fault)) throw new Error(`No fault: ${String(fault)}`)
  return fault
}

describe('a runnable as an action', () => {
  it('gets the args, a thread named by the attempt, and the signal', async () => {
    seen.length = 0
    gives = () => 'done'
    const agent = await actions.agent('autonomous')
    const result = await actions.attempt('step.note', { client: 'ana' }, { agent, idempotencyKey: 'run-1:review' })
    expect(result).toMatchObject({ status: 'executed', value: 'done' })
    const [{ input, config } = { input: null, config: {} }] = seen
    expect(input).toEqual({ client: 'ana' })
    expect(config).toMatchObject({
      configurable: { thread_id: expect.stringMatching(/^step:run-1:review:dec_.+:1$/) },
      tags: expect.arrayContaining(['tax']),
      metadata: { preceptor_action: 'step.note', preceptor_decision: result.decision.id, preceptor_attempt: 1, a: 1 },
    })
    expect(config.signal).toBeInstanceOf(AbortSignal)
  })

  it('takes input and output as the host makes them, and a thread that it names', async () => {
    seen.length = 0
    expect(await outputOf('step.map', 7)).toEqual({ result: 7 })
    await outputOf('step.thread', 'x')
    expect(seen.map(({ input }) => input)).toEqual([['ana', []], { client: 'ana' }])
    expect(seen[1]?.config).toMatchObject({ configurable: { thread_id: 'mine' } })
  })

  it.each([
    ['a text', 'fine', 'fine'],
    ['a message', new AIMessage('fine'), 'fine'],
    [
      'parts of a message',
      new AIMessage({
        content: [
          { type: 'reasoning', reasoning: 'no' },
          { type: 'text', text: 'fine' },
        ],
      }),
      'fine',
    ],
    [
      'what an agent says last',
      { messages: [new AIMessage('no'), new AIMessage('fine'), new HumanMessage('no')] },
      'fine',
    ],
    ['a structured response', { messages: [new AIMessage('no')], structuredResponse: { score: 3 } }, { score: 3 }],
    ['a structured response that is null', { messages: [new AIMessage('no')], structuredResponse: null }, null],
    ['a state', { total: 3, note: undefined }, { total: 3 }],
    ['a number', 7, 7],
    ['nothing', undefined, null],
    ['what no database takes', ['a\0b'], ['a\ufffdb']],
  ])('gives %s as JSON', async (_, given, expected) => {
    expect(await outputOf('step.note', given)).toEqual(expected)
  })

  it('runs each attempt of a graph in a thread of its own', async () => {
    expect(await outputOf('step.graph')).toBe('1 so far')
    expect(await outputOf('step.graph')).toBe('1 so far')
  })

  it.each([
    [
      'a cycle',
      () =>
        Object.assign([], {
          0: Object.assign(
            {},
            {
              get self() {
                return this
              },
            },
          ),
        }),
      'no JSON',
    ],
    ['a number without bounds', () => 7n, 'no JSON'],
    ['a function', () => () => 1, 'no JSON'],
    ['more than is kept', () => 'x'.repeat(65_535), '65537 bytes of JSON, and 65536 are kept'],
    ['more bytes than are kept', () => 'ü'.repeat(40_000), '80002 bytes of JSON, and 65536 are kept'],
  ])('fails for good where it gives %s', async (_, given, said) => {
    const fault = await faultOf('step.note', given())
    expect(fault.message).toContain(said)
    expect(fault).toMatchObject({ isRetryable: false, isInfrastructure: false })
  })

  it('fails where it said nothing, or asks a person in the middle of its run', async () => {
    // A model may say something the next time.
    const nothing = { message: 'The runnable said nothing.', isRetryable: null }
    expect(await faultOf('step.silent')).toMatchObject(nothing)
    expect(await faultOf('step.note', new AIMessage(''))).toMatchObject(nothing)
    expect(await faultOf('step.note', { messages: [new HumanMessage('no')] })).toMatchObject(nothing)
    const fault = await faultOf('step.asking')
    expect(fault.message).toContain('an approval step of the workflow')
    expect(fault.isRetryable).toBe(false)
    gives = () => {
      throw Object.assign(new Error('interrupted'), { name: 'GraphInterrupt' })
    }
    const error = await actions.attempt('step.note', {}).catch((thrown: unknown) => thrown)
    expect(String(error)).toContain('an approval step of the workflow')
  })

  it('passes on what it throws, as it is', async () => {
    const thrown = new Error('No such client.')
    gives = () => {
      throw thrown
    }
    await expect(actions.attempt('step.note', {})).rejects.toBe(thrown)
  })

  it('ends when its attempt does', async () => {
    const ending = new AbortController()
    gives = () => {
      ending.abort(new Error('enough'))
      return new Promise(() => undefined)
    }
    await expect(actions.attempt('step.note', {}, { signal: ending.signal })).rejects.toThrow(/enough|abort/i)
  })
})
