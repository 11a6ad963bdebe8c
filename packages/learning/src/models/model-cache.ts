import { createHash } from 'node:crypto'
import { GovernanceError, type JsonValue } from '@preceptor/client'
import type { ChatMessage, ChatModel } from '@preceptor/core'
import { readReply } from './read-reply.ts'
import { statedName } from './stated-name.ts'

/** Bounds of a cache of model calls. */
export interface ModelCacheOptions {
  /** Default 1,000. */
  readonly maxEntries?: number
  /** Of the cached texts, as UTF-8; default 16 MiB. */
  readonly maxBytes?: number
}

/** For whom calls are cached, and what besides the messages decides on the answer. */
export interface CachedModelOptions {
  /** No workspace is given what another one asked. */
  readonly workspace: string
  /** Needed where the model states no name; two models of one name must answer alike. */
  readonly name?: string
  /** Whatever else the answer depends on, such as the temperature or the address. */
  readonly options?: JsonValue
}

/** What a cache did so far. */
export interface ModelCacheStats {
  /** Calls answered from the cache. */
  readonly hits: number
  /** Calls that reached a model. */
  readonly misses: number
  /** Calls that waited for an equal one under way. */
  readonly joined: number
  readonly entries: number
  readonly bytes: number
  /** Share of the calls that reached no model, 0..1; null before the first call. */
  readonly hitRate: number | null
}

/** Answers of chat models, kept for equal calls. */
export interface ModelCache {
  /** The same model, behind the cache. Only whole texts are kept; a failure is that of all who joined, and is not kept. */
  wrap(model: ChatModel, options: CachedModelOptions): ChatModel
  stats(): ModelCacheStats
  clear(): void
}

interface Flight {
  readonly answer: Promise<unknown>
  readonly controller: AbortController
  waiting: number
}

const MAX_ENTRIES = 1_000
const MAX_BYTES = 16 * 1_024 * 1_024

/**
 * Makes a cache of model calls, keyed by the SHA-256 of workspace, model name, messages and options; the entry used longest ago goes
 * first, by number and by bytes. Calls that are equal and under way at once share one call of the model.
 *
 * @throws GovernanceError `OPTION_INVALID` for bounds below 1, and on wrapping a model without a name.
 *
 * @example
 * ```ts
 * import { createModelCache } from '@preceptor/learning'
 *
 * const cache = createModelCache({ maxEntries: 100 })
 * const model = cache.wrap({ name: 'echo', invoke: async () => 'hello' }, { workspace: 'default' })
 * await model.invoke([{ role: 'user', content: 'Say hello.' }])
 * ```
 */
export function createModelCache(options: ModelCacheOptions = {}): ModelCache {
  const texts = createTextStore({
    maxEntries: bound('maxEntries', options.maxEntries ?? MAX_ENTRIES),
    maxBytes: bound('maxBytes', options.maxBytes ?? MAX_BYTES),
  })
  const flights = new Map<string, Flight>()
  const counted = { hits: 0, misses: 0, joined: 0 }
  const start = (key: string, call: (signal: AbortSignal) => Promise<unknown>): Flight => {
    const controller = new AbortController()
    const end = (): void => {
      if (flights.get(key) === flight) flights.delete(key)
    }
    const answer = Promise.resolve()
      .then(() => call(controller.signal))
      .then((reply) => {
        const read = readReply(reply)
        if ('text' in read && read.text.trim() !== '') texts.put(key, read.text)
        return reply
      })
      .finally(end)
    // Whoever waits is told; when all have gone, nobody is.
    answer.catch(() => undefined)
    const flight: Flight = { answer, controller, waiting: 0 }
    controller.signal.addEventListener('abort', end, { once: true })
    flights.set(key, flight)
    return flight
  }
  return {
    wrap(model, given) {
      const stated = statedName(model)
      const name = given.name ?? stated
      if (name === undefined) {
        throw new GovernanceError('OPTION_INVALID', { message: 'A chat model without a name cannot be cached.' })
      }
      return {
        ...(stated === undefined ? {} : { name: stated }),
        invoke: async (messages, { signal } = {}) => {
          const key = keyOf({ ...given, name }, messages)
          const cached = texts.get(key)
          if (cached !== undefined) {
            counted.hits += 1
            return cached
          }
          const running = flights.get(key)
          counted[running === undefined ? 'misses' : 'joined'] += 1
          return wait(running ?? start(key, (ends) => model.invoke(messages, { signal: ends })), signal)
        },
      }
    },
    stats() {
      const { hits, misses, joined } = counted
      const calls = hits + misses + joined
      return { ...counted, ...texts.size(), hitRate: calls === 0 ? null : (hits + joined) / calls }
    },
    clear: () => texts.clear(),
  }
}

/** Who goes ends the call only when nobody else waits for it. */
async function wait(flight: Flight, signal: AbortSignal | undefined): Promise<unknown> {
  flight.waiting += 1
  let onAbort: () => void = () => undefined
  const gone = new Promise<never>((_, reject) => {
    onAbort = () => reject(new Error('The caller ended the call.'))
  })
  signal?.addEventListener('abort', onAbort, { once: true })
  if (signal?.aborted === true) onAbort()
  try {
    return await (signal === undefined ? flight.answer : Promise.race([flight.answer, gone]))
  } finally {
    signal?.removeEventListener('abort', onAbort)
    flight.waiting -= 1
    if (flight.waiting === 0) flight.controller.abort()
  }
}

interface TextStore {
  get(key: string): string | undefined
  put(key: string, text: string): void
  size(): { readonly entries: number; readonly bytes: number }
  clear(): void
}

function createTextStore({ maxEntries, maxBytes }: Required<ModelCacheOptions>): TextStore {
  // A map keeps the order in which keys were set: the first one was used longest ago.
  const texts = new Map<string, string>()
  let bytes = 0
  const drop = (key: string): void => {
    bytes -= Buffer.byteLength(texts.get(key) ?? '')
    texts.delete(key)
  }
  return {
    get(key) {
      const text = texts.get(key)
      if (text === undefined) return undefined
      texts.delete(key)
      texts.set(key, text)
      return text
    },
    put(key, text) {
      drop(key)
      const size = Buffer.byteLength(text)
      if (size > maxBytes) return
      texts.set(key, text)
      bytes += size
      for (const oldest of texts.keys()) {
        if (texts.size <= maxEntries && bytes <= maxBytes) break
        drop(oldest)
      }
    },
    size: () => ({ entries: texts.size, bytes }),
    clear() {
      texts.clear()
      bytes = 0
    },
  }
}

function keyOf({ workspace, name, options = null }: CachedModelOptions, messages: readonly ChatMessage[]): string {
  const asked = messages.map(({ role, content }) => [role, content])
  return createHash('sha256')
    .update(JSON.stringify([workspace, name, asked, sorted(options)]))
    .digest('hex')
}

/** The same options in another order are the same. */
function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((one: JsonValue) => sorted(one))
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1))
  return entries.map(([key, one]) => [key, sorted(one)])
}

function bound(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value
  throw new GovernanceError('OPTION_INVALID', {
    message: `${name} of a cache of model calls is a whole number from 1.`,
  })
}
