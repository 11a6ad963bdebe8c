import { setTimeout as sleep } from 'node:timers/promises'
import type { Identity } from '@preceptor/client'
import type { EmbeddedGovernor } from '@preceptor/core'

const EVERY_MS = 120

/** Supervises as a person at a screen would: shows up, attaches to what nobody watches, and keeps hold of it. */
export async function superviseWhile(
  isOpen: () => boolean,
  governor: EmbeddedGovernor,
  { workspaces, supervisor }: { readonly workspaces: readonly string[]; readonly supervisor: string },
): Promise<void> {
  while (isOpen()) {
    for (const workspace of workspaces) {
      const identity: Identity = { workspace, principal: { kind: 'user', id: supervisor, roles: ['supervisor'] } }
      const scope = governor.as(identity)
      try {
        await scope.presence.heartbeat()
        const { items } = await scope.sessions.list({ state: 'active', limit: 20 })
        for (const { id, supervisorId } of items) {
          if (supervisorId === null || supervisorId === supervisor) await scope.sessions.attach(id)
        }
      } catch {
        // Somebody else was faster, the session has ended, or the store is away: the next look will tell.
      }
    }
    await sleep(EVERY_MS)
  }
}
