import type { ControlScope } from '@preceptor/client'
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { isListed, patchLists } from './proposals.ts'

/** What arrives while the page is open. */
export interface Live {
  readonly isOpen: boolean
  /** Proposals that came since the list was read. */
  readonly arrived: ReadonlySet<string>
  /** The list was read again. */
  clear(): void
}

const FIRST_WAIT_MS = 1_000
const LAST_WAIT_MS = 30_000

/** Follows the events of the workspace for as long as somebody is signed in. */
export function useLiveEvents(scope: ControlScope): Live {
  const client = useQueryClient()
  const [isOpen, setOpen] = useState(false)
  const [arrived, setArrived] = useState<ReadonlySet<string>>(new Set())
  useEffect(() => {
    const controller = new AbortController()
    const onCreated = (id: string): void => setArrived((known) => new Set([...known, id]))
    void follow(scope, { client, signal: controller.signal, setOpen, onCreated })
    return () => controller.abort()
  }, [scope, client])
  return { isOpen, arrived, clear: () => setArrived(new Set()) }
}

interface Following {
  readonly client: QueryClient
  readonly signal: AbortSignal
  setOpen(isOpen: boolean): void
  onCreated(id: string): void
}

async function follow(scope: ControlScope, following: Following): Promise<void> {
  const { signal, client } = following
  let waitMs = FIRST_WAIT_MS
  let after: number | undefined
  while (!signal.aborted) {
    try {
      const subscription = await scope.events.subscribe({ signal, ...(after === undefined ? {} : { after }) })
      // What happened before the stream was there is in no event of it.
      if (after === undefined) void client.invalidateQueries({ queryKey: ['card'] })
      following.setOpen(true)
      waitMs = FIRST_WAIT_MS
      for await (const { kind, subjectId } of subscription) {
        after = subscription.position
        if (kind.startsWith('proposal.') || kind === 'permit.redeemed') {
          await take(scope, following, { kind, id: subjectId })
        }
      }
    } catch {
      following.setOpen(false)
    }
    await pause(waitMs, signal)
    waitMs = Math.min(waitMs * 2, LAST_WAIT_MS)
  }
}

async function take(
  scope: ControlScope,
  { client, onCreated }: Following,
  { kind, id }: { readonly kind: string; readonly id: string },
): Promise<void> {
  if (kind === 'proposal.created') return isListed(client, id) ? undefined : onCreated(id)
  void client.invalidateQueries({ queryKey: ['card', id] })
  if (kind === 'proposal.commented') void client.invalidateQueries({ queryKey: ['comments', id] })
  if (!isListed(client, id)) return
  try {
    patchLists(client, await scope.proposals.get(id))
  } catch {
    // The list says what it said; the next event or reload corrects it.
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
