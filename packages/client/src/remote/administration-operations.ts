import type { KeyOperations, MemberOperations, WorkspaceOperations } from '../port/access-operations.ts'
import type {
  BypassOperations,
  ControlScope,
  EventOperations,
  JournalOperations,
  PolicyOperations,
  StopOperations,
} from '../port/control-plane.ts'
import type { PresenceOperations } from '../port/presence-operations.ts'
import type {
  ApiKey,
  CreatedApiKey,
  HeartbeatAnswer,
  Membership,
  PolicyVersion,
  Presence,
  PresenceSession,
  Stop,
  Workspace,
} from '../resources/administration.ts'
import type { Bypass } from '../resources/bypass.ts'
import type { PolicySimulation } from '../resources/policy-simulation.ts'
import type { JournalEntry, JournalVerification } from '../resources/records.ts'
import type { ShadowReport } from '../resources/shadow-report.ts'
import type { StreamTicket } from '../resources/stream-tickets.ts'
import { type Connection, type FieldsOf, getOne, getPage, pathTo, post, readResource } from './connection.ts'
import { openEventStream } from './event-stream.ts'
import { openDownload } from './open-download.ts'
import { answerInvalid, isJsonObject } from './read-answer.ts'

const POLICY: FieldsOf<PolicyVersion> = ['version', 'document', 'reason']
const SIMULATION: FieldsOf<PolicySimulation> = ['total', 'looked', 'judged', 'unjudged', 'routes', 'differences']
const SHADOW: FieldsOf<ShadowReport> = ['from', 'to', 'capabilities', 'latest']
const ENTRY: FieldsOf<JournalEntry> = ['id', 'sequence', 'kind', 'body', 'hash']
const VERIFICATION: FieldsOf<JournalVerification> = ['ok', 'checked', 'unsealed', 'head', 'anchor', 'problem']
const KEY: FieldsOf<ApiKey> = ['id', 'prefix', 'principalKind', 'principalId', 'revokedAt']
const CREATED_KEY: FieldsOf<CreatedApiKey> = ['key', 'secret']
const BYPASS: FieldsOf<Bypass> = ['id', 'target', 'state', 'reason', 'setAt', 'expiresAt']
const STOP: FieldsOf<Stop> = ['id', 'target', 'reason', 'setAt', 'liftedAt']
const MEMBERSHIP: FieldsOf<Membership> = ['userId', 'displayName', 'roles']
const WORKSPACE: FieldsOf<Workspace> = ['id', 'displayName', 'createdAt']
const TICKET: FieldsOf<StreamTicket> = ['ticket', 'path', 'expiresAt']
const PRESENCE: FieldsOf<Presence> = ['userId', 'state', 'lastActivityAt']
const HEARTBEAT: FieldsOf<HeartbeatAnswer> = [...PRESENCE, 'sessionId']
const PRESENCE_SESSION: FieldsOf<PresenceSession> = ['id', 'userId', 'lastHeartbeatAt']

// The whole chain is computed again.
const VERIFY_DEADLINE_MS = 300_000
// Every decision is ruled on twice.
const SIMULATE_DEADLINE_MS = 30_000

/** Policy, journal, keys, kill switches, users and their presence. */
export type AdministrationOperations = Pick<
  ControlScope,
  | 'policies'
  | 'journal'
  | 'events'
  | 'streamTickets'
  | 'keys'
  | 'stops'
  | 'bypasses'
  | 'members'
  | 'workspaces'
  | 'presence'
>

/** The operations that administer a workspace, each of them one request. */
export function remoteAdministration(connection: Connection): AdministrationOperations {
  return {
    policies: remotePolicies(connection),
    journal: remoteJournal(connection),
    events: remoteEvents(connection),
    streamTickets: {
      create: async (request) => readResource(await post(connection, '/stream-tickets', request), TICKET),
    },
    keys: remoteKeys(connection),
    stops: remoteStops(connection),
    bypasses: remoteBypasses(connection),
    members: remoteMembers(connection),
    workspaces: remoteWorkspaces(connection),
    presence: remotePresence(connection),
  }
}

function remotePolicies(connection: Connection): PolicyOperations {
  return {
    current: () => getOne(connection, '/policies/current', POLICY),
    list: (query) => getPage(connection, { path: '/policies', ...(query && { query }), fields: POLICY }),
    put: async (document, { basedOn, reason }) => {
      // Sent twice it would lose against itself: the version that it is based on is no longer the last one.
      const request = {
        method: 'PUT',
        path: '/policies',
        body: { document, basedOn, reason },
        repeatable: false,
      } as const
      return readResource(await connection.request(request), POLICY)
    },
    shadow: async ({ since } = {}) => {
      const path = since === undefined ? '/policies/shadow' : `/policies/shadow?${new URLSearchParams({ since })}`
      const asked = { method: 'GET', path, deadlineMs: SIMULATE_DEADLINE_MS } as const
      return readResource(await connection.request(asked), SHADOW)
    },
    simulate: async (document, { days, listed } = {}) => {
      const body = { document, ...(days !== undefined && { days }), ...(listed !== undefined && { listed }) }
      // It reads, and no more.
      const asked = { method: 'POST', path: '/policies/simulate', body, repeatable: true } as const
      return readResource(await connection.request({ ...asked, deadlineMs: SIMULATE_DEADLINE_MS }), SIMULATION)
    },
  }
}

