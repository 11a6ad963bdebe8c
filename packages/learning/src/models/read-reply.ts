/** The whole text of a reply, or what it is instead. */
export type ReadReply = { readonly text: string } | { readonly problem: string }

// As providers say that a model ended by itself.
const ENDED = new Set(['stop', 'end_turn', 'stop_sequence', 'completed', 'complete'])
const THOUGHTS = new Set(['reasoning', 'thinking', 'redacted_thinking'])

/** Reads a reply of a chat model: no refusal, no call of a tool, not cut off, and text. */
export function readReply(reply: unknown): ReadReply {
  const problem = isObject(reply) ? problemOf(reply) : null
  if (problem !== null) return { problem }
  const text = textOf(isObject(reply) ? reply.content : reply)
  return text === undefined ? { problem: 'its reply is no text' } : { text }
}

function problemOf(reply: Readonly<Record<string, unknown>>): string | null {
  const extra = isObject(reply.additional_kwargs) ? reply.additional_kwargs : {}
  const said = isObject(reply.response_metadata) ? reply.response_metadata : {}
  if ([reply.tool_calls, reply.invalid_tool_calls, extra.tool_calls].some(isThere)) return 'it called a tool'
  if ([extra.refusal, reply.refusal].some(isThere)) return 'it refused'
  const ends = [said.finish_reason, said.finishReason, said.stop_reason, reply.finish_reason, reply.stop_reason]
  const isCut = ends.some((end) => isThere(end) && !ENDED.has(String(end).toLowerCase()))
  return isCut ? 'its reply is not complete' : null
}

/** Text, or the text of parts that are nothing but text and thoughts. */
function textOf(content: unknown): string | undefined {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return undefined
  const texts: string[] = []
  for (const part of content as readonly unknown[]) {
    if (isObject(part) && THOUGHTS.has(String(part.type))) continue
    if (!isObject(part) || part.type !== 'text' || typeof part.text !== 'string') return undefined
    texts.push(part.text)
  }
  return texts.length === 0 ? undefined : texts.join('')
}

function isThere(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== ''
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
