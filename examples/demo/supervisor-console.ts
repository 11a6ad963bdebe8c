import { setTimeout as sleep } from 'node:timers/promises'
import type { SupervisionSession } from '@preceptor/client'
import type { HttpClient } from './http-client.ts'

/** A supervisor at work: present, and attached to every run that waits for one. */
export interface SupervisorConsole {
  /** Sessions that were watched. */
  readonly watched: ReadonlySet<string>
  /** Leaves: no more heartbeats, no more renewals. */
  leave(): Promise<void>
}

/** How long a supervisor of the demo counts as present after the last heartbeat; in real life it is five minutes. */
export const PRESENT_FOR_MS = 2_000
const LOOK_EVERY_MS = 100
const HEARTBEAT_EVERY_MS = 500
const RENEW_WITHIN_MS = 20_000

/** Signs a supervisor in over HTTP; from then on the supervisor is present and watches what starts. */
export async function openConsole(client: HttpClient, user: string): Promise<SupervisorConsole> {
  const heartbeat = () => client.require({ method: 'post', path: `/api/users/${user}/activity/heartbeat` })
  const watched = new Set<string>()
  const left = new AbortController()
  const work = async (): Promise<void> => {
    let lastHeartbeat = Date.now()
    while (!left.signal.aborted) {
      if (Date.now() - lastHeartbeat >= HEARTBEAT_EVERY_MS) {
        await heartbeat()
        lastHeartbeat = Date.now()
      }
      for (const { id } of await sessionsToAttach(client, user)) {
        const { status } = await client.send({ method: 'post', path: `/api/supervision/sessions/${id}/attach` })
        // Any other answer: it ended, or somebody else was quicker.
        if (status === 200) watched.add(id)
      }
      await sleep(LOOK_EVERY_MS, undefined, { signal: left.signal }).catch(() => undefined)
    }
  }
  await heartbeat()
  const working = work()
  // Told when the supervisor leaves; until then nobody waits for it.
  working.catch(() => undefined)
  return {
    watched,
    async leave() {
      left.abort()
      await working
    },
  }
}

/** What nobody watches yet, and what this supervisor must renew. */
async function sessionsToAttach(client: HttpClient, user: string): Promise<readonly SupervisionSession[]> {
  const { items } = await client.require({ method: 'get', path: '/api/supervision/sessions?state=active&limit=100' })
  return (items as readonly SupervisionSession[]).filter(({ state, supervisorId, supervisorLeaseExpiresAt: lease }) => {
    const left = lease === null ? 0 : Date.parse(lease) - Date.now()
    return state === 'starting' || (supervisorId === user ? left < RENEW_WITHIN_MS : left <= 0)
  })
}