function remoteJournal(connection: Connection): JournalOperations {
  return {
    list: (query) => getPage(connection, { path: '/journal', ...(query && { query }), fields: ENTRY }),
    verify: async () => {
      const request = { method: 'GET', path: '/journal/verify', deadlineMs: VERIFY_DEADLINE_MS } as const
      return readResource(await connection.request(request), VERIFICATION)
    },
    export: async ({ signal, ...query } = {}) => {
      const stated = Object.entries(query).map(([name, value]) => [name, String(value)])
      const path = `/journal/export?${new URLSearchParams(Object.fromEntries(stated))}`
      return openDownload(connection, { path, signal })
    },
  }
}

function remoteEvents({ url, token, workspace, closed }: Connection): EventOperations {
  return {
    async subscribe({ signal, topic, ...query } = {}) {
      closed.throwIfAborted()
      const ending = signal === undefined ? closed : AbortSignal.any([signal, closed])
      const subscription = await openEventStream({
        url,
        token,
        workspace,
        signal: ending,
        ...(topic === undefined ? {} : { topic }),
        ...query,
      })
      return {
        get position() {
          return subscription.position
        },
        async *[Symbol.asyncIterator]() {
          yield* subscription
          if (signal?.aborted !== true) closed.throwIfAborted()
        },
      }
    },
  }
}

function remoteKeys(connection: Connection): KeyOperations {
  return {
    create: async (request) => readResource(await post(connection, '/keys', request), CREATED_KEY),
    list: (query) => getPage(connection, { path: '/keys', ...(query && { query }), fields: KEY }),
    rotate: async (id, { ...rotation } = {}) =>
      readResource(await post(connection, pathTo`/keys/${id}/rotate`, rotation), CREATED_KEY),
    revoke: async (id) => readResource(await connection.request({ method: 'DELETE', path: pathTo`/keys/${id}` }), KEY),
  }
}

function remoteStops(connection: Connection): StopOperations {
  return {
    set: async (request) => readResource(await post(connection, '/stops', request), STOP),
    list: (query) => getPage(connection, { path: '/stops', ...(query && { query }), fields: STOP }),
    lift: async (id, reason) => {
      const request = { method: 'DELETE', path: pathTo`/stops/${id}`, query: { reason } } as const
      return readResource(await connection.request(request), STOP)
    },
  }
}

function remoteBypasses(connection: Connection): BypassOperations {
  return {
    set: async (request) => readResource(await post(connection, '/bypasses', request), BYPASS),
    list: (query) => getPage(connection, { path: '/bypasses', ...(query && { query }), fields: BYPASS }),
    lift: async (id, reason) => {
      const request = { method: 'DELETE', path: pathTo`/bypasses/${id}`, query: { reason } } as const
      return readResource(await connection.request(request), BYPASS)
    },
  }
}

function remoteMembers(connection: Connection): MemberOperations {
  return {
    put: async (userId, member) =>
      readResource(await post(connection, '/memberships', { userId, ...member }), MEMBERSHIP),
    list: (query) => getPage(connection, { path: '/memberships', ...(query && { query }), fields: MEMBERSHIP }),
    remove: async (userId) =>
      readResource(await connection.request({ method: 'DELETE', path: pathTo`/memberships/${userId}` }), MEMBERSHIP),
  }
}

function remoteWorkspaces(connection: Connection): WorkspaceOperations {
  return {
    create: async (request) => readResource(await post(connection, '/workspaces', request), WORKSPACE),
    list: (query) => getPage(connection, { path: '/workspaces', ...(query && { query }), fields: WORKSPACE }),
  }
}

function remotePresence(connection: Connection): PresenceOperations {
  return {
    heartbeat: async ({ ...body } = {}) => {
      const path = pathTo`/users/${connection.principal.id}/activity/heartbeat`
      return readResource(await connection.request({ method: 'POST', path, body, repeatable: true }), HEARTBEAT)
    },
    get: async (userId) => getOne(connection, pathTo`/users/${userId}/activity/state`, PRESENCE),
    override: async (userId, { ...override }) =>
      readResource(await post(connection, pathTo`/users/${userId}/activity/override`, override), PRESENCE),
    clearOverride: async (userId) => {
      const path = pathTo`/users/${userId}/activity/override`
      return readResource(await connection.request({ method: 'DELETE', path }), PRESENCE)
    },
    sessions: async (userId, query) =>
      getPage(connection, {
        path: pathTo`/users/${userId}/activity/sessions`,
        ...(query && { query }),
        fields: PRESENCE_SESSION,
      }),
    endSession: async (id) => {
      const path = pathTo`/activity/sessions/${id}`
      return readResource(await connection.request({ method: 'DELETE', path }), PRESENCE_SESSION)
    },
    available: async () => {
      const answer = await connection.request({ method: 'GET', path: '/users/available-supervisors' })
      const items = isJsonObject(answer) ? answer.items : undefined
      if (!Array.isArray(items)) throw answerInvalid('it is no list')
      return items.map((item) => readResource(item, PRESENCE))
    },
  }
}
