import { Command, interrupt, MemorySaver } from '@langchain/langgraph'
import { governanceMiddleware } from '@preceptor/langchain-callback'
import { createAgent, tool } from 'langchain'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { verifies } from '../verifies.ts'
import { deskOf, pausing, question, requestsIn, shown } from './reviewing.ts'
import { answerIn, answersIn, expectEachCallAnswered, REFUND, scripted, useGovernor } from './support.ts'

const harness = useGovernor()
const desk = deskOf(harness)

describe('a paused call', () => {
  it.each(['v1', 'v2'] as const)(
    verifies('LC-11', 'runs once after a person has approved it, whatever the graph is resumed with (%s)'),
    async (version) => {
      const { agent, runnable, effects, config } = await pausing(harness, [REFUND], { version })
      const [request] = requestsIn(await runnable.invoke(question(), config))
      const [proposal] = await desk.proposalsOf(agent)
      if (proposal === undefined) throw new Error('Nothing was proposed.')
      expect(request?.value).toMatchObject({
        type: 'tool_approval',
        tool_call_id: 'call-1',
        name: 'refund',
        args: { cents: 5, note: 'none' },
        proposal_id: proposal.id,
        proposal: { id: proposal.id, ...shown(proposal), requiredApprovals: 1, expiresAt: proposal.expiresAt },
        actionRequests: [{ name: 'refund', args: { cents: 5, note: 'none' } }],
        reviewConfigs: [{ actionName: 'refund', allowedDecisions: ['approve', 'edit', 'reject', 'respond'] }],
      })
      await desk.ana.proposals.approve(proposal.id, shown(proposal))
      const result = await runnable.invoke(new Command({ resume: { decisions: [{ type: 'reject' }] } }), config)
      expectEachCallAnswered(result)
      expect(answerIn(result)).toMatchObject({ content: 'refunded 5', status: 'success' })
      expect(effects).toEqual([{ cents: 5, note: 'none' }])
      expect(await desk.proposalsOf(agent)).toMatchObject([{ state: 'succeeded', reviews: [{ reviewer: 'user:ana' }] }])
    },
  )

  it(
    verifies('LC-15', 'that was edited runs as edited, and the model is told what was changed and by whom'),
    async () => {
      const { agent, runnable, effects, config } = await pausing(harness, [REFUND])
      await runnable.invoke(question(), config)
      const [proposal] = await desk.proposalsOf(agent)
      if (proposal === undefined) throw new Error('Nothing was proposed.')
      await desk.ana.proposals.approve(proposal.id, { ...shown(proposal), args: { cents: 3, note: 'none' } })
      const result = await runnable.invoke(new Command({ resume: true }), config)
      expect(effects).toEqual([{ cents: 3, note: 'none' }])
      expect(answerIn(result).text).toBe(
        'refunded 3\n\n[user:ana changed this call before approving it: it ran with {"cents":3} in place of what was asked for. Do not repeat the call as it was.]',
      )
    },
  )

  it(verifies('LC-16', 'that was rejected never runs, and the model is told category and reason'), async () => {
    const { agent, runnable, effects, config } = await pausing(harness, [REFUND])
    await runnable.invoke(question(), config)
    const [proposal] = await desk.proposalsOf(agent)
    if (proposal === undefined) throw new Error('Nothing was proposed.')
    const rejection = { category: 'wrong_args', reason: 'The order was 4 cents.' } as const
    await desk.ana.proposals.reject(proposal.id, { ...shown(proposal), ...rejection })
    const result = await runnable.invoke(new Command({ resume: { decisions: [{ type: 'approve' }] } }), config)
    expectEachCallAnswered(result)
    expect(answerIn(result).status).toBe('error')
    expect(answerIn(result).text).toContain('rejected by user:ana (wrong args): The order was 4 cents. Do not retry.')
    expect(effects).toEqual([])
  })

  it('that a reviewer answered gives that answer to the model', async () => {
    const { agent, runnable, effects, config } = await pausing(harness, [REFUND])
    await runnable.invoke(question(), config)
    const [proposal] = await desk.proposalsOf(agent)
    if (proposal === undefined) throw new Error('Nothing was proposed.')
    await desk.ana.proposals.respond(proposal.id, { ...shown(proposal), response: 'Paid by bank already.' })
    const result = await runnable.invoke(new Command({ resume: 'go on' }), config)
    expect(answerIn(result)).toMatchObject({ content: 'Paid by bank already.', status: 'success' })
    expect(effects).toEqual([])
  })

  it(verifies('LC-9', 'of a tool that pauses the graph itself: each pause gets its own answer'), async () => {
    const effects: unknown[] = []
    const ask = tool(
      ({ cents }) => {
        const first: unknown = interrupt('Sure?')
        const second: unknown = interrupt('Really?')
        effects.push([cents, first, second])
        return 'paid'
      },
      { name: 'pay', description: 'Pays.', schema: z.object({ cents: z.int() }) },
    )
    const agent = await harness.agent('intern')
    const runnable = createAgent({
      model: scripted([{ name: 'pay', args: { cents: 5 }, id: 'call-1' }]),
      tools: [ask],
      middleware: [governanceMiddleware(harness.governor, { agent })],
      checkpointer: new MemorySaver(),
    })
    const config = { configurable: { thread_id: 'own' } }
    await runnable.invoke(question(), config)
    // Too early: it waits on.
    expect(requestsIn(await runnable.invoke(new Command({ resume: 'early' }), config))).toHaveLength(1)
    const [proposal] = await desk.proposalsOf(agent)
    if (proposal === undefined) throw new Error('Nothing was proposed.')
    await desk.ana.proposals.approve(proposal.id, shown(proposal))
    expect(await runnable.invoke(new Command({ resume: 'approved' }), config)).toMatchObject({
      __interrupt__: [{ value: 'Sure?' }],
    })
    expect(await runnable.invoke(new Command({ resume: 'yes' }), config)).toMatchObject({
      __interrupt__: [{ value: 'Really?' }],
    })
    expect(answerIn(await runnable.invoke(new Command({ resume: 'really' }), config)).text).toBe('paid')
    expect(effects).toEqual([[5, 'yes', 'really']])
  })
})

