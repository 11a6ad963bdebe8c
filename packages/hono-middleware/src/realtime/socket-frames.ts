import { z } from 'zod'

/** What a client may send over a socket. */
export type ClientFrame =
  | { readonly type: 'subscribe'; readonly topic: string; readonly data?: { readonly after?: number } }
  | { readonly type: 'unsubscribe'; readonly topic: string }
  | { readonly type: 'watch'; readonly topic: string }
  | { readonly type: 'unwatch'; readonly topic: string }
  | { readonly type: 'ping'; readonly data?: unknown }

/** What a server sends over a socket; `type` is the kind of an event, or one of the socket itself. */
export interface ServerFrame {
  readonly type: string
  readonly data: unknown
  readonly topic?: string
  readonly sequence?: number
}

const topic = z.string().min(1).max(210)
const clientFrame = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('subscribe'),
    topic,
    data: z.strictObject({ after: z.int().min(0).exactOptional() }).exactOptional(),
  }),
  z.strictObject({ type: z.literal('unsubscribe'), topic }),
  z.strictObject({ type: z.enum(['watch', 'unwatch']), topic: topic.regex(/^session:./) }),
  z.strictObject({ type: z.literal('ping'), data: z.union([z.string().max(200), z.number()]).exactOptional() }),
])

/** Reads a frame; undefined for what is none. */
export function parseClientFrame(text: string): ClientFrame | undefined {
  try {
    const parsed = clientFrame.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

const written = new WeakMap<object, { readonly topic: string; readonly text: string }>()

/** Writes an event; one that goes to many on the same topic is written once. */
export function eventText(entry: { readonly kind: string; readonly sequence: number | null }, on: string): string {
  const known = written.get(entry)
  if (known?.topic === on) return known.text
  const text = frameText({ type: entry.kind, data: entry, topic: on, sequence: entry.sequence ?? 0 })
  written.set(entry, { topic: on, text })
  return text
}

/** Writes a frame. */
export function frameText(frame: ServerFrame): string {
  return JSON.stringify(frame)
}
