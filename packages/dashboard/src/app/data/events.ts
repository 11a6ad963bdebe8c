import type { ControlScope, JournalEntry } from '@preceptor/client'
import { createContext, useContext, useEffect, useRef } from 'react'

/** One event as the stream tells it. */
export type StreamEvent = JournalEntry

/** The one stream of the page: everything that follows what happens hears it from here. */
export interface EventFeed {
  /** Whether the stream is open now. */
  readonly isOpen: boolean
  /** Hears each event from now on. @returns what ends it */
  listen(listener: (event: StreamEvent) => void): () => void
}

export const EventFeedContext = createContext<EventFeed>({ isOpen: false, listen: () => () => undefined })

/** Hears each event of the workspace for as long as a component is there. */
export function useEvent(listener: (event: StreamEvent) => void): void {
  const { listen } = useContext(EventFeedContext)
  const latest = useRef(listener)
  latest.current = listener
  useEffect(() => listen((event) => latest.current(event)), [listen])
}

const FIRST_WAIT_MS = 1_000
const LAST_WAIT_MS = 30_000

/** How a stream is followed. */
export interface FollowEvents {
  readonly signal: AbortSignal
  onState(isOpen: boolean): void
  /** The stream is there, for the first time or again. */
  onOpened(isFirst: boolean): void
  onEvent(event: StreamEvent): void
}

/** Follows the events of the workspace until the signal ends it, and goes on after whatever was heard last. */
export async function followEvents(
  scope: ControlScope,
  { signal, onState, onOpened, onEvent }: FollowEvents,
): Promise<void> {
  let waitMs = FIRST_WAIT_MS
  let after: number | undefined
  while (!signal.aborted) {
    try {
      const subscription = await scope.events.subscribe({ signal, ...(after === undefined ? {} : { after }) })
      onOpened(after === undefined)
      onState(true)
      waitMs = FIRST_WAIT_MS
      for await (const event of subscription) {
        after = subscription.position
        onEvent(event)
      }
    } catch {
      onState(false)
    }
    await pause(waitMs * (0.75 + Math.random() / 2), signal)
    waitMs = Math.min(waitMs * 2, LAST_WAIT_MS)
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}
