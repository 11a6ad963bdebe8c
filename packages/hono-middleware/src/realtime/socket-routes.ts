import { GovernanceError, type HostPlane } from '@preceptor/client'
import type { Context, Hono } from 'hono'
import type { UpgradeWebSocket } from 'hono/ws'
import { assertClaims } from '../identify.ts'
import { errorResponse } from '../problem.ts'
import { assertHost } from './assert-host.ts'
import { openStreamOf } from './opening.ts'
import { socketHubOf } from './socket-hub.ts'
import type { OnlyTopic } from './socket-settings.ts'

/** How sockets are served. */
export interface SocketOptions {
  /** That of the server, such as `upgradeWebSocket` of `@hono/node-server`; without it there are no sockets. */
  readonly upgradeWebSocket?: UpgradeWebSocket<unknown>
  /** Origins of pages that may open streams, such as `https://desk.example.com`, beside the own one. */
  readonly origins?: readonly string[]
  /**
   * Names by which the server is called, without ports, such as `desk.example.com`; others are refused with
   * `ORIGIN_REFUSED`. Default: every name, since a credential in a header is sent by nobody else's page.
   */
  readonly allowedHosts?: readonly string[] | undefined
}

const AFTER = /^\d{1,15}$/

/** The paths of sockets, as OpenAPI would write them; it describes no sockets. */
export const SOCKET_PATHS: readonly string[] = ['/ws', '/supervision/sessions/{id}/ws']

/** Adds `/ws`. */
export function addSockets(api: Hono, governor: HostPlane, options: SocketOptions): void {
  api.get('/ws', (c) => answerSocket(c, governor, { ...options, path: '/ws' }))
}

/** Adds the socket of each session. */
export function addSessionSockets(api: Hono, governor: HostPlane, options: SocketOptions): void {
  api.get('/supervision/sessions/:id/ws', (c) => {
    const session = c.req.param('id')
    return answerSocket(c, governor, { ...options, path: `/supervision/sessions/${session}/ws`, session })
  })
}

type SocketRequest = SocketOptions & { readonly path: string; readonly session?: string }

async function answerSocket(c: Context, governor: HostPlane, request: SocketRequest): Promise<Response> {
  const { upgradeWebSocket, origins = [], allowedHosts, path, session } = request
  try {
    assertHost(c, allowedHosts)
    const opening = await openStreamOf(c, governor, { path, origins })
    const scope = governor.as(opening.identity)
    assertClaims(c, scope)
    const only = session === undefined ? undefined : onlyTopic(c, session)
    if (session !== undefined) await scope.sessions.events(session, { limit: 1 })
    if (upgradeWebSocket === undefined) throw noSockets()
    if (c.req.header('upgrade')?.toLowerCase() !== 'websocket') {
      throw new GovernanceError('INPUT_INVALID', { message: 'This path answers WebSocket only.' })
    }
    const hub = socketHubOf(governor)
    const release = hub.places.take(opening.identity)
    try {
      return await upgradeWebSocket(c, hub.events({ ...opening, scope }, only, release))
    } catch (error) {
      release()
      throw error
    }
  } catch (error) {
    return errorResponse(c, error)
  }
}

function onlyTopic(c: Context, session: string): OnlyTopic {
  const after = c.req.query('after')
  if (after !== undefined && !AFTER.test(after)) {
    throw new GovernanceError('INPUT_INVALID', { message: 'after: it is none of this session.' })
  }
  return { topic: `session:${session}`, after: after === undefined ? undefined : Number(after) }
}

function noSockets(): GovernanceError {
  return new GovernanceError('NOT_FOUND', {
    message: 'This server has no sockets.',
    hint: 'Follow the same over SSE, or give governanceApi the option "upgradeWebSocket".',
  })
}
