import { z } from 'zod'
import { journalEntry } from './administration-schemas.ts'
import type { StreamRoute } from './api-route.ts'

/** Every route that answers with events. */
export const STREAM_ROUTES: readonly StreamRoute[] = [
  {
    method: 'get',
    path: '/events',
    operation: 'journal.list',
    summary: 'Follow the journal; begins at its present end, unless Last-Event-ID or after say otherwise',
    query: z.strictObject({ after: z.coerce.number().int().min(0).exactOptional() }),
    response: journalEntry,
    subscribe: ({ scope, after, signal }) =>
      scope.events.subscribe({ signal, ...(after === undefined ? {} : { after }) }),
  },
]
