import type { ControlScope } from '@preceptor/client'
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { createContext, useContext, useEffect, useMemo, useState } from 'react'
import { type EventFeed, followEvents, type StreamEvent } from './events.ts'
import { isListed, patchLists } from './proposals.ts'
import { type QueryRoot, touchedBy } from './touched.ts'

/** What arrives while the page is open. */
export interface Live extends EventFeed {
  /** Proposals that came since the list was read. */
  readonly arrived: ReadonlySet<string>
  /** The list was read again. */
  clear(): void
}

/** What arrives; whoever asks without a page around it hears nothing. */
export const LiveContext = createContext<Live>({
  isOpen: false,
  arrived: new Set(),
  clear: () => undefined,
  listen: () => () => undefined,
})

/** What arrives while the page is open. */
export function useLive(): Live {
  return useContext(LiveContext)
}

/** Events come in bunches: what they touched is read anew once for all of a bunch. */
const BUNCH_MS = 300

/** Follows the events of the workspace for as long as somebody is signed in: the one stream of the page. */
export function useLiveEvents(scope: ControlScope): Live {
  const client = useQueryClient()
  const [isOpen, setOpen] = useState(false)
  const [arrived, setArrived] = useState<ReadonlySet<string>>(new Set())
  const [listeners] = useState(() => new Set<(event: StreamEvent) => void>())
  useEffect(() => {
    const controller = new AbortController()
    const bunch = bunchOf(client)
    const onCreated = (id: string): void => setArrived((known) => new Set([...known, id]))
    void followEvents(scope, {
      signal: controller.signal,
      onState: setOpen,
      // What happened before the stream was there is in no event of it.
      onOpened: (isFirst) => isFirst && void client.invalidateQueries({ queryKey: ['card'] }),
      onEvent(event) {
        for (const root of touchedBy(event.kind)) bunch.add(root)
        for (const listener of listeners) listener(event)
        void takeProposal(scope, { client, onCreated }, event)
      },
    })
    return () => {
      controller.abort()
      bunch.drop()
    }
  }, [scope, client, listeners])
  return useMemo(
    () => ({
      isOpen,
      arrived,
      clear: () => setArrived(new Set()),
      listen(listener: (event: StreamEvent) => void) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    }),
    [isOpen, arrived, listeners],
  )
}

/** Reads anew what a bunch of events touched. */
function bunchOf(client: QueryClient): { add(root: QueryRoot): void; drop(): void } {
  const roots = new Set<QueryRoot>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = (): void => {
    timer = undefined
    for (const root of roots) void client.invalidateQueries({ queryKey: [root] })
    roots.clear()
  }
  return {
    add(root) {
      roots.add(root)
      timer ??= setTimeout(flush, BUNCH_MS)
    },
    drop: () => clearTimeout(timer),
  }
}

interface Taking {
  readonly client: QueryClient
  onCreated(id: string): void
}

/** Lists of proposals never move under the cursor: what is new waits behind a button, what changed changes in place. */
async function takeProposal(
  scope: ControlScope,
  { client, onCreated }: Taking,
  { kind, subjectId: id }: StreamEvent,
): Promise<void> {
  if (!kind.startsWith('proposal.') && kind !== 'permit.redeemed') return
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
