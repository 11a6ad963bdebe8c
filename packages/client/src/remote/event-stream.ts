import { GovernanceError } from '../errors/governance-error.ts'
import type { JsonObject } from '../port/json.ts'
import type { EventQuery, EventSubscription } from '../resources/events.ts'
import type { JournalEntry } from '../resources/records.ts'
import { pause } from './pause.ts'
import { answerInvalid, isJsonObject, readAnswer } from './read-answer.ts'
import { readServerSentEvents, type ServerSentEvent } from './server-sent-events.ts'

/** What a stream brings, and where it is. */
export interface StreamSource {
  /** Below the address of the API. */
  readonly path: string
  /** Whether it is an entry of that stream, beside its sequence and kind. */
  readonly isEntry: (value: JsonObject) => boolean
}

/** What every entry of a stream has. */
interface Sequenced {
  readonly sequence: number | null
}

/** Entries as they come. */
export interface StreamSubscription<Entry extends Sequenced> extends AsyncIterable<Entry> {
  /** Every entry up to this sequence was handed over. */
  readonly position: number
}

/** Where a stream of events is, and how patient its reader is. */
export interface EventStreamOptions extends EventQuery {
  /** Address of the API, without a slash at its end. */
  readonly url: string
  readonly token: string
  readonly workspace?: string
  readonly timing?: Partial<EventStreamTiming>
}

/** How patient a reader is, in milliseconds. */
export interface EventStreamTiming {
  /** Until a connection shows its position. */
  readonly connectMs: number
  /** A connection that is silent for so long is dead: the server says something every 15 s. */
  readonly silenceMs: number
  /** The first wait before connecting again, which doubles up to the last. */
  readonly firstWaitMs: number
  readonly lastWaitMs: number
}

const TIMING: EventStreamTiming = { connectMs: 5_000, silenceMs: 40_000, firstWaitMs: 250, lastWaitMs: 30_000 }
const MOST_BYTES = 262_144
const STREAM_TYPE = /^text\/event-stream\s*(?:;|$)/i

interface Connection {
  readonly events: AsyncIterator<ServerSentEvent>
  /** The position that the server stated first. */
  readonly position: number
  readonly close: () => void
}

type Reader = EventStreamOptions & { readonly timing: EventStreamTiming; readonly source: StreamSource }

/**
 * Follows the events of a governor over HTTP. A connection that breaks is made again, from the position reached, so that
 * nothing is missed and nothing comes twice; only what a repetition cannot change ends the iteration with an error.
 *
 * @throws GovernanceError with the code that the server states, `GOVERNOR_UNREACHABLE`, `GOVERNOR_ANSWER_INVALID`.
 */
export function openEventStream(options: EventStreamOptions): Promise<EventSubscription> {
  const { topic } = options
  const path = topic === undefined ? '/events' : `/events?${new URLSearchParams({ topic })}`
  return openStream<JournalEntry>(options, { path, isEntry: () => true })
}

/**
 * Follows any stream of a governor; one that the server says is over (204) ends.
 *
 * @throws GovernanceError as `openEventStream` does.
 */
export async function openStream<Entry extends Sequenced>(
  options: EventStreamOptions,
  source: StreamSource,
): Promise<StreamSubscription<Entry>> {
  const reader: Reader = { ...options, timing: { ...TIMING, ...options.timing }, source }
  const connection = await connect(reader, options.after)
  const place = { position: connection?.position ?? options.after ?? 0 }
  return {
    get position() {
      return place.position
    },
    [Symbol.asyncIterator]: () => follow<Entry>(reader, connection, place),
  }
}

async function* follow<Entry extends Sequenced>(
  reader: Reader,
  first: Connection | undefined,
  place: { position: number },
): AsyncGenerator<Entry, void, undefined> {
  let connection = first
  let waitMs = reader.timing.firstWaitMs
  try {
    while (connection !== undefined && !hasEnded(reader)) {
      const since = performance.now()
      for await (const entry of entriesOf<Entry>(reader.source, connection)) {
        if (hasEnded(reader)) return
        // What was handed over is not handed over again, whatever a server sends.
        if (entry.sequence <= place.position) continue
        waitMs = reader.timing.firstWaitMs
        place.position = entry.sequence
        yield entry
      }
      connection.close()
      if (performance.now() - since > reader.timing.lastWaitMs) waitMs = reader.timing.firstWaitMs
      connection = await connectAgain(reader, place.position, () => {
        const present = waitMs
        waitMs = Math.min(waitMs * 2, reader.timing.lastWaitMs)
        return present
      })
    }
  } finally {
    connection?.close()
  }
}

