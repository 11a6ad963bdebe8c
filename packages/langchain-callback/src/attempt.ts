import { createHash } from 'node:crypto'
import { BaseMessage } from '@langchain/core/messages'
import type { AgentRuntime } from './agent-runtime.ts'

/** What the graph tells about a tool call. */
export type CallSite = AgentRuntime & { readonly state?: unknown }

/**
 * The key of a tool call: the same for a retry, a resume and a repeat after a crash. None where nothing tells one call
 * from another; each then is an attempt of its own.
 */
export function callKey(site: CallSite, toolCallId: string | undefined, args: unknown): { idempotencyKey?: string } {
  const { thread_id: thread, checkpoint_ns: task } = site.configurable ?? {}
  // A thread is resumed by other runs, so its place is the task that called this graph; without one, nothing is resumed.
  const place = thread === undefined ? task : [thread, String(task).replace(/\|?[^|]*$/, '')]
  const message = messagesOf(site).findLast(({ type }) => type === 'ai')?.id ?? task
  const isKnown = toolCallId !== undefined && place !== undefined && message !== undefined
  return isKnown ? attemptKey([place, message, toolCallId, args]) : {}
}

/** A key over the parts: hashed, so that no separator can be forged and the length is bounded. */
export function attemptKey(parts: readonly unknown[]): { idempotencyKey: string } {
  const digest = createHash('sha256').update(JSON.stringify(parts, sortKeys)).digest('hex')
  return { idempotencyKey: `langchain-${digest}` }
}

/** The id of a top-level run: its latest human message tells it from the other runs of its thread. */
export function runOf(site: CallSite): string | undefined {
  const id = messagesOf(site).findLast(({ type }) => type === 'human')?.id ?? site.configurable?.thread_id
  if (typeof id !== 'string') return undefined
  return id.length > 100 ? attemptKey([id]).idempotencyKey : `langchain-${id}`
}

/** The messages of a graph. */
export function messagesOf({ state }: CallSite): readonly BaseMessage[] {
  const messages = typeof state === 'object' && state !== null && 'messages' in state ? state.messages : state
  return Array.isArray(messages) ? messages.filter((message) => BaseMessage.isInstance(message)) : []
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
