import type { ChatMessage, ChatModel } from '@preceptor/core'
import { readReply } from './read-reply.ts'

/** What a chat model is asked, and within what bounds. */
export interface ModelQuestion {
  readonly messages: readonly ChatMessage[]
  readonly timeoutMs: number
  /** In characters. */
  readonly longestReply: number
  readonly signal?: AbortSignal | undefined
}

/** What came of asking. */
export type ModelAnswer =
  | { readonly result: 'answered'; readonly text: string }
  /** It answered, and not with one whole text. */
  | { readonly result: 'invalid'; readonly reason: string }
  | { readonly result: 'empty'; readonly reason: string }
  | { readonly result: 'oversized'; readonly reason: string }
  /** It failed, or took too long. */
  | { readonly result: 'outage'; readonly reason: string }

const LONGEST_REASON = 500

/** Asks a chat model for a text, within a time; never throws. */
export async function askModel(model: ChatModel, question: ModelQuestion): Promise<ModelAnswer> {
  let reply: unknown
  try {
    reply = await invoke(model, question)
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).slice(0, LONGEST_REASON)
    return { result: 'outage', reason }
  }
  const read = readReply(reply)
  if ('problem' in read) return { result: 'invalid', reason: `The chat model gave no answer: ${read.problem}.` }
  if (read.text.trim() === '') return { result: 'empty', reason: 'The chat model gave an empty answer.' }
  if (read.text.length > question.longestReply) {
    const reason = `The chat model gave an answer of more than ${question.longestReply} characters.`
    return { result: 'oversized', reason }
  }
  return { result: 'answered', text: read.text }
}

async function invoke(model: ChatModel, { messages, timeoutMs, signal }: ModelQuestion): Promise<unknown> {
  const ends = new AbortController()
  let end: (reason: Error) => void = () => undefined
  const ended = new Promise<never>((_, reject) => {
    end = (reason) => {
      reject(reason)
      ends.abort(reason)
    }
  })
  const onAbort = (): void => end(new Error('The caller ended the call.'))
  const timer = setTimeout(() => end(new Error(`No answer came within ${timeoutMs} ms.`)), timeoutMs)
  signal?.addEventListener('abort', onAbort, { once: true })
  if (signal?.aborted === true) onAbort()
  try {
    // A model may throw at once, and may know nothing of signals.
    const asking = Promise.resolve().then(() => model.invoke([...messages], { signal: ends.signal }))
    return await Promise.race([asking, ended])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
    ends.abort()
  }
}
