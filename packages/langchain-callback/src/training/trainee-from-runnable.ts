import { randomUUID } from 'node:crypto'
import type { RunnableConfig } from '@langchain/core/runnables'
import type { ScenarioQuestion, Trainee } from '@preceptor/client'
import { answerIn } from './answer-in.ts'
import { inputFor } from './input-for.ts'

/** An agent made with `createAgent`, a graph over messages, a chat model, a sequence, or any other runnable. */
export interface AnsweringRunnable {
  invoke(input: unknown, config?: RunnableConfig): unknown
}

/** What a run gets beside its thread, its metadata and its signal: callbacks, tags, `recursionLimit`, `context`. */
export type TraineeRunConfig = Omit<RunnableConfig, 'signal'> & { readonly context?: unknown }

/** Options of `traineeFromRunnable`. */
export interface TraineeFromRunnableOptions {
  /** Config of every run, or of the run for one question. */
  readonly config?: TraineeRunConfig | ((question: ScenarioQuestion) => TraineeRunConfig)
}

/**
 * Makes a trainee of a runnable of LangChain: it is asked each scenario in a thread of its own, and what it says last is
 * the answer. An agent or a graph gets `{ messages }`, a chat model the messages, and anything else
 * `{ task, input, topic, capability, messages }`, which are the variables of a prompt. A text that is JSON, in a fence or not,
 * is read as JSON; what is no text stands as it is, such as the structured response of an agent.
 *
 * @throws GovernanceError in the run: `INPUT_INVALID` where the runnable said nothing, or waits for a person. Whatever the
 * runnable throws passes as it is. Either way there is no answer, and the session asks again.
 * @example
 * ```ts
 * import { traineeFromRunnable } from '@preceptor/langchain-callback'
 * import { createAgent } from 'langchain'
 *
 * export const agent = createAgent({ model: 'openai:gpt-5-mini', tools: [] })
 * // createGovernor({ runners: { 'refund-bot': trainee } }), or governor.registerTrainee({ agent: 'refund-bot' }, trainee)
 * export const trainee = traineeFromRunnable(agent, { config: { tags: ['training'], recursionLimit: 25 } })
 * ```
 */
export function traineeFromRunnable(runnable: AnsweringRunnable, options: TraineeFromRunnableOptions = {}): Trainee {
  return async (question) => {
    const { config = {} } = options
    const own = typeof config === 'function' ? config(question) : config
    return answerIn(await runnable.invoke(inputFor(runnable, question), configFor(question, own)))
  }
}

function configFor({ session, scenario, signal }: ScenarioQuestion, own: TraineeRunConfig): RunnableConfig {
  // A thread for each attempt: one that was cut off may have left a tool call without an answer, which no model takes.
  const thread_id = `training:${session}:${scenario}:${randomUUID()}`
  return {
    ...own,
    configurable: { thread_id, ...own.configurable },
    metadata: { training_session: session, training_scenario: scenario, ...own.metadata },
    signal,
  }
}
