import { governanceMiddleware } from '@preceptor/langchain-callback'
import {
  type AgentMiddleware,
  createAgent,
  createMiddleware,
  DynamicTool,
  HumanMessage,
  StructuredTool,
  tool,
  toolRetryMiddleware,
  toolStrategy,
} from 'langchain'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { verifies } from '../verifies.ts'
import {
  answerIn,
  decisionIn,
  expectEachCallAnswered,
  REFUND,
  refundTool,
  type ScriptedCall,
  scripted,
  useGovernor,
} from './support.ts'

const harness = useGovernor()
const question = { messages: [new HumanMessage('refund order 7')] }

/** Middleware that changes the args of a call on its way to the tool. */
const editing = (name: string, cents: unknown): AgentMiddleware =>
  createMiddleware({
    name,
    wrapToolCall: (request, handler) =>
      handler({ ...request, toolCall: { ...request.toolCall, args: { ...request.toolCall.args, cents } } }),
  })

/** Middleware that puts another tool in the place of the called one. */
const swapping = (name: string, other: StructuredTool): AgentMiddleware =>
  createMiddleware({ name, wrapToolCall: (request, handler) => handler({ ...request, tool: other }) })

// Its own types do not fit createAgent under exactOptionalPropertyTypes.
const retrying = toolRetryMiddleware({ maxRetries: 2, initialDelayMs: 1, jitter: false }) as AgentMiddleware

