import { MemorySaver } from '@langchain/langgraph'
import { ChatOpenAI } from '@langchain/openai'
import { onSettled, type Proposal } from '@preceptor/client'
import { continueThread, governanceMiddleware } from '@preceptor/langchain-callback'
import { createAgent, HumanMessage } from 'langchain'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { verifies } from '../verifies.ts'
import { deskOf, requestsIn, shown } from './reviewing.ts'
import { answersIn, expectEachCallAnswered, refundTool, useGovernor } from './support.ts'

const harness = useGovernor()
const desk = deskOf(harness)
const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0)) await close()
})

interface Asked {
  readonly messages: readonly { readonly role: string; readonly content?: unknown }[]
}

interface Turn {
  readonly text?: string
  readonly calls?: readonly object[]
}

interface ModelServerModule {
  startModelServer(script: (asked: Asked) => Turn): Promise<{ readonly url: string; close(): Promise<void> }>
}

/** Calls refund once for the question, and once more when it is told that the call was approved. */
const script = ({ messages }: Asked): Turn => {
  const last = messages.at(-1)
  const text = JSON.stringify(last?.content ?? '')
  if (last?.role === 'tool') return { text: 'Done for now.' }
  if (text.includes('was approved by')) {
    const args = /: (\{.*\})\]/.exec(String(last?.content))?.[1] ?? '{}'
    return { calls: [{ id: `call-${messages.length}`, name: 'refund', args: JSON.parse(args) }] }
  }
  if (text.includes('Notice')) return { text: 'I heard.' }
  return { calls: [{ id: 'call-1', name: 'refund', args: { cents: '5' } }] }
}

async function started(mode: 'interrupt' | 'defer') {
  const path = new URL('../../examples/model-server.ts', import.meta.url).href
  const { startModelServer } = (await import(path)) as ModelServerModule
  const server = await startModelServer(script)
  opened.push(() => server.close())
  const effects: unknown[] = []
  const agent = await harness.agent('intern')
  const model = new ChatOpenAI({ model: 'fake', apiKey: 'none', configuration: { baseURL: server.url } })
  const runnable = createAgent({
    model,
    tools: [refundTool(effects)],
    middleware: [governanceMiddleware(harness.governor, { agent, mode })],
    checkpointer: new MemorySaver(),
  })
  const config = { configurable: { thread_id: `${agent}-${mode}` } }
  const controller = new AbortController()
  const done: string[] = []
  const handle = async (proposal: Proposal): Promise<void> => {
    if (proposal.agent === agent) done.push(`${proposal.state} ${await continueThread(runnable, proposal)}`)
  }
  const settled = await onSettled(harness.admin, handle, { approved: true, signal: controller.signal })
  opened.push(async () => {
    controller.abort()
    await settled.ended
  })
  const first = await runnable.invoke({ messages: [new HumanMessage('refund order 7')] }, config)
  const [proposal] = await desk.proposalsOf(agent)
  if (proposal === undefined) throw new Error('Nothing was proposed.')
  const state = async () => (await runnable.graph.getState(config)).values
  return { runnable, effects, done, first, proposal, state, handle }
}

describe('a thread goes on', () => {
  it(verifies('LC-18', 'by itself once its paused call was approved, and the call runs once'), async () => {
    const { effects, done, first, proposal, state, handle } = await started('interrupt')
    expect(requestsIn(first)).toHaveLength(1)
    await desk.ana.proposals.approve(proposal.id, shown(proposal))
    await vi.waitFor(() => expect(done).toEqual(['approved resumed', 'succeeded nothing']), { timeout: 20_000 })
    expect(effects).toEqual([{ cents: 5, note: 'none' }])
    const { messages } = await state()
    expectEachCallAnswered({ messages })
    expect(messages.at(-1)?.text).toBe('Done for now.')
    // Told a second time, it does nothing.
    await handle({ ...proposal, state: 'approved' })
    expect(done.at(-1)).toBe('approved nothing')
    expect(effects).toHaveLength(1)
  })

  it(verifies('LC-18', 'with an edited call as it was edited, where the agent had gone on'), async () => {
    const { effects, done, proposal, state } = await started('defer')
    expect(effects).toEqual([])
    await desk.ana.proposals.approve(proposal.id, { ...shown(proposal), args: { cents: 3, note: 'half' } })
    await vi.waitFor(() => expect(done).toEqual(['approved told', 'succeeded nothing']), { timeout: 20_000 })
    expect(effects).toEqual([{ cents: 3, note: 'half' }])
    const { messages } = await state()
    expectEachCallAnswered({ messages })
    expect(answersIn(messages).map(({ text }) => text)).toEqual([expect.stringContaining('It waits'), 'refunded 3'])
  })

  it.each([
    ['rejected', 'was rejected by user:ana (wrong time): Tomorrow. Do not repeat it.'],
    ['responded', 'will not run: user:ana answered in its place: \\"by hand\\"'],
    ['cancelled', 'was cancelled. It has not run.'],
  ] as const)(verifies('LC-18', 'with how it ended where it was %s, told once'), async (end, told) => {
    const { effects, done, proposal, state, handle } = await started('defer')
    const { id } = proposal
    if (end === 'cancelled') await desk.ana.proposals.cancel(id, 'Not needed.')
    if (end === 'responded') await desk.ana.proposals.respond(id, { ...shown(proposal), response: 'by hand' })
    const rejection = { category: 'wrong_time', reason: 'Tomorrow.' } as const
    if (end === 'rejected') await desk.ana.proposals.reject(id, { ...shown(proposal), ...rejection })
    await vi.waitFor(() => expect(done).toEqual([`${end} told`]), { timeout: 20_000 })
    const texts = (await state()).messages.map(({ text }: { text: string }) => text)
    expect(JSON.stringify(texts)).toContain(told)
    expect(texts.at(-1)).toBe('I heard.')
    await handle({ ...proposal, state: end })
    expect(done).toEqual([`${end} told`, `${end} nothing`])
    expect(effects).toEqual([])
  })

  it('only where it has to do with the proposal', async () => {
    const { runnable, proposal } = await started('defer')
    const other = { ...proposal, id: 'prp_other', state: 'rejected' } as const
    expect(await continueThread(runnable, other)).toBe('nothing')
    expect(await continueThread(runnable, { ...proposal, state: 'rejected', context: null })).toBe('nothing')
    expect(await continueThread(runnable, proposal)).toBe('nothing')
  })

  it('not before an approved call may run', async () => {
    const { runnable, proposal } = await started('interrupt')
    const approved = { ...proposal, state: 'approved' } as const
    const soon = new Date(Date.now() + 60_000).toISOString()
    expect(await continueThread(runnable, { ...approved, runnableAt: soon })).toBe('waits')
    const past = new Date(Date.now() - 1_000).toISOString()
    // It was not approved in the store: the graph asks, and pauses again.
    expect(await continueThread(runnable, { ...approved, runnableAt: past })).toBe('resumed')
    expect(
      (await runnable.graph.getState({ configurable: { thread_id: proposal.context?.thread } })).tasks,
    ).toMatchObject([{ interrupts: [{ value: { proposal_id: proposal.id } }] }])
  })
})
