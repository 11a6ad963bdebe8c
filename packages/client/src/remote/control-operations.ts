import { GovernanceError } from '../errors/governance-error.ts'
import type { CataloguedAction } from '../port/action.ts'
import type { ControlScope, Health } from '../port/control-plane.ts'
import type { Scope } from '../port/governor.ts'
import { remoteAdministration } from './administration-operations.ts'
import { remoteAgents } from './agent-operations.ts'
import { remoteAnalytics } from './analytics-operations.ts'
import type { Call } from './caller.ts'
import { type Connection, type FieldsOf, getPage, readResource } from './connection.ts'
import { remoteGrants } from './grant-operations.ts'
import { remoteNotifications } from './notification-operations.ts'
import { remotePlaybooks } from './playbook-operations.ts'
import { pluginConnection } from './plugin-connection.ts'
import { remoteRecords } from './record-operations.ts'
import { remoteTraining } from './training-operations.ts'
import type { Transport } from './transport.ts'

const ACTION: FieldsOf<CataloguedAction> = ['name', 'digest', 'risk']

/** The half of a scope that reads and administers. */
export type ControlOperations = Omit<ControlScope, keyof Scope>

/** Reading and administration over HTTP: every method is one request, and its rules are those of the server. */
export function controlOperations(open: Connection): ControlOperations {
  const request: Call = async (asked) => {
    open.closed.throwIfAborted()
    return open.request(asked)
  }
  const connection: Connection = { ...open, request }
  return {
    actions: { list: (query) => getPage(connection, { path: '/actions', ...(query && { query }), fields: ACTION }) },
    agents: remoteAgents(connection),
    ...remoteRecords(connection),
    grants: remoteGrants(connection),
    ...remoteTraining(connection),
    playbooks: remotePlaybooks(connection),
    ...remoteAdministration(connection),
    analytics: remoteAnalytics(connection),
    ...remoteNotifications(connection),
    plugin: (port) => port.connect(pluginConnection(connection)),
  }
}

/** Health of the gate behind a transport. It never throws: a server that does not answer is an answer. */
export async function remoteHealth(transport: Transport, token: string): Promise<Health> {
  try {
    return readResource<Health>(await transport.request({ method: 'GET', path: '/readyz', token }), ['ready', 'checks'])
  } catch (error) {
    const message = GovernanceError.isInstance(error) ? error.message : String(error)
    return { ready: false, checks: { reachable: { ok: false, message } } }
  }
}
