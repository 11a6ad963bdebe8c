import type { HostPlane, HostScope } from '@preceptor/client'
import type { WSContext, WSEvents } from 'hono/ws'
import type { Opening } from './opening.ts'
import { createPlaces, type Places } from './places.ts'
import { createSession, type SocketSession } from './socket-session.ts'
import type { OnlyTopic, SocketSettings } from './socket-settings.ts'
import { noteStreamClient } from './stream-clients.ts'
import { createViewers, type Viewers } from './viewers.ts'

// A revoked credential is remembered for 1 s and looked at within 2 s more, so that its socket closes within 5 s.
const SETTINGS: SocketSettings = {
  heartbeatMs: 30_000,
  mostMissed: 2,
  renewMs: 10_000,
  recheckMs: 2_000,
  mostWaitingBytes: 1_048_576,
  mostFramesPerSecond: 50,
  mostFrameCharacters: 4_096,
  lingerMs: 5_000,
  keepMs: 20_000,
  mostOfPrincipal: 16,
  mostOfAll: 1_000,
}

const HANDSHAKE_MS = 10_000

/** What is known of the sockets of one workspace. */
export interface SocketStats {
  readonly connections: number
  readonly subscriptions: number
  readonly framesSent: number
  /** Sockets that were closed because their reader was too slow, or gave no sign of life. */
  readonly closedSlow: number
  readonly closedSilent: number
}

/** The sockets of one governor in this process. */
export interface SocketHub {
  readonly settings: SocketSettings
  readonly viewers: Viewers
  readonly places: Places
  /** What a socket does; with `topic`, it follows that one and takes no others. */
  events(opening: Opening & { readonly scope: HostScope }, only: OnlyTopic | undefined, release: () => void): WSEvents
  stats(workspace: string): SocketStats
}

interface Closed {
  framesSent: number
  closedSlow: number
  closedSilent: number
}

/** Makes a hub. */
function createSocketHub(governor: HostPlane, overrides: Partial<SocketSettings>): SocketHub {
  const settings = { ...SETTINGS, ...overrides }
  const open = new Map<SocketSession, string>()
  const past = new Map<string, Closed>()
  const viewers = createViewers({ ...settings, governor, onFault: () => undefined })
  const pastOf = (workspace: string): Closed => {
    const known = past.get(workspace) ?? { framesSent: 0, closedSlow: 0, closedSilent: 0 }
    past.set(workspace, known)
    return known
  }
  return {
    settings,
    viewers,
    places: createPlaces(settings),
    events(opening, only, release) {
      const { workspace } = opening.scope
      let session: SocketSession | undefined
      let leave: (() => void) | undefined
      // A handshake that is given up half way opens nothing, and closes nothing.
      const shaking = setTimeout(release, HANDSHAKE_MS)
      shaking.unref()
      const end = (): void => {
        release()
        leave?.()
        if (session === undefined || !open.delete(session)) return
        session.end()
        const known = pastOf(workspace)
        known.framesSent += session.framesSent
        if (session.closedAs === 'slow') known.closedSlow += 1
        if (session.closedAs === 'silent') known.closedSilent += 1
      }
      return {
        onOpen: (_, context: WSContext<unknown>) => {
          clearTimeout(shaking)
          session = createSession({ context, opening, only, settings, viewers })
          open.set(session, workspace)
          leave = noteStreamClient(governor, workspace)
        },
        onMessage: ({ data }) => session?.receive(data),
        onClose: end,
        onError: end,
      }
    },
    stats(workspace) {
      const sessions = [...open].filter(([, of]) => of === workspace).map(([session]) => session)
      const sum = (pick: (session: SocketSession) => number): number =>
        sessions.reduce((total, session) => total + pick(session), 0)
      const known = pastOf(workspace)
      return {
        ...known,
        connections: sessions.length,
        subscriptions: sum(({ subscriptions }) => subscriptions),
        framesSent: known.framesSent + sum(({ framesSent }) => framesSent),
      }
    },
  }
}

const hubs = new WeakMap<HostPlane, SocketHub>()

/** The hub of a governor: one, wherever it is mounted. Its bounds are those of the first who asks. */
export function socketHubOf(governor: HostPlane, settings: Partial<SocketSettings> = {}): SocketHub {
  const hub = hubs.get(governor) ?? createSocketHub(governor, settings)
  hubs.set(governor, hub)
  return hub
}
