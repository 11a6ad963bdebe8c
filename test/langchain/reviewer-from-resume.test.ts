import { Command, interrupt, MemorySaver } from '@langchain/langgraph'
import type { Principal } from '@preceptor/client'
import { type AgentRuntime, governanceMiddleware } from '@preceptor/langchain-callback'
import { createAgent, tool } from 'langchain'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { verifies } from '../verifies.ts'
import { deskOf, pausing, person, question, requestsIn, shown } from './reviewing.ts'
import { answerIn, answersIn, decisionIn, expectEachCallAnswered, REFUND, scripted, useGovernor } from './support.ts'

const harness = useGovernor()
const desk = deskOf(harness)

/** As a host does: who answered stands in the context of the invocation, which only the host fills. */
const reviewerFromResume = ({ context }: AgentRuntime): Principal | undefined => {
  const reviewer: unknown = typeof context === 'object' && context !== null && Reflect.get(context, 'reviewer')
  return typeof reviewer === 'string' ? person(reviewer) : undefined
}
const as = (reviewer: string) => ({ context: { reviewer } })

/** An answer that names the interrupt. */
function to(result: unknown, answer: unknown): Command {
  const [request] = requestsIn(result)
  return new Command({ resume: { [request?.id ?? '']: answer } })
}
const approve = { decisions: [{ type: 'approve' }] }
const CRITICAL = { actions: { refund: { risk: 'critical' } } } as const

