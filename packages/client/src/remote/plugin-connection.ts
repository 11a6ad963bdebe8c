import type { JsonObject, JsonValue } from '../port/json.ts'
import type { PluginConnection, PluginSend } from '../port/plugin.ts'
import { type Connection, getPage, readResource } from './connection.ts'
import { openDownload } from './open-download.ts'
import type { ApiRequest } from './transport.ts'

const SLOW_MS = 60_000

/** What the operations of a plugin are made of on a remote governor. */
export function pluginConnection(connection: Connection): PluginConnection {
  return {
    workspace: connection.workspace,
    principal: connection.principal,
    get: async (path, { query, fields }) =>
      readResource(await connection.request({ method: 'GET', path, query: queryOf(query) }), fields),
    page: (path, { query, fields }) => getPage(connection, { path, fields, ...(query && { query }) }),
    send: async (path, sent) => readResource(await send(connection, path, sent), sent.fields),
    async read(path, { signal, ...query }) {
      const asked = new URLSearchParams()
      for (const [name, value] of Object.entries(query)) if (value !== undefined) asked.set(name, String(value))
      return openDownload(connection, { path: `${path}?${asked}`, signal })
    },
  }
}

function send<T>(connection: Connection, path: string, { method = 'POST', body, query, isSlow }: PluginSend<T>) {
  return connection.request({
    method,
    path,
    query: queryOf(query),
    // Requests of a port are plain data.
    ...(body === undefined ? {} : { body: body as JsonObject }),
    ...(method === 'POST' ? { idempotencyKey: crypto.randomUUID() } : {}),
    ...(isSlow === true ? { deadlineMs: SLOW_MS } : {}),
  }) satisfies Promise<JsonValue>
}

/** A query of a port holds nothing but texts, numbers and truth values; whatever else is in it, the server refuses. */
function queryOf(query: object = {}): NonNullable<ApiRequest['query']> {
  return { ...query } as NonNullable<ApiRequest['query']>
}
