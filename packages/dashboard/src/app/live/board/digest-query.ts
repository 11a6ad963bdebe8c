import type { ControlScope, SessionEvent } from '@preceptor/client'
import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { heard, NO_FEED, type SessionFeed } from '../session/session-feed.ts'

/** What a tile says of what a run said. */
export interface SessionDigest {
  /** Number of the last event that was read. */
  readonly last: number
  /** From 0 to 1; null while the run has said nothing of it. */
  readonly progress: number | null
  readonly warnings: number
  readonly errors: number
}

const NOTHING: SessionDigest = { last: 0, progress: null, warnings: 0, errors: 0 }
const PAGE = 500
/** A run that has said more is caught up with at the next look. */
const MOST_PAGES = 8
const LOOK_EVERY_MS = 4_000

interface DigestOptions {
  readonly client: QueryClient
  readonly id: string
  /** Whether it goes on, so that more may come. */
  readonly goesOn: boolean
  readonly isAllowed: boolean
}

/** The query of what a run said, in short: it reads on from where it was. */
export function digestQuery(scope: ControlScope, { client, id, goesOn, isAllowed }: DigestOptions) {
  const queryKey = ['digest', id] as const
  return queryOptions({
    queryKey,
    queryFn: async () => {
      let digest: SessionDigest = client.getQueryData(queryKey) ?? NOTHING
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const { items } = await scope.sessions.events(id, { after: digest.last, limit: PAGE })
        digest = added(digest, items)
        if (items.length < PAGE) break
      }
      return digest
    },
    enabled: isAllowed,
    refetchInterval: goesOn ? LOOK_EVERY_MS : false,
  })
}

function added(digest: SessionDigest, events: readonly SessionEvent[]): SessionDigest {
  const { last, progress, warnings, errors }: SessionFeed = heard({ ...NO_FEED, last: digest.last }, events)
  return {
    last,
    progress: progress?.value ?? digest.progress,
    warnings: digest.warnings + warnings,
    errors: digest.errors + errors,
  }
}
