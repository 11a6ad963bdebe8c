import { withDeadline } from '../kernel/deadline.ts'
import type { Notification, NotificationChannel } from './notification.ts'

/** How an attempt to tell somebody ended. */
export type SendResult =
  | { readonly outcome: 'delivered'; readonly status: number | null }
  | { readonly outcome: 'failed'; readonly status: number | null; readonly error: string }
  /** There is nobody to be told any more. */
  | { readonly outcome: 'cancelled' }

const WITHIN_MS = 5_000

/** Hands a notification to a channel of the host; it never throws. */
export async function sendToChannel(
  channel: NotificationChannel,
  notification: Notification,
  signal: AbortSignal,
): Promise<SendResult> {
  const ending = new AbortController()
  const end = (): void => ending.abort()
  signal.addEventListener('abort', end, { once: true })
  if (signal.aborted) end()
  try {
    // Also when it throws before it gives a promise.
    const sending = Promise.resolve().then(() => channel.send(notification, { signal: ending.signal }))
    await withDeadline(sending, { milliseconds: WITHIN_MS })
    return { outcome: 'delivered', status: null }
  } catch {
    // What it says may hold secrets of the host, and the row is read by people.
    return { outcome: 'failed', status: null, error: 'channel_failed' }
  } finally {
    end()
    signal.removeEventListener('abort', end)
  }
}
