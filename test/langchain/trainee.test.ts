import { ChatOpenAI } from '@langchain/openai'
import type { Scenario, TrainingSessionDetail } from '@preceptor/client'
import { governanceMiddleware, traineeFromRunnable } from '@preceptor/langchain-callback'
import { createAgent } from 'langchain'
import { afterEach, describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { refundTool, useGovernor } from './support.ts'
import { useVerdicts } from './verdict-server.ts'

/** The part of the protocol that these tests look at. */
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

const SUM: Scenario = {
  ...{ id: 'refund.sum', version: 1, topic: 'amounts', capability: 'refund', weight: 1 },
  ...{ task: 'Add up: {"cents": <number>}.', input: { items: [100, 250] } },
  grader: { kind: 'numeric', at: '/cents', expected: 350, tolerance: 0 },
}
const ANSWER_WITHIN_MS = 2_000

let offset = 0
const clock = { now: () => Date.now() + offset, monotonic: () => performance.now() }
const harness = useGovernor({
  scenarios: [SUM],
  clock,
  actions: { 'refund.create': { risk: 'high' } },
  settings: { deadlineMs: 20_000, trainingAnswerMs: ANSWER_WITHIN_MS },
})
const verdicts = useVerdicts()
const closing: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of closing.splice(0)) await one.close()
})

const chat = (baseURL: string): ChatOpenAI =>
  new ChatOpenAI({ model: 'scripted', apiKey: 'none', maxRetries: 0, configuration: { baseURL } })

/** Approves the course of a student that was blocked; gives how its session stands after each run. */
async function course(agent: string) {
  const scope = harness.governor.as({ workspace: 'default', principal: { kind: 'agent', id: agent, roles: [] } })
  const decision = await scope.decide({ agent, action: 'refund.create', args: {} })
  if (decision.route !== 'training') throw new Error(decision.reason)
  const { id } = decision.trainingProposal
  // Whoever owns an agent does not judge its training.
  const principal = { kind: 'user', id: 'sue', roles: ['supervisor'] } as const
  const sue = harness.governor.as({ workspace: 'default', principal })
  const { sessionId } = await sue.trainingProposals.approve(id)
  const run = async (): Promise<TrainingSessionDetail> => {
    await harness.governor.jobs.runTraining(4)
    offset += 60_000
    return harness.admin.trainingSessions.get(sessionId ?? '')
  }
  return { id, run }
}

describe('an agent of LangChain in training', () => {
  it(verifies(['TRAINEE-1', 'LC-1'], 'answers over HTTP, and its tools stay behind the gate'), async () => {
    const path = new URL('../../examples/model-server.ts', import.meta.url).href
    // The examples are a project of their own, which the compiler does not let this one import by path.
    const { startModelServer } = (await import(path)) as ModelServerModule
    const asked: Asked[] = []
    const server = await startModelServer((conversation) => {
      asked.push(conversation)
      return conversation.messages.at(-1)?.role === 'tool'
        ? { text: 'It is:\n```json\n{"cents":350}\n```' }
        : { calls: [{ id: 'call_a', name: 'refund', args: { cents: 350 } }] }
    })
    closing.push(server)
    const effects: unknown[] = []
    const agent = await harness.agent('student')
    const runnable = createAgent({
      model: chat(server.url),
      tools: [refundTool(effects)],
      middleware: [governanceMiddleware(harness.governor, { agent })],
    })
    harness.governor.registerTrainee({ agent }, traineeFromRunnable(runnable))
    const { id, run } = await course(agent)
    const session = await run()
    expect(session).toMatchObject({ state: 'completed', score: 1 })
    expect(session.scenarios).toMatchObject([{ answer: { cents: 350 }, answeredBy: `agent:${agent}`, attempts: 1 }])
    expect(effects).toEqual([])
    expect(asked.at(-1)?.messages.at(-1)?.content).toContain('is blocked and trained first')
    // What it attempted meanwhile is counted on the course that runs.
    expect(await harness.admin.trainingProposals.get(id)).toMatchObject({ repeats: 2 })
  })

  it(verifies('TRAINEE-1', 'is cut off when its time is over, and asked again in a new thread'), async () => {
    const agent = await harness.agent('student')
    const threads: unknown[] = []
    const runnable = chat(verdicts.url)
    const signals: AbortSignal[] = []
    const noting = {
      invoke: (input: unknown, config?: { configurable?: Record<string, unknown>; signal?: AbortSignal }) => {
        threads.push(config?.configurable?.thread_id)
        if (config?.signal !== undefined) signals.push(config.signal)
        return runnable.invoke(messagesIn(input), config)
      },
    }
    harness.governor.registerTrainee({ agent }, traineeFromRunnable(noting))
    const { run } = await course(agent)
    verdicts.say('silence')
    expect(await run()).toMatchObject({ state: 'in_progress', score: null, progress: { answered: 0 } })
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
    verdicts.say({ status: 500 })
    expect(await run()).toMatchObject({ state: 'in_progress', score: null, progress: { answered: 0 } })
    verdicts.say({ text: '{"cents":350}' })
    const done = await run()
    expect(done).toMatchObject({ state: 'completed', score: 1, scenarios: [{ attempts: 3 }] })
    expect(new Set(threads).size).toBe(3)
  })
})

function messagesIn(input: unknown): string {
  const messages: unknown = Reflect.get(Object(input), 'messages')
  return Array.isArray(messages) ? String(messages[0]?.text) : ''
}
