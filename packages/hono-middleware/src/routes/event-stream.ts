import { watchStanding } from '../realtime/watch-standing.ts'
import type { StreamEntry, StreamSubscription } from './api-route.ts'

/** How often a stream does what it does by itself, in milliseconds. */
export interface StreamTiming {
  /** A stream that is silent for so long sends a comment. */
  readonly keepAliveMs: number
  /** How often the credential, and whether the reader takes anything, is looked at again. */
  readonly recheckMs: number
  /** A reader that takes nothing for so long is given up. */
  readonly stallMs: number
}

/** What a stream is made of. */
export interface EventStreamOptions {
  readonly subscription: StreamSubscription
  /** Ends the subscription, and with it the stream. */
  readonly controller: AbortController
  readonly timing: StreamTiming
  /** Throws once the credential no longer stands for what it stood for. */
  readonly assertStanding: () => Promise<void>
  /** Called once, however the stream ends. */
  readonly onEnd: () => void
  /** Told why the subscription failed; the stream just ends, and the reader comes again. */
  readonly onFault: (error: unknown) => void
}

type Next = IteratorResult<StreamEntry> | 'ended'

const encoder = new TextEncoder()
const KEEP_ALIVE = encoder.encode(': keep-alive\n\n')

/**
 * Server-sent events out of a subscription. Nothing is read before the reader asks for it, so that a slow reader costs
 * one page of rows; the first thing sent is the position, so that a reader who saw no event yet can resume, too.
 */
export function eventStream(options: EventStreamOptions): ReadableStream<Uint8Array> {
  const { subscription, controller, timing } = options
  const { signal } = controller
  const iterator = subscription[Symbol.asyncIterator]()
  const next = nextOf(iterator, options)
  let quiet: NodeJS.Timeout | undefined
  signal.addEventListener(
    'abort',
    () => {
      clearTimeout(quiet)
      options.onEnd()
      iterator.return?.().catch(() => undefined)
    },
    { once: true },
  )
  // While one is set, the reader takes nothing: no entry, or no sign of life.
  let idleSince: number | undefined = performance.now()
  let untakenSince: number | undefined

  return new ReadableStream<Uint8Array>(
    {
      start(stream) {
        stream.enqueue(encoder.encode(`id: ${subscription.position}\n\n`))
        quiet = setTimeout(() => {
          // Only a reader who waits is told so; another one has something to take.
          if (idleSince === undefined && isTaken(stream)) stream.enqueue(KEEP_ALIVE)
          if (!isTaken(stream)) untakenSince ??= performance.now()
          quiet?.refresh()
        }, timing.keepAliveMs)
        watch(options, () => {
          if (isTaken(stream)) untakenSince = undefined
          const since = idleSince ?? untakenSince
          if (since === undefined || performance.now() - since < timing.stallMs) return
          stream.error(new Error('The reader of the stream takes nothing.'))
          controller.abort()
        })
      },
      async pull(stream) {
        idleSince = undefined
        quiet?.refresh()
        const result = await next()
        idleSince = performance.now()
        if (result !== 'ended' && !signal.aborted && result.done !== true) return stream.enqueue(toFrame(result.value))
        controller.abort()
        stream.close()
      },
      cancel: () => controller.abort(),
    },
    { highWaterMark: 0 },
  )
}

/** Waits for what comes next, or for the end. One promise for each entry, and no timer: there may be a thousand readers of it. */
function nextOf(
  iterator: AsyncIterator<StreamEntry>,
  { controller: { signal }, onFault }: EventStreamOptions,
): () => Promise<Next> {
  let wake: ((next: Next) => void) | undefined
  signal.addEventListener('abort', () => wake?.('ended'), { once: true })
  return () =>
    new Promise((resolve) => {
      wake = resolve
      if (signal.aborted) return resolve('ended')
      iterator.next().then(resolve, (error: unknown) => {
        onFault(error)
        resolve('ended')
      })
    })
}

/** Whether all that was given was taken: nothing is asked for ahead. */
const isTaken = ({ desiredSize }: ReadableStreamDefaultController): boolean => (desiredSize ?? 0) >= 0

/** Ends the stream when its credential does not stand any more, and looks whether its reader takes anything. */
function watch({ controller, timing, assertStanding }: EventStreamOptions, assertTaken: () => void): void {
  const { recheckMs } = timing
  const end = watchStanding({ assertStanding, recheckMs, onGone: () => controller.abort() })
  const timer = setInterval(assertTaken, recheckMs)
  controller.signal.addEventListener('abort', () => {
    end()
    clearInterval(timer)
  })
}

const written = new WeakMap<StreamEntry, Uint8Array>()

/** Writes an event; one that goes to many readers is written once. */
function toFrame(entry: StreamEntry): Uint8Array {
  const known = written.get(entry)
  if (known !== undefined) return known
  const bytes = encoder.encode(`id: ${entry.sequence}\nevent: ${entry.kind}\ndata: ${JSON.stringify(entry)}\n\n`)
  written.set(entry, bytes)
  return bytes
}