type Numbered<Entry> = Entry & { readonly sequence: number }

/** The entries that a connection brings until it breaks. */
async function* entriesOf<Entry>(
  source: StreamSource,
  { events }: Connection,
): AsyncGenerator<Numbered<Entry>, void, undefined> {
  for (;;) {
    const next = await events.next().catch((error: unknown) => {
      if (GovernanceError.isInstance(error)) throw error
      return { done: true, value: undefined } as const
    })
    if (next.done === true) return
    if (next.value.data !== undefined) yield toEntry<Entry>(source, next.value, next.value.data)
  }
}

/** Connects until it works; undefined when the reader ended it, or it is over. */
async function connectAgain(reader: Reader, position: number, nextWait: () => number): Promise<Connection | undefined> {
  for (;;) {
    // Readers that lost one server do not come back all at once.
    await pause(nextWait() * (0.5 + Math.random() / 2), reader.signal)
    if (hasEnded(reader)) return undefined
    try {
      return await connect(reader, position)
    } catch (error) {
      if (hasEnded(reader)) return undefined
      if (!(GovernanceError.isInstance(error) && error.retryable)) throw error
    }
  }
}

/** Connects; undefined when the server says that nothing will come any more. */
async function connect(reader: Reader, after: number | undefined): Promise<Connection | undefined> {
  const { signal, timing } = reader
  signal?.throwIfAborted()
  const controller = new AbortController()
  const close = (): void => {
    signal?.removeEventListener('abort', close)
    controller.abort()
  }
  signal?.addEventListener('abort', close, { once: true })
  const timer = setTimeout(close, timing.connectMs)
  try {
    const response = await request(reader, after, controller.signal)
    if (response === undefined) {
      close()
      return undefined
    }
    const events = readServerSentEvents(withoutSilence(response, timing.silenceMs))
    const first = await events.next()
    const position = first.done === true || first.value.data !== undefined ? undefined : sequenceOf(first.value.id)
    if (position === undefined) throw answerInvalid('the stream does not begin with its position')
    return { events, position, close }
  } catch (error) {
    close()
    signal?.throwIfAborted()
    if (GovernanceError.isInstance(error)) throw error
    throw new GovernanceError('GOVERNOR_UNREACHABLE', { message: 'The stream of events cannot be opened.' })
  } finally {
    clearTimeout(timer)
  }
}

async function request(
  { url, token, workspace, source }: Reader,
  after: number | undefined,
  signal: AbortSignal,
): Promise<Response | undefined> {
  const headers = {
    accept: 'text/event-stream, application/problem+json',
    authorization: `Bearer ${token}`,
    ...(workspace === undefined ? {} : { 'preceptor-workspace': workspace }),
    ...(after === undefined ? {} : { 'last-event-id': String(after) }),
  }
  const response = await fetch(`${url}${source.path}`, { headers, signal, redirect: 'manual' })
  if (response.status === 200 && STREAM_TYPE.test(response.headers.get('content-type') ?? '')) return response
  if (response.status === 204 && after !== undefined) return undefined
  await readAnswer(response, { mostBytes: MOST_BYTES })
  throw answerInvalid('it is no stream of events')
}

/** The chunks of a body; one that is silent for too long ends. */
async function* withoutSilence({ body }: Response, silenceMs: number): AsyncGenerator<Uint8Array, void, undefined> {
  if (body === null) return
  const reader = body.getReader()
  try {
    for (;;) {
      const timer = setTimeout(() => void reader.cancel().catch(() => undefined), silenceMs)
      const { done, value } = await reader.read().finally(() => clearTimeout(timer))
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

function toEntry<Entry>(source: StreamSource, { id, event }: ServerSentEvent, data: string): Numbered<Entry> {
  const value = parse(data)
  const sequence = sequenceOf(id)
  const isNumbered = isJsonObject(value) && sequence !== undefined && value.sequence === sequence
  if (!isNumbered || value.kind !== event || !source.isEntry(value)) {
    throw answerInvalid('an event is none of this stream')
  }
  // Sequence and kind were compared above; the rest is as the server of this release writes it.
  return value as unknown as Numbered<Entry>
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch {
    throw answerInvalid('an event is not JSON')
  }
}

function sequenceOf(id: string | undefined): number | undefined {
  return id !== undefined && /^\d{1,15}$/.test(id) ? Number(id) : undefined
}

function hasEnded({ signal }: EventQuery): boolean {
  return signal?.aborted === true
}
