import type { GrantOperations } from '../port/control-plane.ts'
import type { JsonObject } from '../port/json.ts'
import type { Grant, GrantPreview } from '../resources/grants.ts'
import { type Connection, type FieldsOf, getOne, getPage, pathTo, post, readResource } from './connection.ts'

const GRANT: FieldsOf<Grant> = ['id', 'agent', 'action', 'matcher', 'uses', 'used', 'state', 'expiresAt']
const PREVIEW: FieldsOf<GrantPreview> = ['matched', 'of', 'sample']

/** The operations on grants, each of them one request. */
export function remoteGrants(connection: Connection): GrantOperations {
  return {
    preview: async (request) => {
      // It reads, and no more. Requests of the port are plain data.
      const body = request as unknown as JsonObject
      const asked = { method: 'POST', path: '/grants/preview', body, repeatable: true } as const
      return readResource(await connection.request(asked), PREVIEW)
    },
    create: async (request) => readResource(await post(connection, '/grants', request), GRANT),
    get: async (id) => getOne(connection, pathTo`/grants/${id}`, GRANT),
    list: (query) => getPage(connection, { path: '/grants', ...(query && { query }), fields: GRANT }),
    revoke: async (id, reason) =>
      readResource(
        await connection.request({ method: 'DELETE', path: pathTo`/grants/${id}`, body: { reason } }),
        GRANT,
      ),
  }
}
