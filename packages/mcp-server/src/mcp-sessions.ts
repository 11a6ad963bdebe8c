import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import { type ControlPlane, GovernanceError, type Identity } from '@preceptor/client'
import { MOST_BODY_BYTES } from './admit-request.ts'
import { type GovernanceServerOptions, openServer } from './create-governance-server.ts'

/** How many sessions there may be, and for how long. */
export interface SessionLimits {
  /** Milliseconds after its last request that a session ends; default 600,000. */
  readonly idleMs?: number
  /** Sessions of all principals together; default 1,000. Past it new ones are refused. */
  readonly mostSessions?: number
  /** Sessions of one principal; default 16. Past it the one that was idle longest ends. */
  readonly mostSessionsOfPrincipal?: number
}

interface Session {
  readonly id: string
  /** Whose it is: nobody else is answered in it. */
  readonly owner: string
  readonly transport: WebStandardStreamableHTTPServerTransport
  readonly close: () => Promise<void>
  lastUsed: number
}

/** The sessions of an endpoint. */
export interface Sessions {
  /** Answers a request of a principal, in its session or in a new one. */
  handle(request: Request, identity: Identity): Promise<Response>
  close(): Promise<void>
}

const SWEEP_EVERY_MS = 30_000

/** Keeps the sessions of an endpoint, each with a server of its own for its principal. */
export function createSessions(
  governor: ControlPlane,
  {
    idleMs = 600_000,
    mostSessions = 1_000,
    mostSessionsOfPrincipal = 16,
    ...options
  }: SessionLimits & GovernanceServerOptions,
): Sessions {
  const sessions = new Map<string, Session>()
  const end = async (session: Session): Promise<void> => {
    sessions.delete(session.id)
    await session.close()
  }
  const endIdle = (): void => {
    for (const session of sessions.values()) if (session.lastUsed + idleMs <= Date.now()) void end(session)
  }
  const sweeping = setInterval(endIdle, Math.min(idleMs, SWEEP_EVERY_MS))
  sweeping.unref()
  const open = async (request: Request, identity: Identity): Promise<Response> => {
    if (sessions.size >= mostSessions) {
      throw new GovernanceError('RATE_LIMITED', { message: 'There are as many sessions as this server keeps.' })
    }
    const owner = ownerOf(identity)
    const { server, ended } = openServer(governor, { ...options, identity })
    const close = async (): Promise<void> => {
      await server.close()
      await ended()
    }
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      maxRequestBodySize: MOST_BODY_BYTES,
      onsessioninitialized: (id) => {
        const own = [...sessions.values()].filter((session) => session.owner === owner)
        const [oldest] = own.sort((first, second) => first.lastUsed - second.lastUsed)
        if (own.length >= mostSessionsOfPrincipal && oldest !== undefined) void end(oldest)
        sessions.set(id, { id, owner, transport, close, lastUsed: Date.now() })
      },
      onsessionclosed: (id) => void sessions.delete(id),
    })
    // The interface of the SDK is not written for exact optional properties.
    await server.connect(transport as Parameters<typeof server.connect>[0])
    const response = await transport.handleRequest(request)
    if (transport.sessionId === undefined) await close()
    return response
  }
  return {
    async handle(request, identity) {
      endIdle()
      const id = request.headers.get('mcp-session-id')
      if (id === null && request.method === 'POST') return open(request, identity)
      const session = id === null ? undefined : sessions.get(id)
      // To everybody else it does not exist.
      if (session === undefined || session.owner !== ownerOf(identity)) {
        throw new GovernanceError('NOT_FOUND', { message: 'There is no such session.', hint: 'Initialize a new one.' })
      }
      session.lastUsed = Date.now()
      try {
        return await session.transport.handleRequest(request)
      } finally {
        session.lastUsed = Date.now()
      }
    },
    async close() {
      clearInterval(sweeping)
      await Promise.all([...sessions.values()].map(end))
    },
  }
}

/** All that the credential gives: who comes back with other rights begins a session with those. */
function ownerOf({ workspace, principal, source }: Identity): string {
  const { kind, id, roles, scopes, agents, credential } = principal
  return JSON.stringify([workspace, kind, id, roles, scopes, agents, credential, source])
}
