import type { JsonObject } from '../port/json.ts'
import type { SessionOperations } from '../port/session-operations.ts'
import type {
  SessionEvent,
  SessionFollowing,
  SupervisionSession,
  SupervisionSessionDetail,
} from '../resources/supervision.ts'
import { type Connection, type FieldsOf, getOne, getPage, pathTo, post, readResource } from './connection.ts'
import { openStream } from './event-stream.ts'
import { isJsonObject } from './read-answer.ts'

const SESSION_FIELDS = ['id', 'agent', 'run', 'supervisorId', 'state'] as const
const SESSION: FieldsOf<SupervisionSession> = SESSION_FIELDS
const DETAIL: FieldsOf<SupervisionSessionDetail> = [...SESSION_FIELDS, 'steps', 'interventions']
const EVENTS: FieldsOf<{ readonly items: readonly SessionEvent[] }> = ['items']

/** The operations on supervision sessions, each of them one request. */
export function remoteSessions(connection: Connection): SessionOperations {
  const act = async <T>(path: string, body: object, fields: FieldsOf<T>): Promise<T> =>
    readResource(await post(connection, path, body), fields)
  return {
    get: async (id) => getOne(connection, pathTo`/supervision/sessions/${id}`, DETAIL),
    list: (query) => getPage(connection, { path: '/supervision/sessions', ...(query && { query }), fields: SESSION }),
    attach: async (id) => {
      // Attaching again renews the lease, and no more.
      const path = pathTo`/supervision/sessions/${id}/attach`
      return readResource(await connection.request({ method: 'POST', path, repeatable: true }), SESSION)
    },
    intervene: (id, intervention) => act(pathTo`/supervision/sessions/${id}/intervene`, intervention, DETAIL),
    object: (id, objection) => act(pathTo`/supervision/sessions/${id}/object`, objection, DETAIL),
    handOver: (id, to) => act(pathTo`/supervision/sessions/${id}/hand-over`, { to }, SESSION),
    takeOver: (id, reason) => act(pathTo`/supervision/sessions/${id}/take-over`, { reason }, SESSION),
    complete: (id, rating) => act(pathTo`/supervision/sessions/${id}/complete`, rating, SESSION),
    events: (id, query = {}) => getOne(connection, eventsPath(id, query), EVENTS),
    follow: (id, following = {}) => follow(connection, id, following),
  }
}

async function* follow(
  { url, token, workspace, closed }: Connection,
  id: string,
  { after = 0, signal }: SessionFollowing,
): AsyncGenerator<SessionEvent, void, undefined> {
  closed.throwIfAborted()
  const ending = signal === undefined ? closed : AbortSignal.any([signal, closed])
  const path = pathTo`/supervision/sessions/${id}/stream`
  const source = { path, isEntry: ({ body, at }: JsonObject) => isJsonObject(body) && typeof at === 'string' }
  const hasEnded = (): boolean => signal?.aborted === true
  try {
    yield* await openStream<SessionEvent>({ url, token, workspace, signal: ending, after }, source)
  } catch (error) {
    if (!hasEnded()) throw error
  }
  if (!hasEnded()) closed.throwIfAborted()
}

function eventsPath(id: string, query: { readonly after?: number; readonly limit?: number }): string {
  const asked = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  )
  const path = pathTo`/supervision/sessions/${id}/events`
  return asked.size === 0 ? path : `${path}?${asked}`
}
