import type { ActionDefinition, GuardCall, JsonObject } from '@preceptor/client'
import { boundedOutput } from './bounded-output.ts'
import { assertNotWaiting, faultOfInterrupt, outputOfRunnable } from './output-of-runnable.ts'

/** What a run of a runnable is told. */
export interface RunnableConfig extends Readonly<Record<string, unknown>> {
  /** Ends the run. */
  readonly signal?: AbortSignal
  readonly configurable?: Record<string, unknown>
  readonly metadata?: Record<string, unknown>
}

/** A runnable of LangChain: an agent, a graph, a chat model, a sequence, or anything else with `invoke`. */
export interface StepRunnable {
  invoke(input: unknown, config?: RunnableConfig): unknown
}

/** Options of `runnableAction`: what is declared of the action, and how its runs begin and end. */
export interface RunnableActionOptions extends Omit<ActionDefinition, 'execute'> {
  /** Makes the input of the runnable; default: the args. What a supervisor said is in `guidance` of the call. */
  readonly input?: (args: JsonObject, call: GuardCall) => unknown
  /** Makes the output of what the runnable gave; default: its structured response, else what it said last, else the value. */
  readonly output?: (result: unknown) => unknown
  /** What runs get beside signal, thread and metadata: tags, callbacks, `recursionLimit`, `context`. */
  readonly config?: Omit<RunnableConfig, 'signal'>
}

/**
 * Makes an action of a runnable of LangChain: whoever attempts the action runs it, each attempt in a thread of its own that is
 * named by the idempotency key. Its output is JSON of at most 64 kB.
 *
 * @throws StepFault in the run, where the runnable said nothing, waits for a person, or gave what is no JSON or too large.
 * Whatever the runnable throws passes as it is.
 * @example
 * ```ts
 * import { defineActions } from '@preceptor/core'
 * import { runnableAction } from '@preceptor/orchestration'
 * import { createAgent } from 'langchain'
 * import { z } from 'zod'
 *
 * const agent = createAgent({ model: 'openai:gpt-5-mini', tools: [] })
 *
 * export const actions = defineActions({
 *   'tax.review': runnableAction(agent, {
 *     args: z.object({ client: z.string() }),
 *     risk: 'medium',
 *     idempotent: true,
 *     input: ({ client }) => ({ messages: [{ role: 'user', content: `Review the return of ${client}.` }] }),
 *   }),
 * })
 * ```
 */
export function runnableAction(runnable: StepRunnable, options: RunnableActionOptions = {}): ActionDefinition {
  const { input = (args) => args, output = outputOfRunnable, config = {}, ...declared } = options
  return {
    ...declared,
    async execute(call) {
      const result = await invoke(runnable, input(call.args, call), configFor(call, config))
      assertNotWaiting(result)
      return boundedOutput('The runnable', output(result))
    },
  }
}

async function invoke(runnable: StepRunnable, input: unknown, config: RunnableConfig): Promise<unknown> {
  try {
    return await runnable.invoke(input, config)
  } catch (error) {
    throw faultOfInterrupt(error) ?? error
  }
}

function configFor({ decision, idempotencyKey, attempt, signal }: GuardCall, own: RunnableConfig): RunnableConfig {
  // A thread for each attempt: one that was cut off may have left a tool call without an answer, which no model takes.
  const thread_id = `step:${idempotencyKey}:${decision.id}:${attempt}`
  const metadata = { preceptor_decision: decision.id, preceptor_action: decision.action, preceptor_attempt: attempt }
  return {
    ...own,
    configurable: { thread_id, ...own.configurable },
    metadata: { ...metadata, ...own.metadata },
    signal,
  }
}
