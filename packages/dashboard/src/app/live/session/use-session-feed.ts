import { GovernanceError, type SessionEvent } from '@preceptor/client'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { useSignedIn } from '../../data/session-context.ts'
import { heard, isHappening, NO_FEED, type SessionFeed } from './session-feed.ts'

/** What is heard of a session, and whether it still is. */
export interface FollowedSession {
  readonly feed: SessionFeed
  /** Why nothing is heard; null while something may be. */
  readonly error: unknown
}

/** What comes within this time is shown at once. */
const BUNCH_MS = 80
/** A session that changed is read anew at most this often. */
const READ_AGAIN_MS = 250
const AGAIN_MS = 2_000

/**
 * Follows the events of a session from its first one, for as long as the page is in sight: a tab in the background holds
 * no connection, and goes on after what it heard last.
 */
export function useSessionFeed(id: string): FollowedSession {
  const { scope } = useSignedIn()
  const client = useQueryClient()
  const [feed, setFeed] = useState(NO_FEED)
  const [error, setError] = useState<unknown>(null)
  const [place] = useState(() => ({ last: 0 }))
  const isVisible = useIsVisible()
  useEffect(() => {
    if (!isVisible) return
    const controller = new AbortController()
    const { signal } = controller
    const bunch = bunchOf<SessionEvent>(BUNCH_MS, (events) => setFeed((known) => heard(known, events)))
    const changed = bunchOf<SessionEvent>(
      READ_AGAIN_MS,
      () => void client.invalidateQueries({ queryKey: ['sessions'] }),
    )
    const follow = async (): Promise<void> => {
      for await (const event of scope.sessions.follow(id, { after: place.last, signal })) {
        place.last = event.sequence
        bunch.add(event)
        if (isHappening(event)) changed.add(event)
      }
    }
    void repeat(follow, { signal, onFault: setError })
    return () => {
      controller.abort()
      bunch.flush()
      changed.flush()
    }
  }, [scope, client, id, isVisible, place])
  return { feed, error }
}

interface Repetition {
  readonly signal: AbortSignal
  onFault(error: unknown): void
}

/** Does something until it was done; a fault that passes is tried again. */
async function repeat(act: () => Promise<void>, { signal, onFault }: Repetition): Promise<void> {
  while (!signal.aborted) {
    try {
      await act()
      return onFault(null)
    } catch (error) {
      if (signal.aborted) return
      onFault(error)
      if (GovernanceError.isInstance(error) && LASTING.has(error.code)) return
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
    }
  }
}

const LASTING: ReadonlySet<string> = new Set(['PERMISSION_DENIED', 'NOT_FOUND', 'INPUT_INVALID'])

/** Hands on what came within a time, all of it at once. */
function bunchOf<Item>(
  withinMs: number,
  take: (items: readonly Item[]) => void,
): { add(item: Item): void; flush(): void } {
  let items: Item[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    const taken = items
    items = []
    if (taken.length > 0) take(taken)
  }
  return {
    add(item) {
      items.push(item)
      timer ??= setTimeout(flush, withinMs)
    },
    flush,
  }
}

function useIsVisible(): boolean {
  return useSyncExternalStore(
    (listener) => {
      document.addEventListener('visibilitychange', listener)
      return () => document.removeEventListener('visibilitychange', listener)
    },
    () => document.visibilityState === 'visible',
  )
}
