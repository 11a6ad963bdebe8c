import { Command, MemorySaver } from '@langchain/langgraph'
import { type GovernanceMiddlewareOptions, governanceMiddleware } from '@preceptor/langchain-callback'
import { createAgent, type InterruptOnConfig, tool } from 'langchain'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { verifies } from '../verifies.ts'
import { deskOf, pausing, question, requestsIn, shown } from './reviewing.ts'
import { answerIn, decisionIn, REFUND, scripted, useGovernor } from './support.ts'

const harness = useGovernor()
const desk = deskOf(harness)

/** What others pass to the middleware of LangChain is taken as it is. */
const theirs: Record<string, boolean | InterruptOnConfig> = {
  refund: {
    allowedDecisions: ['approve', 'reject'],
    description: (toolCall, state) => `Refund of ${toolCall.args.cents}, message ${state.messages.length}`,
    argsSchema: { type: 'object' },
  },
}

describe('interruptOn', () => {
  it(
    verifies('LC-13', 'asks before a call that the agent has earned, and shows what the host says of it'),
    async () => {
      const { agent, runnable, effects, config } = await pausing(harness, [REFUND], {
        maturity: 'autonomous',
        interruptOn: theirs,
      })
      const [request] = requestsIn(await runnable.invoke(question(), config))
      expect(request?.value).toMatchObject({
        description: 'Refund of 5, message 2',
        actionRequests: [{ name: 'refund', description: 'Refund of 5, message 2' }],
        reviewConfigs: [
          { actionName: 'refund', allowedDecisions: ['approve', 'reject'], argsSchema: { type: 'object' } },
        ],
      })
      const [proposal] = await desk.proposalsOf(agent)
      if (proposal === undefined) throw new Error('Nothing was proposed.')
      expect(proposal.context).toEqual({ description: 'Refund of 5, message 2', thread: config.configurable.thread_id })
      await desk.ana.proposals.approve(proposal.id, shown(proposal))
      expect(answerIn(await runnable.invoke(new Command({ resume: 'go on' }), config)).text).toBe('refunded 5')
      expect(effects).toHaveLength(1)
    },
  )

  it(verifies('LC-13', 'asks before a safe call as well'), async () => {
    const { agent, runnable, effects, config } = await pausing(harness, [REFUND], {
      maturity: 'autonomous',
      actions: { refund: { risk: 'safe' } },
      interruptOn: { refund: true },
    })
    expect(requestsIn(await runnable.invoke(question(), config))).toHaveLength(1)
    expect(effects).toEqual([])
    expect(await desk.proposalsOf(agent)).toMatchObject([{ risk: 'medium', state: 'pending' }])
  })

  it.each([{ refund: false }, { refund: { when: () => false } }, { other: true }, {}])(
    verifies('LC-13', 'loosens nothing: %j'),
    async (interruptOn) => {
      const { runnable, effects, config } = await pausing(harness, [REFUND], { interruptOn })
      expect(requestsIn(await runnable.invoke(question(), config))).toHaveLength(1)
      expect(effects).toEqual([])
    },
  )

  it(verifies(['LC-13', 'I-5'], 'is not taken from the context or the config of a run'), async () => {
    const disarming = { interruptOn: undefined, mode: 'defer', reviewerFromResume: () => ({ kind: 'system' }) }
    const { runnable, effects, config } = await pausing(harness, [REFUND], {
      maturity: 'autonomous',
      interruptOn: { refund: true },
    })
    const paused = await runnable.invoke(question(), {
      configurable: { ...config.configurable, ...disarming },
      context: disarming,
    })
    expect(requestsIn(paused)).toHaveLength(1)
    expect(effects).toEqual([])
  })

  it.each([
    ['says so', ({ toolCall }: { toolCall: { args: Record<string, unknown> } }) => toolCall.args.cents === '5', 1],
    ['does not say so', () => false, 0],
    ['cannot be asked', () => Promise.reject(new Error('no rules')), 1],
  ])(verifies('LC-13', 'asks of one call where its rule %s'), async (_what, when, requests) => {
    const { runnable, effects, config } = await pausing(harness, [REFUND], {
      maturity: 'autonomous',
      interruptOn: { refund: { when } },
    })
    expect(requestsIn(await runnable.invoke(question(), config))).toHaveLength(requests)
    expect(effects).toHaveLength(1 - requests)
  })

  it(verifies(['LC-13', 'LC-4'], 'holds for a sub-agent without a gate of its own'), async () => {
    const effects: unknown[] = []
    const pay = tool(({ cents }) => effects.push(cents), {
      name: 'pay',
      description: 'Pays.',
      schema: z.object({ cents: z.int() }),
    })
    const below = createAgent({ model: scripted([{ name: 'pay', args: { cents: 5 }, id: 'call-9' }]), tools: [pay] })
    const ask = tool(async () => JSON.stringify((await below.invoke(question())).messages.map(({ text }) => text)), {
      name: 'ask',
      description: 'Asks.',
      schema: z.object({}),
    })
    const said: unknown[] = []
    // LangChain prints what a handler throws.
    console.error = (text: unknown) => void said.push(text)
    const agent = await harness.agent('autonomous')
    const options: GovernanceMiddlewareOptions = {
      agent,
      actions: { ask: { risk: 'safe' } },
      tools: [pay],
      interruptOn: { pay: true },
    }
    const result = await createAgent({
      model: scripted([{ name: 'ask', args: {}, id: 'call-1' }]),
      tools: [ask],
      middleware: [governanceMiddleware(harness.governor, options)],
    }).invoke(question())
    expect(effects).toEqual([])
    expect(answerIn(result).text).toContain('It waits as proposal prp_')
  })

  it('is said to the model where the graph cannot pause', async () => {
    const { runnable } = await pausing(harness, [REFUND], {
      maturity: 'autonomous',
      interruptOn: { refund: true },
      mode: 'defer',
    })
    const result = await runnable.invoke(question(), { configurable: { thread_id: 'deferred' } })
    expect(decisionIn(answerIn(result))).toMatchObject({ route: 'proposal' })
  })
})

