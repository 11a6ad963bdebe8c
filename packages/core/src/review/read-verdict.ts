/** The text of a reply that is one complete text and nothing else, or what it is instead. */
export type PlainReply = { readonly text: string } | { readonly problem: string }

// As providers say that a model ended by itself.
const ENDED = new Set(['stop', 'end_turn', 'stop_sequence', 'completed', 'complete'])
const THOUGHTS = new Set(['reasoning', 'thinking', 'redacted_thinking'])
const TOKENS = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g
const LONGEST_REPLY = 16_384
const KEYS = ['verdict', 'action_hash', 'reasons']
const MAY_HAVE = 'suggested_args'

/** Reads a reply as strictly as a verdict needs: no calls of tools, no refusal, ended by itself, one JSON object alone. */
export function readVerdict(reply: unknown): PlainReply {
  const problem = isObject(reply) ? problemOf(reply) : null
  if (problem !== null) return { problem }
  const whole = textOf(isObject(reply) ? reply.content : reply)
  if ((whole?.length ?? 0) > LONGEST_REPLY) return { problem: 'its reply is too long' }
  const text = whole?.trim()
  if (text === undefined || text === '') return { problem: 'its reply is no text' }
  try {
    const parsed: unknown = JSON.parse(text)
    if (!isObject(parsed) || Array.isArray(parsed)) return { problem: 'its reply is no JSON object' }
  } catch {
    return { problem: 'its reply is not JSON alone' }
  }
  // A parser takes the last of two equal keys: a reply with two verdicts has none.
  const keys = keysOf(text)?.filter((key) => key !== MAY_HAVE)
  if (keys?.length !== KEYS.length || !KEYS.every((key) => keys.includes(key))) {
    return { problem: 'its reply has other keys than it was asked for, or one of them twice' }
  }
  return { text }
}

function problemOf(reply: Readonly<Record<string, unknown>>): string | null {
  const extra = isObject(reply.additional_kwargs) ? reply.additional_kwargs : {}
  const said = isObject(reply.response_metadata) ? reply.response_metadata : {}
  const calls = [reply.tool_calls, reply.invalid_tool_calls, extra.tool_calls, extra.function_call]
  if (calls.some(isThere)) return 'it called a tool'
  if ([extra.refusal, reply.refusal].some(isThere)) return 'it refused'
  const ends = [
    ...[said.finish_reason, said.finishReason, said.stop_reason, said.stopReason, said.done_reason],
    ...[typeof said.status === 'string' ? said.status : null, reply.finish_reason, reply.stop_reason],
  ]
  const isCut = ends.some((end) => isThere(end) && !ENDED.has(String(end).toLowerCase()))
  return isCut ? 'its reply is not complete' : null
}

function isThere(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== ''
}

/** Text, or the text of parts that are nothing but text and thoughts. */
function textOf(content: unknown): string | undefined {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return undefined
  const parts: readonly unknown[] = content
  const texts: string[] = []
  for (const part of parts) {
    if (isObject(part) && THOUGHTS.has(String(part.type))) continue
    if (!isObject(part) || part.type !== 'text' || typeof part.text !== 'string') return undefined
    texts.push(part.text)
  }
  return texts.length === 1 ? texts[0] : undefined
}

/** The keys of a JSON object; undefined where an object in it has one of them twice. */
function keysOf(text: string): readonly string[] | undefined {
  const open: Set<string>[] = []
  const outer = new Set<string>()
  for (const [token, colon] of text.matchAll(TOKENS)) {
    if (token === '{' || token === '[') open.push(open.length === 0 ? outer : new Set())
    else if (token === '}' || token === ']') open.pop()
    else if (colon !== undefined) {
      const keys = open.at(-1)
      const key = keyOf(token)
      if (keys?.has(key) !== false) return undefined
      keys.add(key)
    }
  }
  return [...outer]
}

function keyOf(token: string): string {
  return String(JSON.parse(token.replace(/\s*:$/, '')))
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