describe('several calls at once', () => {
  const calls = ['call-1', 'call-2', 'call-3'].map((id, index) => ({ ...REFUND, args: { cents: index + 1 }, id }))
  const ORDERS = [
    [0, 1, 2],
    [2, 0, 1],
    [1, 2, 0],
  ]

  it.each(ORDERS)(
    verifies(['LC-14', 'I-6'], 'are decided one by one, in the order %i %i %i, and answered once each'),
    async (...order) => {
      const { agent, runnable, effects, config } = await pausing(harness, calls)
      const requests = requestsIn(await runnable.invoke(question(), config))
      expect(requests).toHaveLength(3)
      const decide = [
        (id: string, version: ReturnType<typeof shown>) => desk.ana.proposals.approve(id, version),
        (id: string, version: ReturnType<typeof shown>) =>
          desk.ana.proposals.reject(id, { ...version, category: 'other', reason: 'No.' }),
        (id: string, version: ReturnType<typeof shown>) =>
          desk.ana.proposals.approve(id, { ...version, args: { cents: 30 } }),
      ]
      let result: unknown
      for (const place of order) {
        const request = requests.find(({ value }) => value.tool_call_id === `call-${place + 1}`)
        if (request?.id === undefined) throw new Error('The call does not wait.')
        const { id, version, actionHash } = request.value.proposal
        await decide[place]?.(id, { version, actionHash })
        result = await runnable.invoke(new Command({ resume: { [request.id]: 'go on' } }), config)
      }
      const { messages } = result as Awaited<ReturnType<typeof runnable.invoke>>
      expectEachCallAnswered({ messages })
      const answers = new Map(answersIn(messages).map((answer) => [answer.tool_call_id, answer.text]))
      expect(answers.get('call-1')).toBe('refunded 1')
      expect(answers.get('call-2')).toContain('rejected by user:ana')
      expect(answers.get('call-3')).toContain('refunded 30')
      expect(effects).toHaveLength(2)
      expect(messages.at(-1)?.type).toBe('ai')
      const states = (await desk.proposalsOf(agent)).map(({ state }) => state)
      expect(states.toSorted()).toEqual(['rejected', 'succeeded', 'succeeded'])
    },
  )

  it(verifies('LC-14', 'in one task of the graph are each answered once as well'), async () => {
    const { agent, runnable, effects, config } = await pausing(harness, calls, { version: 'v1' })
    await runnable.invoke(question(), config)
    // The first call that waits pauses the task, while the others still ask.
    await vi.waitFor(async () => expect(await desk.proposalsOf(agent)).toHaveLength(3), { timeout: 10_000 })
    let result: unknown
    for (const proposal of await desk.proposalsOf(agent)) {
      await desk.ana.proposals.approve(proposal.id, shown(proposal))
      result = await runnable.invoke(new Command({ resume: 'go on' }), config)
    }
    expectEachCallAnswered(result as Awaited<ReturnType<typeof runnable.invoke>>)
    expect(effects).toHaveLength(3)
  })
})

describe('a stream', () => {
  it.each(['updates', 'values', 'messages'] as const)(
    verifies('LC-8', 'of %s shows the pause and, resumed, the answer once'),
    async (streamMode) => {
      const { agent, runnable, effects, config } = await pausing(harness, [REFUND])
      const read = async (input: Parameters<typeof runnable.stream>[0]): Promise<string> => {
        const chunks: unknown[] = []
        for await (const chunk of await runnable.stream(input, { ...config, streamMode: [streamMode, 'updates'] })) {
          chunks.push(chunk)
        }
        return JSON.stringify(chunks)
      }
      const paused = await read(question())
      expect(paused).toContain('__interrupt__')
      const [proposal] = await desk.proposalsOf(agent)
      if (proposal === undefined) throw new Error('Nothing was proposed.')
      expect(paused).toContain(proposal.id)
      await desk.ana.proposals.approve(proposal.id, shown(proposal))
      const resumed = await read(new Command({ resume: 'go on' }))
      expect(resumed).toContain('refunded 5')
      expect(resumed).not.toContain('__interrupt__')
      expect(effects).toHaveLength(1)
    },
  )
})
