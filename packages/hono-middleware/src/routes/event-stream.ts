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

type Next = IteratorResult<StreamEntry> | 'quiet' | 'ended'

const KEEP_ALIVE = ': keep-alive\n\n'

/**
 * Server-sent events out of a subscription. Nothing is read before the reader asks for it, so that a slow reader costs
 * one page of rows; the first thing sent is the position, so that a reader who saw no event yet can resume, too.
 */
export function eventStream(options: EventStreamOptions): ReadableStream<Uint8Array> {
  const { subscription, controller, timing } = options
  const { signal } = controller
  const encoder = new TextEncoder()
  const iterator = subscription[Symbol.asyncIterator]()
  let wake: ((next: Next) => void) | undefined
  signal.addEventListener(
    'abort',
    () => {
      wake?.('ended')
      options.onEnd()
      iterator.return?.().catch(() => undefined)
    },
    { once: true },
  )
  let next: Promise<Next> | undefined
  let idleSince: number | undefined = performance.now()

  async function frame(): Promise<string | undefined> {
    next ??= iterator.next().catch((error: unknown) => {
      options.onFault(error)
      return 'ended' as const
    })
    const coming = next
    const result = await new Promise<Next>((resolve) => {
      wake = resolve
      const timer = setTimeout(() => resolve('quiet'), timing.keepAliveMs)
      void coming.then(resolve).finally(() => clearTimeout(timer))
    })
    if (result === 'quiet') return KEEP_ALIVE
    next = undefined
    return result === 'ended' || signal.aborted || result.done === true ? undefined : toFrame(result.value)
  }

  return new ReadableStream<Uint8Array>(
    {
      start(stream) {
        stream.enqueue(encoder.encode(`id: ${subscription.position}\n\n`))
        watch(options, () => {
          if (idleSince === undefined || performance.now() - idleSince < timing.stallMs) return
          stream.error(new Error('The reader of the stream takes nothing.'))
          controller.abort()
        })
      },
      async pull(stream) {
        idleSince = undefined
        const text = await frame()
        idleSince = performance.now()
        if (text !== undefined) return stream.enqueue(encoder.encode(text))
        controller.abort()
        stream.close()
      },
      cancel: () => controller.abort(),
    },
    { highWaterMark: 0 },
  )
}

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

function toFrame(entry: StreamEntry): string {
  return `id: ${entry.sequence}\nevent: ${entry.kind}\ndata: ${JSON.stringify(entry)}\n\n`
}