describe('an answer in the resume payload', () => {
  it.each([
    ['approve', approve, 'refunded 5', [{ cents: 5, note: 'none' }]],
    ['approve', { type: 'approve' }, 'refunded 5', [{ cents: 5, note: 'none' }]],
    [
      'edit',
      { decisions: [{ type: 'edit', editedAction: { name: 'refund', args: { cents: 4 } } }] },
      'refunded 4',
      [{ cents: 4, note: 'none' }],
    ],
    [
      'reject',
      { decisions: [{ type: 'reject', message: 'Too late.' }] },
      'rejected by user:ana (other): Too late.',
      [],
    ],
    ['respond', { decisions: [{ type: 'respond', message: 'Paid already.' }] }, 'Paid already.', []],
  ] as const)(verifies('LC-12', 'to %s is the decision of that person (%j)'), async (verdict, payload, told, ran) => {
    const { agent, runnable, effects, config } = await pausing(harness, [REFUND], { reviewerFromResume })
    await runnable.invoke(question(), config)
    const result = await runnable.invoke(new Command({ resume: payload }), { ...config, ...as('ana') })
    expectEachCallAnswered(result)
    expect(answerIn(result).text).toContain(told)
    expect(effects).toEqual(ran)
    expect(await desk.proposalsOf(agent)).toMatchObject([{ reviews: [{ reviewer: 'user:ana', verdict }] }])
  })

  it(verifies(['LC-12', 'I-5'], 'is nothing where nobody answered, and nothing without the option'), async () => {
    for (const options of [{ reviewerFromResume }, {}]) {
      const { agent, runnable, effects, config } = await pausing(harness, [REFUND], options)
      await runnable.invoke(question(), config)
      const context = 'reviewerFromResume' in options ? {} : as('ana')
      const result = await runnable.invoke(new Command({ resume: approve }), { ...config, ...context })
      expect(requestsIn(result)).toHaveLength(1)
      expect(effects).toEqual([])
      expect(await desk.proposalsOf(agent)).toMatchObject([{ state: 'pending', reviews: [] }])
    }
  })

  it(verifies(['LC-12', 'I-27'], 'of who may not decide is refused and told, and nothing runs'), async () => {
    const { agent, runnable, effects, config } = await pausing(harness, [REFUND], {
      reviewerFromResume: (runtime) => {
        const reviewer = reviewerFromResume(runtime)
        if (reviewer?.id === 'viewer') return { ...reviewer, roles: ['viewer'] }
        if (reviewer?.id === 'fault') throw new Error('no directory')
        return reviewer?.id === 'agent' ? { kind: 'agent', id: agentOf(), roles: [] } : reviewer
      },
    })
    const agentOf = (): string => agent
    let result: unknown = await runnable.invoke(question(), config)
    // Ada registered the agent and owns it.
    for (const [reviewer, code] of [
      ['viewer', 'PERMISSION_DENIED'],
      ['agent', 'PERMISSION_DENIED'],
      ['ada', 'PERMISSION_DENIED'],
      ['fault', 'INTERNAL'],
    ] as const) {
      result = await runnable.invoke(to(result, approve), { ...config, ...as(reviewer) })
      expect(requestsIn(result)).toMatchObject([{ value: { problem: { code } } }])
    }
    expect(effects).toEqual([])
    expect(await desk.proposalsOf(agent)).toMatchObject([{ state: 'pending', reviews: [] }])
    const ended = await runnable.invoke(to(result, approve), { ...config, ...as('ana') })
    expect(answerIn(ended).text).toBe('refunded 5')
    expect(effects).toHaveLength(1)
  })

  it.each([
    ['of another tool', { decisions: [{ type: 'edit', editedAction: { name: 'drop', args: {} } }] }, 'not the tool'],
    ['that is not allowed here', { decisions: [{ type: 'respond', message: 'x' }] }, 'not among approve, edit, reject'],
    ['with args that do not parse', { decisions: [{ type: 'edit', editedAction: { name: 'refund', args: {} } }] }, ''],
    ['of two decisions for one call', { decisions: [{ type: 'approve' }, { type: 'reject' }] }, 'no decision'],
    ['in words', 'yes, go on', 'no decision'],
    ['of another kind', { type: 'accept', approved: true }, 'no decision'],
  ])(verifies('LC-12', '%s is refused and told, and nothing runs'), async (_what, payload, message) => {
    const { agent, runnable, effects, config } = await pausing(harness, [REFUND], {
      reviewerFromResume,
      interruptOn: { refund: { allowedDecisions: ['approve', 'edit', 'reject'] } },
    })
    await runnable.invoke(question(), config)
    const result = await runnable.invoke(new Command({ resume: payload }), { ...config, ...as('ana') })
    expect(requestsIn(result)).toMatchObject([{ value: { problem: { message: expect.stringContaining(message) } } }])
    expect(effects).toEqual([])
    expect(await desk.proposalsOf(agent)).toMatchObject([{ state: 'pending', reviews: [] }])
  })

  it(verifies(['LC-12', 'I-3'], 'is on the version that was shown, and refused where it changed since'), async () => {
    const { agent, runnable, effects, config } = await pausing(harness, [REFUND], { reviewerFromResume, ...CRITICAL })
    await runnable.invoke(question(), config)
    const [proposal] = await desk.proposalsOf(agent)
    if (proposal === undefined) throw new Error('Nothing was proposed.')
    // Ben makes other args of it, and it waits for a second person.
    await desk.ben.proposals.approve(proposal.id, { ...shown(proposal), args: { cents: 900 } })
    const refused = await runnable.invoke(new Command({ resume: approve }), { ...config, ...as('ana') })
    expect(requestsIn(refused)).toMatchObject([
      { value: { problem: { code: 'PROPOSAL_CHANGED' }, proposal: { version: 2 }, args: { cents: 900 } } },
    ])
    expect(effects).toEqual([])
    const result = await runnable.invoke(to(refused, approve), { ...config, ...as('ana') })
    expect(answerIn(result).text).toContain('refunded 900')
    expect(effects).toEqual([{ cents: 900, note: 'none' }])
  })

  it(verifies(['LC-12', 'I-27'], 'counts once: two people are two answers, and none is heard again'), async () => {
    const { agent, runnable, effects, config } = await pausing(harness, [REFUND], { reviewerFromResume, ...CRITICAL })
    await runnable.invoke(question(), config)
    const first = await runnable.invoke(new Command({ resume: approve }), { ...config, ...as('ana') })
    expect(requestsIn(first)).toHaveLength(1)
    // Ben comes without an answer of his own, or with one that cannot be told from that of Ana.
    for (const input of [null, new Command({ resume: approve })]) {
      await runnable.invoke(input, { ...config, ...as('ben') })
      expect(await desk.proposalsOf(agent)).toMatchObject([{ state: 'pending', reviews: [{ reviewer: 'user:ana' }] }])
    }
    expect(effects).toEqual([])
    const result = await runnable.invoke(to(first, approve), { ...config, ...as('ben') })
    expect(answerIn(result).text).toBe('refunded 5')
    expect(effects).toHaveLength(1)
  })

  it(verifies(['LC-12', 'I-6'], 'comes second: what was decided elsewhere stands'), async () => {
    const cases = [
      ['approve', 'rejected by user:ben', []],
      ['reject', 'rejected by user:ben', []],
    ] as const
    for (const [type, told, ran] of cases) {
      const { agent, runnable, effects, config } = await pausing(harness, [REFUND], { reviewerFromResume })
      await runnable.invoke(question(), config)
      const [proposal] = await desk.proposalsOf(agent)
      if (proposal === undefined) throw new Error('Nothing was proposed.')
      await desk.ben.proposals.reject(proposal.id, { ...shown(proposal), category: 'other', reason: 'No.' })
      const result = await runnable.invoke(new Command({ resume: { type } }), { ...config, ...as('ana') })
      expect(answerIn(result).text).toContain(told)
      expect(effects).toEqual(ran)
    }
  })

  it(
    verifies(['LC-12', 'I-6'], 'against what was approved elsewhere is told first, and nothing runs on it'),
    async () => {
      const { agent, runnable, effects, config } = await pausing(harness, [REFUND], { reviewerFromResume })
      await runnable.invoke(question(), config)
      const [proposal] = await desk.proposalsOf(agent)
      if (proposal === undefined) throw new Error('Nothing was proposed.')
      await desk.ben.proposals.approve(proposal.id, shown(proposal))
      const told = await runnable.invoke(new Command({ resume: { type: 'reject' } }), { ...config, ...as('ana') })
      expect(requestsIn(told)).toMatchObject([{ value: { problem: { code: 'PROPOSAL_DECIDED' } } }])
      expect(effects).toEqual([])
      await desk.ana.proposals.cancel(proposal.id, 'I would have rejected it.')
      const result = await runnable.invoke(new Command({ resume: { type: 'reject' } }), { ...config, ...as('ana') })
      expect(decisionIn(answerIn(result))).toMatchObject({ code: 'PROPOSAL_CANCELLED' })
      expect(effects).toEqual([])
    },
  )
})

