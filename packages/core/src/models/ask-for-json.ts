import type { z } from 'zod'
import { withDeadline } from '../kernel/deadline.ts'
import { assertJsonObject } from '../kernel/json-guard.ts'
import type { ChatMessage, ChatModel } from './chat-model.ts'

/** What a chat model is asked. */
export interface JsonQuestion<Value> {
  readonly messages: readonly ChatMessage[]
  /** What the answer must be; whatever else it says is no answer. */
  readonly schema: z.ZodType<Value>
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

/** What came of asking. */
export type JsonAnswer<Value> =
  | { readonly result: 'valid'; readonly value: Value }
  /** It answered, and not what it was asked for. */
  | { readonly result: 'invalid'; readonly message: string }
  /** It failed, or took too long. */
  | { readonly result: 'outage'; readonly message: string }

const LONGEST_REPLY = 65_536
const DEEPEST = 16
const MOST_PROBLEMS = 3
const LONGEST_MESSAGE = 500
const FENCE = /```(?:json)?[ \t]*\r?\n([\s\S]*?)```/gi

/**
 * Asks a chat model for JSON of a form, within a time; never throws. Nothing depends on what a provider offers for it:
 * the text of the reply is parsed, alone or in one fenced block, and validated.
 */
export async function askForJson<Value>(model: ChatModel, question: JsonQuestion<Value>): Promise<JsonAnswer<Value>> {
  let reply: unknown
  try {
    reply = await invoke(model, question)
  } catch (error) {
    return { result: 'outage', message: messageOf(error) }
  }
  const text = textOf(reply)
  if (text === undefined) return invalid('its reply is no text')
  if (text.length > LONGEST_REPLY) return invalid(`its reply is longer than ${LONGEST_REPLY} characters`)
  const json = jsonIn(text)
  if (json === undefined) return invalid('its reply is no JSON object')
  const parsed = question.schema.safeParse(json)
  if (parsed.success) return { result: 'valid', value: parsed.data }
  const problems = parsed.error.issues
    .slice(0, MOST_PROBLEMS)
    .map(({ path, code }) => `${path.join('.') || 'all'} (${code})`)
  return invalid(`its reply has another form than it was asked for: ${problems.join(', ')}`)
}

async function invoke<Value>(model: ChatModel, { messages, timeoutMs, signal }: JsonQuestion<Value>): Promise<unknown> {
  const late = new AbortController()
  const ends = signal === undefined ? late.signal : AbortSignal.any([late.signal, signal])
  try {
    const asking = Promise.resolve().then(() => model.invoke([...messages], { signal: ends }))
    // A model may know nothing of signals.
    return await withDeadline(asking, { milliseconds: timeoutMs })
  } finally {
    late.abort()
  }
}

/** The text of a reply: itself, its content, or the text parts of it; undefined for anything else. */
function textOf(reply: unknown): string | undefined {
  const content = isObject(reply) && 'content' in reply ? reply.content : reply
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return undefined
  const texts = content.flatMap((part: unknown) => {
    if (typeof part === 'string') return [part]
    return isObject(part) && part.type === 'text' && typeof part.text === 'string' ? [part.text] : []
  })
  return texts.length === 0 ? undefined : texts.join('')
}

/** The one JSON object in a text; undefined where there is none, or more than one that could be meant. */
function jsonIn(text: string): unknown {
  const whole = parse(text)
  if (whole !== undefined) return whole
  const blocks = [...text.matchAll(FENCE)]
  return blocks.length === 1 ? parse(blocks[0]?.[1] ?? '') : undefined
}

function parse(text: string): unknown {
  try {
    return assertJsonObject(JSON.parse(text), { name: 'reply', maxDepth: DEEPEST })
  } catch {
    return undefined
  }
}

function invalid(problem: string): { readonly result: 'invalid'; readonly message: string } {
  return { result: 'invalid', message: `The chat model gave no valid answer: ${problem}.` }
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, LONGEST_MESSAGE)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