describe('governanceMiddleware', () => {
  it.each([
    ['student', 'training', 'error'],
    ['intern', 'proposal', 'success'],
    ['supervised', 'queue', 'success'],
  ] as const)(
    verifies(['LC-7', 'LC-10'], 'answers a call of a %s agent in one message with route %s, and the run goes on'),
    async (maturity, route, status) => {
      const effects: unknown[] = []
      const agent = await harness.agent(maturity)
      const middleware = [governanceMiddleware(harness.governor, { agent })]
      const model = scripted([REFUND])
      const result = await createAgent({ model, tools: [refundTool(effects)], middleware }).invoke(question)
      const answer = answerIn(result)
      expect(effects).toEqual([])
      expect(decisionIn(answer)).toMatchObject({ agent, action: 'refund', route, risk: 'high', maturity })
      expect(answer).toMatchObject({ name: 'refund', tool_call_id: 'call-1', status })
      expect(answer.content).toContain('Do not retry.')
      expect(result.messages.at(-1)?.type).toBe('ai')
    },
  )

  it(verifies('LC-1', 'decides on the args that the tool receives, after defaults and coercion'), async () => {
    const effects: unknown[] = []
    const agent = await harness.agent('autonomous')
    const middleware = [governanceMiddleware(harness.governor, { agent })]
    const result = await createAgent({ model: scripted([REFUND]), tools: [refundTool(effects)], middleware }).invoke(
      question,
    )
    expect(answerIn(result)).toMatchObject({ content: 'refunded 5', status: 'success', name: 'refund' })
    expect(effects).toEqual([{ cents: 5, note: 'none' }])
    expect(await harness.decisionsOn(agent, 1)).toMatchObject([
      { args: { cents: 5, note: 'none' }, decision: { route: 'execution' } },
    ])
  })

  it.each([
    ['before', (gate: AgentMiddleware): AgentMiddleware[] => [editing('edit', 99_999), gate]],
    ['after', (gate: AgentMiddleware) => [gate, editing('edit', 99_999)]],
    ['before and after', (gate: AgentMiddleware) => [editing('first', 7), gate, editing('last', 99_999)]],
  ] as const)(verifies('LC-1', 'sees the args that middleware %s it puts in place'), async (_where, order) => {
    const effects: unknown[] = []
    const agent = await harness.agent('autonomous')
    const middleware = order(governanceMiddleware(harness.governor, { agent }))
    await createAgent({ model: scripted([REFUND]), tools: [refundTool(effects)], middleware }).invoke(question)
    expect(effects).toEqual([{ cents: 99_999, note: 'none' }])
    expect(await harness.decisionsOn(agent, 1)).toMatchObject([{ args: { cents: 99_999 } }])
  })

  it.each([
    ['before', (gate: AgentMiddleware) => [retrying, gate]],
    ['after', (gate: AgentMiddleware) => [gate, retrying]],
  ] as const)(verifies('LC-2', 'decides each retry of middleware %s it again'), async (_where, order) => {
    let runs = 0
    const read = tool(
      () => {
        runs += 1
        if (runs < 3) throw new Error('busy')
        return 'read'
      },
      { name: `read_${_where}`, description: 'Reads.', schema: z.object({}) },
    )
    const agent = await harness.agent('autonomous')
    const actions = { [read.name]: { risk: 'medium', idempotent: true } } as const
    const middleware = order(governanceMiddleware(harness.governor, { agent, actions }))
    const model = scripted([{ name: read.name, args: {}, id: 'call-1' }])
    const result = await createAgent({ model, tools: [read], middleware }).invoke(question)
    expect(answerIn(result).content).toBe('read')
    expect(runs).toBe(3)
    await harness.decisionsOn(agent, 3)
  })

  it(
    verifies(['LC-2', 'I-4'], 'does not run an action that is not idempotent a second time, whoever retries'),
    async () => {
      let runs = 0
      const pay = tool(
        () => {
          runs += 1
          throw new Error('timed out after sending')
        },
        { name: 'pay', description: 'Pays.', schema: z.object({}) },
      )
      const agent = await harness.agent('autonomous')
      const middleware = [retrying, governanceMiddleware(harness.governor, { agent })]
      const model = scripted([{ name: 'pay', args: {}, id: 'call-1' }])
      const result = await createAgent({ model, tools: [pay], middleware }).invoke(question)
      expect(runs).toBe(1)
      expect(answerIn(result)).toMatchObject({ status: 'error' })
    },
  )

  it('lets no tool run that middleware after it put in place', async () => {
    const effects: unknown[] = []
    const replacements: unknown[] = []
    const agent = await harness.agent('autonomous')
    const middleware = [governanceMiddleware(harness.governor, { agent }), swapping('swap', refundTool(replacements))]
    const said: unknown[] = []
    console.error = (text: unknown) => void said.push(text)
    const result = await createAgent({ model: scripted([REFUND]), tools: [refundTool(effects)], middleware }).invoke(
      question,
    )
    expect([...effects, ...replacements]).toEqual([])
    expect(answerIn(result)).toMatchObject({ status: 'error', tool_call_id: 'call-1' })
    expect(answerIn(result).content).toBe(
      'refund: Middleware behind the gate replaced it. Name governanceMiddleware last.',
    )
    expect(said).toHaveLength(1)
  })

  it('decides on a tool that middleware before it put in place, by the schema of that tool', async () => {
    const replacements: unknown[] = []
    const other = tool(async (args) => void replacements.push(args), {
      name: 'refund',
      description: 'Refunds everything.',
      schema: z.object({ cents: z.coerce.number(), all: z.boolean().default(true) }),
    })
    const agent = await harness.agent('autonomous')
    const middleware = [swapping('swap', other), governanceMiddleware(harness.governor, { agent })]
    await createAgent({ model: scripted([REFUND]), tools: [refundTool([])], middleware }).invoke(question)
    expect(replacements).toEqual([{ cents: 5, all: true }])
    expect(await harness.decisionsOn(agent, 1)).toMatchObject([{ args: { cents: 5, all: true } }])
  })

  it(verifies('I-9', 'gates a tool that is added at run time'), async () => {
    const effects: unknown[] = []
    const added = refundTool(effects)
    const adding = createMiddleware({
      name: 'adding',
      wrapModelCall: (request, handler) => handler({ ...request, tools: [...request.tools, added] }),
      wrapToolCall: (request, handler) => handler({ ...request, tool: request.tool ?? added }),
    })
    const agent = await harness.agent('intern')
    const middleware = [adding, governanceMiddleware(harness.governor, { agent })]
    const result = await createAgent({ model: scripted([REFUND]), tools: [], middleware }).invoke(question)
    expect(effects).toEqual([])
    expect(decisionIn(answerIn(result))).toMatchObject({ route: 'proposal', action: 'refund' })
  })

  it.each(['constructor', '__proto__', 'toString'])(verifies('I-9', 'never runs a tool named %s'), async (name) => {
    const effects: unknown[] = []
    const odd = tool(() => effects.push(name), { name, description: 'Odd.', schema: z.object({}) })
    const agent = await harness.agent('autonomous')
    const middleware = [governanceMiddleware(harness.governor, { agent })]
    const result = await createAgent({
      model: scripted([{ name, args: {}, id: 'call-1' }]),
      tools: [odd],
      middleware,
    }).invoke(question)
    expect(effects).toEqual([])
    expect(answerIn(result)).toMatchObject({ status: 'error', name })
  })

  it.each(['Refund', 'refund ', 'unknown', 'constructor'])(
    verifies('I-9', 'runs nothing for a call of "%s", which no tool is named'),
    async (name) => {
      const effects: unknown[] = []
      const agent = await harness.agent('autonomous')
      const middleware = [governanceMiddleware(harness.governor, { agent })]
      const model = scripted([{ ...REFUND, name }])
      const result = await createAgent({ model, tools: [refundTool(effects)], middleware }).invoke(question)
      expect(effects).toEqual([])
      expect(answerIn(result).status).toBe('error')
    },
  )

  it(verifies('I-9', 'runs neither of two tools of one name: the agent is refused by its framework'), async () => {
    const effects: unknown[] = []
    const agent = await harness.agent('autonomous')
    const middleware = [governanceMiddleware(harness.governor, { agent })]
    const tools = [refundTool(effects), refundTool(effects)]
    await expect(createAgent({ model: scripted([REFUND]), tools, middleware }).invoke(question)).rejects.toThrow(
      'refund',
    )
    expect(effects).toEqual([])
  })

  it(verifies('LC-10', 'registers what the options state of a tool'), async () => {
    const effects: unknown[] = []
    const agent = await harness.agent('supervised')
    const actions = { refund: { action: 'order.refund', risk: 'medium', capability: 'orders' } } as const
    const middleware = [governanceMiddleware(harness.governor, { agent, actions })]
    await createAgent({ model: scripted([REFUND]), tools: [refundTool(effects)], middleware }).invoke(question)
    expect(effects).toHaveLength(1)
    expect(await harness.decisionsOn(agent, 1)).toMatchObject([
      { decision: { action: 'order.refund', risk: 'medium', route: 'execution' } },
    ])
  })

  it('answers args that do not fit with what is wrong with them', async () => {
    const effects: unknown[] = []
    const agent = await harness.agent('autonomous')
    const middleware = [governanceMiddleware(harness.governor, { agent })]
    const model = scripted([{ ...REFUND, args: { cents: 'five' } }])
    const result = await createAgent({ model, tools: [refundTool(effects)], middleware }).invoke(question)
    expect(effects).toEqual([])
    expect(decisionIn(answerIn(result))).toMatchObject({ route: 'denied', code: 'ARGS_INVALID' })
    expect(answerIn(result).content).toContain('args.cents')
  })

  it.each([
    ['unknown', async (): Promise<string> => 'nobody', 'AGENT_UNKNOWN'],
    [
      'paused',
      async (): Promise<string> => {
        const agent = await harness.agent('autonomous')
        await harness.admin.agents.pause(agent, 'test')
        return agent
      },
      'AGENT_PAUSED',
    ],
  ] as const)('denies an agent that is %s', async (_state, make, code) => {
    const effects: unknown[] = []
    const middleware = [governanceMiddleware(harness.governor, { agent: await make() })]
    const result = await createAgent({ model: scripted([REFUND]), tools: [refundTool(effects)], middleware }).invoke(
      question,
    )
    expect(effects).toEqual([])
    expect(decisionIn(answerIn(result))).toMatchObject({ route: 'denied', code })
  })

  it('counts a changed build of the agent as intern', async () => {
    const effects: unknown[] = []
    const { id: agent } = await harness.admin.agents.register({
      id: 'built-bot',
      maturity: 'autonomous',
      fingerprint: { version: '1' },
    })
    const run = (version: string) => {
      const middleware = [governanceMiddleware(harness.governor, { agent, fingerprint: { version } })]
      return createAgent({ model: scripted([REFUND]), tools: [refundTool(effects)], middleware }).invoke(question)
    }
    await run('1')
    expect(effects).toHaveLength(1)
    expect(decisionIn(answerIn(await run('2')))).toMatchObject({ route: 'proposal', maturity: 'intern' })
    expect(effects).toHaveLength(1)
  })

  it(verifies('I-8', 'takes what set the run off from the principal, which the host vouches for'), async () => {
    const effects: unknown[] = []
    const agent = await harness.agent('student')
    const principal = { kind: 'user', id: 'ada', roles: ['admin'] } as const
    const middleware = [governanceMiddleware(harness.governor, { agent, principal })]
    await createAgent({ model: scripted([REFUND]), tools: [refundTool(effects)], middleware }).invoke(question)
    expect(effects).toHaveLength(1)
    expect(await harness.decisionsOn(agent, 1)).toMatchObject([{ decision: { source: 'manual', route: 'execution' } }])
  })

  it.each(['intern', 'autonomous'] as const)(
    'leaves structured output of an agent that is %s alone',
    async (maturity) => {
      const agent = await harness.agent(maturity)
      const middleware = [governanceMiddleware(harness.governor, { agent })]
      const responseFormat = toolStrategy(z.object({ refunded: z.boolean() }))
      const name = responseFormat[0]?.name ?? ''
      const model = scripted([REFUND], [{ name, args: { refunded: true }, id: 'call-2' }])
      const result = await createAgent({ model, tools: [refundTool([])], middleware, responseFormat }).invoke(question)
      expect(result.structuredResponse).toEqual({ refunded: true })
      await harness.decisionsOn(agent, 1)
    },
  )

  it('reads the agent from the context of the run', async () => {
    const effects: unknown[] = []
    const autonomous = await harness.agent('autonomous')
    const student = await harness.agent('student')
    const gate = governanceMiddleware(harness.governor, {
      agent: ({ context }) => (context as { agent: string }).agent,
    })
    const agent = createAgent({
      model: scripted([REFUND]),
      tools: [refundTool(effects)],
      middleware: [gate],
      contextSchema: z.object({ agent: z.string() }),
    })
    const withheld = await agent.invoke(question, { context: { agent: student } })
    expect(decisionIn(answerIn(withheld))).toMatchObject({ agent: student, route: 'training' })
    await agent.invoke(question, { context: { agent: autonomous } })
    expect(effects).toHaveLength(1)
  })

  it('answers every one of several calls in a turn, each by its own decision', async () => {
    const effects: unknown[] = []
    const note = tool(() => 'noted', { name: 'note', description: 'Notes.', schema: z.object({}) })
    const agent = await harness.agent('intern')
    const middleware = [governanceMiddleware(harness.governor, { agent, actions: { note: { risk: 'safe' } } })]
    const calls: ScriptedCall[] = [REFUND, { name: 'note', args: {}, id: 'call-2' }, { ...REFUND, id: 'call-3' }]
    const result = await createAgent({ model: scripted(calls), tools: [refundTool(effects), note], middleware }).invoke(
      question,
    )
    expectEachCallAnswered(result)
    expect(effects).toEqual([])
    const decisions = await harness.decisionsOn(agent, 3)
    expect(decisions.map(({ decision }) => (decision as { route: string }).route).sort()).toEqual([
      'execution',
      'proposal',
      'proposal',
    ])
  })

  it('gates tools of the older kind, which take a text', async () => {
    const effects: unknown[] = []
    const say = new DynamicTool({
      name: 'say',
      description: 'Says.',
      func: async (text) => {
        effects.push(text)
        return 'said'
      },
    })
    const agent = await harness.agent('autonomous')
    const middleware = [governanceMiddleware(harness.governor, { agent })]
    const model = scripted([{ name: 'say', args: { input: 'hello' }, id: 'call-1' }])
    const result = await createAgent({ model, tools: [say], middleware }).invoke(question)
    expect(effects).toEqual(['hello'])
    expect(answerIn(result).content).toBe('said')
  })

  it('gates tools made as a class or with JSON Schema, and keeps their artifacts', async () => {
    class Lookup extends StructuredTool {
      override name = 'lookup'
      override description = 'Looks up.'
      override schema = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] } as const
      override responseFormat = 'content_and_artifact'
      protected override async _call(args: unknown): Promise<unknown> {
        return ['found', { args }]
      }
    }
    const autonomous = await harness.agent('autonomous')
    const model = () => scripted([{ name: 'lookup', args: { id: '7' }, id: 'call-1' }])
    const run = (agent: string) =>
      createAgent({
        model: model(),
        tools: [new Lookup()],
        middleware: [governanceMiddleware(harness.governor, { agent })],
      }).invoke(question)
    expect(answerIn(await run(autonomous))).toMatchObject({ content: 'found', artifact: { args: { id: '7' } } })
    const withheld = answerIn(await run(await harness.agent('intern')))
    expect(decisionIn(withheld)).toMatchObject({ route: 'proposal' })
    expect(withheld.artifact).toBeUndefined()
  })
})