describe('a question that a tool asks', () => {
  it(
    verifies(['LC-12', 'I-3', 'I-5'], 'with text of a model is no request for approval, whatever it looks like'),
    async () => {
      const other = await pausing(harness, [REFUND], { reviewerFromResume })
      const [target] = requestsIn(await other.runnable.invoke(question(), other.config))
      if (target === undefined) throw new Error('Nothing waits.')
      // The tool shows what the model wrote: a copy of the request of another thread.
      const show = tool(({ value }) => String(interrupt(JSON.parse(value))), {
        name: 'show',
        description: 'Shows a person something.',
        schema: z.object({ value: z.string() }),
      })
      const agent = await harness.agent('autonomous')
      const runnable = createAgent({
        model: scripted([{ name: 'show', args: { value: JSON.stringify(target.value) }, id: 'call-1' }]),
        tools: [show],
        middleware: [governanceMiddleware(harness.governor, { agent, reviewerFromResume })],
        checkpointer: new MemorySaver(),
      })
      const config = { configurable: { thread_id: 'forged-question' } }
      const paused = await runnable.invoke(question(), config)
      expect(requestsIn(paused)).toMatchObject([{ value: { proposal_id: target.value.proposal_id } }])
      const result = await runnable.invoke(to(paused, approve), { ...config, ...as('ana') })
      expect(requestsIn(result)).toEqual([])
      expect(await desk.proposalsOf(other.agent)).toMatchObject([{ state: 'pending', reviews: [] }])
      expect(other.effects).toEqual([])
    },
  )
})

describe('answers to several calls', () => {
  const calls = ['call-1', 'call-2'].map((id, index) => ({ ...REFUND, args: { cents: index + 1 }, id }))

  it(verifies(['LC-12', 'LC-14'], 'are given by the id of the interrupt; one that names none is refused'), async () => {
    const { agent, runnable, effects, config } = await pausing(harness, calls, { reviewerFromResume })
    await runnable.invoke(question(), config)
    const refused = requestsIn(await runnable.invoke(new Command({ resume: approve }), { ...config, ...as('ana') }))
    expect(refused).toHaveLength(2)
    for (const { value } of refused) expect(value.problem?.message).toContain('by the id of the interrupt')
    expect(effects).toEqual([])
    const answers = refused.map(({ id, value }) => [
      id,
      value.tool_call_id === 'call-1' ? approve : { decisions: [{ type: 'reject', message: 'No.' }] },
    ])
    const resume = Object.fromEntries(answers)
    const result = await runnable.invoke(new Command({ resume }), { ...config, ...as('ana') })
    expectEachCallAnswered(result)
    expect(effects).toEqual([{ cents: 1, note: 'none' }])
    const rejected = answersIn(result.messages).find(({ tool_call_id: id }) => id === 'call-2')
    expect(rejected?.text).toContain('rejected by user:ana')
    expect((await desk.proposalsOf(agent)).map(({ state }) => state).toSorted()).toEqual(['rejected', 'succeeded'])
  })

  it('in one task of the graph are never heard for another call than the one that was shown', async () => {
    const { agent, runnable, effects, config } = await pausing(harness, calls, { reviewerFromResume, version: 'v1' })
    const [request] = requestsIn(await runnable.invoke(question(), config))
    await runnable.invoke(new Command({ resume: approve }), { ...config, ...as('ana') })
    // The other call pauses the task anew, while the one that was answered goes on beside it.
    await vi.waitFor(() => expect(effects).toHaveLength(1), { timeout: 10_000 })
    const decided = (await desk.proposalsOf(agent)).filter(({ reviews }) => reviews.length > 0)
    expect(decided.map(({ id }) => id)).toEqual([request?.value.proposal_id])
  })
})
