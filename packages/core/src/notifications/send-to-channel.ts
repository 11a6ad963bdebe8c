import type { ChannelDesk } from '@preceptor/client'
import { withDeadline } from '../kernel/deadline.ts'
import type { Notification, NotificationChannel } from './notification.ts'

/** How an attempt to tell somebody ended. */
export type SendResult =
  | { readonly outcome: 'delivered'; readonly status: number | null }
  | {
      readonly outcome: 'failed'
      readonly status: number | null
      readonly error: string
      /** Milliseconds for which the receiver wants to be left alone. */
      readonly retryAfterMs?: number
    }
  /** There is nobody to be told any more. */
  | { readonly outcome: 'cancelled' }

const WITHIN_MS = 5_000
const LONGEST_WAIT_MS = 86_400_000

/** Hands a notification to a channel of the host; it never throws. */
export async function sendToChannel(
  channel: NotificationChannel,
  notification: Notification,
  { signal, desk }: { readonly signal: AbortSignal; readonly desk: ChannelDesk },
): Promise<SendResult> {
  const ending = new AbortController()
  const end = (): void => ending.abort()
  signal.addEventListener('abort', end, { once: true })
  if (signal.aborted) end()
  try {
    // Also when it throws before it gives a promise.
    const sending = Promise.resolve().then(() => channel.send(notification, { signal: ending.signal, desk }))
    await withDeadline(sending, { milliseconds: WITHIN_MS })
    return { outcome: 'delivered', status: null }
  } catch (error) {
    const retryAfterMs = waitAskedBy(error)
    if (retryAfterMs !== undefined) return { outcome: 'failed', status: null, error: 'channel_busy', retryAfterMs }
    // What it says may hold secrets of the host, and the row is read by people.
    return { outcome: 'failed', status: null, error: 'channel_failed' }
  } finally {
    end()
    signal.removeEventListener('abort', end)
  }
}

/** What a channel throws may say for how long the receiver wants to be left alone, in milliseconds. */
function waitAskedBy(error: unknown): number | undefined {
  const asked: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'retryAfterMs') : undefined
  return typeof asked === 'number' && asked >= 0 ? Math.min(asked, LONGEST_WAIT_MS) : undefined
}
