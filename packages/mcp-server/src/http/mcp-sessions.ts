import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { GovernanceError } from '@preceptor/client'
import { type Caller, MOST_BODY_BYTES } from './admit-request.ts'
import { createEventStore } from './event-store.ts'

/** How many sessions there may be, and for how long. */
export interface SessionLimits {
  /** Milliseconds after its last request that a session ends; default 600,000. */
  readonly idleMs?: number
  /** Sessions of all principals together; default 1,000. Past it new ones are refused. */
  readonly mostSessions?: number
  /** Sessions of one credential; default 64. Past it the one that was idle longest ends. */
  readonly mostSessionsOfCredential?: number
}

/** The sessions of an endpoint. */
export interface McpSessions {
  /** Answers a request of a principal, in its session or in a new one. */
  handle(request: Request, caller: Caller): Promise<Response>
  close(): Promise<void>
}

interface Session {
  /** Whose it is: nobody else is answered in it. */
  readonly owner: string
  readonly transport: WebStandardStreamableHTTPServerTransport
  readonly close: () => Promise<void>
  lastUsed: number
}

/** A server of one principal, that listens on a transport. */
export interface ServedSession {
  /** Ends it; resolves when what it held open is on record. */
  readonly close: () => Promise<void>
  /** Resolves when it ended by itself. */
  readonly gone?: Promise<void>
}

/** What the sessions of an endpoint are kept by. */
export interface SessionOptions extends SessionLimits {
  /** Makes a server for a principal and connects it. */
  readonly serve: (transport: Transport, caller: Caller) => Promise<ServedSession>
  /** Told of what failed where nobody waits for it. */
  readonly onFault: (error: unknown) => void
}

const SWEEP_EVERY_MS = 30_000
/** How soon a client whose stream ended comes back for the rest of it. */
const RETRY_MS = 1_000

/** Keeps the sessions of an endpoint, each with a server of its own for its principal. */
export function createSessions(options: SessionOptions): McpSessions {
  const { idleMs = 600_000, mostSessions = 1_000, mostSessionsOfCredential = 64, onFault, serve } = options
  const sessions = new Map<string, Session>()
  let beginning = 0
  const end = async (id: string, session: Session): Promise<void> => {
    sessions.delete(id)
    await session.close()
  }
  // Nobody waits for these; what fails in one is the host's to know.
  const endAside = (id: string, session: Session): void => void end(id, session).catch(onFault)
  const endIdle = (): void => {
    for (const [id, session] of sessions) if (session.lastUsed + idleMs <= Date.now()) endAside(id, session)
  }
  const sweeping = setInterval(endIdle, Math.min(idleMs, SWEEP_EVERY_MS))
  sweeping.unref()
  const enter = (id: string, session: Session): void => {
    const own = [...sessions].filter(([, { owner }]) => owner === session.owner)
    const [oldest] = own.sort(([, first], [, second]) => first.lastUsed - second.lastUsed)
    if (own.length >= mostSessionsOfCredential && oldest !== undefined) endAside(...oldest)
    sessions.set(id, session)
  }
  return {
    async handle(request, caller) {
      endIdle()
      const id = request.headers.get('mcp-session-id')
      if (id !== null || request.method !== 'POST') {
        return answer(request, id === null ? undefined : sessions.get(id), caller.owner)
      }
      const message = 'There are as many sessions as this server keeps.'
      if (sessions.size + beginning >= mostSessions) throw new GovernanceError('RATE_LIMITED', { message })
      const leave = (ended: string): void => void sessions.delete(ended)
      beginning += 1
      try {
        return await begin(request, { caller, serve, enter, leave })
      } finally {
        beginning -= 1
      }
    },
    async close() {
      clearInterval(sweeping)
      await Promise.all([...sessions].map(([id, session]) => end(id, session)))
    },
  }
}

async function answer(request: Request, session: Session | undefined, owner: string): Promise<Response> {
  // To everybody else it does not exist.
  if (session === undefined || session.owner !== owner) {
    throw new GovernanceError('NOT_FOUND', { message: 'There is no such session.', hint: 'Initialize a new one.' })
  }
  session.lastUsed = Date.now()
  try {
    return await session.transport.handleRequest(request)
  } finally {
    session.lastUsed = Date.now()
  }
}

interface Beginning extends Pick<SessionOptions, 'serve'> {
  readonly caller: Caller
  readonly enter: (id: string, session: Session) => void
  readonly leave: (id: string) => void
}

/** Answers a request outside of any session: one that initializes a session, or one that is refused. */
async function begin(request: Request, { caller, serve, enter, leave }: Beginning): Promise<Response> {
  const { owner } = caller
  const transport = new WebStandardStreamableHTTPServerTransport({
    sessionIdGenerator: () => crypto.randomUUID(),
    maxRequestBodySize: MOST_BODY_BYTES,
    eventStore: createEventStore(),
    retryInterval: RETRY_MS,
    onsessioninitialized: (id) => enter(id, { owner, transport, close: served.close, lastUsed: Date.now() }),
    onsessionclosed: leave,
  })
  // The interface of the SDK is not written for exact optional properties.
  const served = await serve(transport as Transport, caller)
  const response = await transport.handleRequest(request)
  const { sessionId } = transport
  if (sessionId === undefined) await served.close()
  else void served.gone?.then(() => leave(sessionId))
  return response
}
