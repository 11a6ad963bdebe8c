import { type BaseMessage, HumanMessage, ToolMessage } from '@langchain/core/messages'
import type { RunnableConfig } from '@langchain/core/runnables'
import { Command, type StateSnapshot } from '@langchain/langgraph'
import type { Proposal } from '@preceptor/client'
import { noticeOf } from './notice-of.ts'

/** Reads what a thread holds. */
interface ThreadReader {
  getState(config: RunnableConfig): Promise<StateSnapshot>
}

/** An agent made with `createAgent`, or a compiled graph; it needs a checkpointer. */
export interface ThreadAgent {
  /** Of an agent: the graph that it runs. */
  readonly graph?: ThreadReader
  getState?(config: RunnableConfig): Promise<StateSnapshot>
  invoke(input: unknown, config: RunnableConfig): Promise<unknown>
}

/**
 * What was done: the paused graph went on, the agent was told, or neither was due. What `waits` was approved and may not
 * run before its `runnableAt`: call again then.
 */
export type Continued = 'resumed' | 'told' | 'waits' | 'nothing'

/**
 * Lets a thread go on with what became of its proposal: a graph that is paused for it is resumed and asks the store, an
 * agent that was answered "it waits" is told. A thread that knows already, or has nothing to do with the proposal, is
 * left alone. Do not call it for one thread from two places at once.
 *
 * @param config Where the thread is; default: the thread id that the middleware noted at the proposal.
 * @example
 * ```ts
 * import { type ControlScope, onSettled, type SettledProposals } from '@preceptor/client'
 * import { continueThread } from '@preceptor/langchain-callback'
 * import type { ReactAgent } from 'langchain'
 *
 * export const goOn = (scope: ControlScope, agent: ReactAgent, signal: AbortSignal): Promise<SettledProposals> =>
 *   onSettled(scope, async (proposal) => void (await continueThread(agent, proposal)), { approved: true, signal })
 * ```
 */
export async function continueThread(
  agent: ThreadAgent,
  proposal: Proposal,
  config: RunnableConfig | undefined = threadOf(proposal),
): Promise<Continued> {
  const reader = agent.graph ?? agent
  if (config === undefined || reader.getState === undefined) return 'nothing'
  if (isTooEarly(proposal)) return 'waits'
  const { tasks, values } = await reader.getState(config)
  const { id, state } = proposal
  const interrupts = tasks.flatMap((task) => task.interrupts)
  const paused = interrupts.find(({ value }) => read(value, 'proposal_id') === id)
  if (paused?.id !== undefined) {
    // What it says is no decision: the store is asked again.
    await agent.invoke(new Command({ resume: { [paused.id]: { settled: state } } }), config)
    return 'resumed'
  }
  const call = callOf(messagesIn(values), proposal)
  const notice = call && noticeOf(proposal, call)
  // A run in the middle of something is not interrupted by news.
  if (notice === undefined || interrupts.length > 0) return 'nothing'
  const message = new HumanMessage({ content: notice, additional_kwargs: { preceptor: { told: id, state } } })
  await agent.invoke({ messages: [message] }, config)
  return 'told'
}

function isTooEarly({ state, runnableAt }: Proposal): boolean {
  return state === 'approved' && runnableAt !== null && Date.parse(runnableAt) > Date.now()
}

function threadOf({ context }: Proposal): RunnableConfig | undefined {
  const thread = context?.thread
  return typeof thread === 'string' ? { configurable: { thread_id: thread } } : undefined
}

/** The answer that told the agent to wait; undefined once it was told how that ended. */
function callOf(messages: readonly BaseMessage[], { id, state }: Proposal): ToolMessage | undefined {
  const noted = (message: BaseMessage): unknown => message.additional_kwargs.preceptor
  const isTold = messages.some(
    (message) => read(noted(message), 'told') === id && read(noted(message), 'state') === state,
  )
  if (isTold) return undefined
  return messages
    .filter((message) => ToolMessage.isInstance(message))
    .find((message) => read(read(noted(message), 'proposal'), 'id') === id)
}

function messagesIn(values: unknown): readonly BaseMessage[] {
  const messages = read(values, 'messages')
  return Array.isArray(messages) ? messages : []
}

const read = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
