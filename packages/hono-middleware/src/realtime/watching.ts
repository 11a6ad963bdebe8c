import { GovernanceError, type HostScope } from '@preceptor/client'
import { frameText } from './socket-frames.ts'

/** What watching over a socket stands on. */
export interface WatchingPorts {
  readonly scope: HostScope
  readonly send: (text: string) => boolean
  /** Asks the other end for a sign of life. */
  readonly ping: () => void
  /** How often the leases are renewed, in milliseconds. */
  readonly renewMs: number
}

/** The sessions whose leases live from the signs of life of one socket. */
export interface Watching {
  /** Begins to renew the lease of a session that the caller holds; its answer goes to the socket. */
  add(session: string): void
  remove(session: string): void
  /** Told of each sign of life: only after one is anything renewed. */
  alive(): void
  close(): void
}

const MOST_SESSIONS = 32
// A sign of life that was asked for comes a little sooner or later each time.
const EARLY = 0.8

interface Watched {
  renewedAt: number
  isRenewing: boolean
}

/** Makes the list of what is watched over a socket. */
export function createWatching({ scope, send, ping, renewMs }: WatchingPorts): Watching {
  const sessions = new Map<string, Watched>()
  let timer: NodeJS.Timeout | undefined

  const remove = (session: string): void => {
    sessions.delete(session)
    if (sessions.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
  const renew = async (session: string, watched: Watched): Promise<void> => {
    const since = performance.now()
    watched.isRenewing = true
    try {
      const lease = await scope.renewLease(session)
      watched.renewedAt = since
      if (sessions.get(session) === watched) say(session, { type: 'watching', data: lease })
    } catch (error) {
      // While the store is away nothing is renewed; the next sign of life tries again.
      if (!(GovernanceError.isInstance(error) && error.status < 500)) return
      if (sessions.get(session) !== watched) return
      remove(session)
      refuse(session, error)
    } finally {
      watched.isRenewing = false
    }
  }
  const say = (session: string, frame: { readonly type: string; readonly data: unknown }): void => {
    send(frameText({ ...frame, topic: `session:${session}` }))
  }
  const refuse = (session: string, { code, message }: GovernanceError): void =>
    say(session, { type: 'unwatched', data: { code, message } })

  return {
    add(session) {
      if (sessions.has(session)) return
      if (sessions.size >= MOST_SESSIONS) {
        return refuse(session, new GovernanceError('RATE_LIMITED', { message: 'Too many sessions for one socket.' }))
      }
      const watched = { renewedAt: 0, isRenewing: false }
      sessions.set(session, watched)
      timer ??= setInterval(ping, renewMs)
      void renew(session, watched)
    },
    remove,
    alive() {
      const now = performance.now()
      for (const [session, watched] of sessions) {
        if (!watched.isRenewing && now - watched.renewedAt > EARLY * renewMs) void renew(session, watched)
      }
    },
    close() {
      for (const session of [...sessions.keys()]) remove(session)
    },
  }
}
