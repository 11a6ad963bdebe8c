import type { JsonValue } from '../port/json.ts'
import type { PlaybookOperations } from '../port/playbook-operations.ts'
import type {
  EffectivePlaybook,
  Playbook,
  PlaybookDeployment,
  PlaybookDiff,
  PlaybookRollback,
  PlaybookVersion,
  PlaybookVersionSummary,
} from '../resources/playbooks.ts'
import { type Connection, type FieldsOf, getOne, getPage, pathTo, post, readResource } from './connection.ts'
import type { ApiRequest } from './transport.ts'

const PLAYBOOK: FieldsOf<Playbook> = ['id', 'agentType', 'latest', 'createdAt']
const VERSION: FieldsOf<PlaybookVersion> = ['playbook', 'version', 'instructions', 'examples', 'test']
const SUMMARY: FieldsOf<PlaybookVersionSummary> = ['playbook', 'version', 'parent', 'test']
const DIFF: FieldsOf<PlaybookDiff> = ['playbook', 'from', 'to', 'instructions', 'examples']
const DEPLOYMENT: FieldsOf<PlaybookDeployment> = ['id', 'playbook', 'version', 'tier', 'target', 'share', 'state']
const ROLLBACK: FieldsOf<PlaybookRollback> = ['rolledBack', 'restored']
const EFFECTIVE: FieldsOf<EffectivePlaybook> = ['playbook', 'version', 'instructions', 'examples', 'tier', 'deployment']

/** The operations on playbooks, each of them one request. */
export function remotePlaybooks(connection: Connection): PlaybookOperations {
  // A query of the port holds nothing but texts and numbers.
  const get = (path: string, query: object = {}) =>
    connection.request({ method: 'GET', path, query: { ...(query as ApiRequest['query']) } })
  return {
    list: (query) => getPage(connection, { path: '/playbooks', ...(query && { query }), fields: PLAYBOOK }),
    get: (id) => getOne(connection, pathTo`/playbooks/${id}`, PLAYBOOK),
    version: (id, version) => getOne(connection, pathTo`/playbooks/${id}/versions/${String(version)}`, VERSION),
    versions: (id, query) =>
      getPage(connection, { path: pathTo`/playbooks/${id}/versions`, ...(query && { query }), fields: SUMMARY }),
    write: async (writing) => readResource(await post(connection, '/playbooks', writing), VERSION),
    diff: async (id, versions) => readResource(await get(pathTo`/playbooks/${id}/diff`, versions), DIFF),
    deploy: async (id, request) =>
      readResource(await post(connection, pathTo`/playbooks/${id}/deployments`, request), DEPLOYMENT),
    rollback: async (deployment, reason) =>
      readResource(await post(connection, pathTo`/playbooks/deployments/${deployment}/rollback`, { reason }), ROLLBACK),
    deployments: (id, query) =>
      getPage(connection, { path: pathTo`/playbooks/${id}/deployments`, ...(query && { query }), fields: DEPLOYMENT }),
    async effective(use) {
      const answer = await get('/playbooks/effective', use)
      const { effective } = readResource<{ readonly effective: JsonValue }>(answer, ['effective'])
      return effective === null ? null : readResource(effective, EFFECTIVE)
    },
  }
}
