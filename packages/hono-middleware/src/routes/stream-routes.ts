import { GovernanceError } from '@preceptor/client'
import { z } from 'zod'
import { type SocketStats, socketHubOf } from '../realtime/socket-hub.ts'
import { journalEntry } from './administration-schemas.ts'
import { type ApiRoute, declareRoute, type StreamCall, type StreamRoute, type StreamSubscription } from './api-route.ts'
import { id } from './common-schemas.ts'
import { sessionEvent } from './session-schemas.ts'

const query = z.strictObject({ after: z.coerce.number().int().min(0).exactOptional() })
const ofSession = z.strictObject({ id })
const ENDED: readonly string[] = ['completed', 'terminated', 'failed']

const socketStats: z.ZodType<SocketStats> = z.strictObject({
  connections: z.int(),
  subscriptions: z.int(),
  framesSent: z.int(),
  closedSlow: z.int(),
  closedSilent: z.int(),
})

/** What is known of the sockets of the own workspace in this process. */
export const STATS_ROUTE: ApiRoute = declareRoute({
  method: 'get',
  path: '/ws/stats',
  operation: 'streams.stats',
  summary: 'Count the sockets of the workspace in this process',
  response: socketStats,
  handle: async ({ scope, governor }) => {
    scope.assertMay('streams.stats')
    return socketHubOf(governor).stats(scope.workspace)
  },
})

/** Every route that answers with events. */
export const STREAM_ROUTES: readonly StreamRoute[] = [
  {
    method: 'get',
    path: '/events',
    operation: 'journal.list',
    summary: 'Follow the journal; begins at its present end, unless Last-Event-ID or after say otherwise',
    query: query.extend({ topic: z.string().max(210).exactOptional() }),
    response: journalEntry,
    subscribe: ({ scope, after, topic, signal }) =>
      scope.events.subscribe({
        signal,
        ...(after === undefined ? {} : { after }),
        ...(topic === undefined ? {} : { topic }),
      }),
  },
  {
    method: 'get',
    path: '/supervision/sessions/{id}/stream',
    operation: 'sessions.events',
    summary:
      'Follow a session from its beginning, or after Last-Event-ID or after; ends, and then answers 204, when it is over',
    params: ofSession,
    query,
    response: sessionEvent,
    subscribe: followSession,
  },
]

async function followSession({
  scope,
  params,
  after = 0,
  signal,
}: StreamCall): Promise<StreamSubscription | undefined> {
  const { id: session } = ofSession.parse(params)
  // The first of them is the event that the reader saw last.
  const read = async () => (await scope.sessions.events(session, { after: Math.max(after - 1, 0), limit: 2 })).items
  const items = await read()
  if (after > 0 && items[0]?.sequence !== after) {
    throw new GovernanceError('INPUT_INVALID', { message: 'after: the session has not reached that number.' })
  }
  const isRead = items.at(-1)?.sequence === after
  // What is over has told everything, so that it is read again after the state.
  const isOver = isRead && ENDED.includes((await scope.sessions.get(session)).state)
  if (isOver && (await read()).at(-1)?.sequence === after) return undefined
  const events = scope.sessions.follow(session, { after, signal })
  return { position: after, [Symbol.asyncIterator]: () => events[Symbol.asyncIterator]() }
}