describe('a sub-agent with a gate of its own', () => {
  it(verifies(['LC-4', 'LC-11'], 'pauses the thread of its caller, and goes on where it was'), async () => {
    const effects: unknown[] = []
    const asked: string[] = []
    const pay = tool(
      ({ cents }) => {
        effects.push(cents)
        return `paid ${cents}`
      },
      { name: 'pay', description: 'Pays.', schema: z.object({ cents: z.int() }) },
    )
    const lower = await harness.agent('intern')
    const upper = await harness.agent('autonomous')
    const below = createAgent({
      model: scripted([{ name: 'pay', args: { cents: 5 }, id: 'call-9' }]),
      tools: [pay],
      middleware: [governanceMiddleware(harness.governor, { agent: lower })],
    })
    const ask = tool(
      async () => {
        asked.push('ask')
        const { messages } = await below.invoke(question())
        return messages.map(({ text }) => text).join(' ')
      },
      { name: 'ask', description: 'Asks.', schema: z.object({}) },
    )
    const runnable = createAgent({
      model: scripted([{ name: 'ask', args: {}, id: 'call-1' }]),
      tools: [ask],
      middleware: [governanceMiddleware(harness.governor, { agent: upper })],
      checkpointer: new MemorySaver(),
    })
    const config = { configurable: { thread_id: 'nested' } }
    const [request] = requestsIn(await runnable.invoke(question(), config))
    expect(request?.value).toMatchObject({ name: 'pay', args: { cents: 5 } })
    const [proposal] = await desk.proposalsOf(lower)
    if (proposal === undefined) throw new Error('Nothing was proposed.')
    await desk.ana.proposals.approve(proposal.id, shown(proposal))
    const result = await runnable.invoke(new Command({ resume: 'go on' }), config)
    expect(answerIn(result).text).toContain('paid 5')
    expect(effects).toEqual([5])
    expect(await desk.proposalsOf(lower)).toMatchObject([{ state: 'succeeded' }])
  })
})
