import type { ControlScope, QueueEntry } from '@preceptor/client'
import { GovernanceError } from '@preceptor/client'
import type { EmbeddedGovernor } from '@preceptor/core'
import { keepDoing, type Repeated } from '../keep-doing.ts'

const SUPERVISORS = Array.from({ length: 8 }, (_, index) => `robot-${index}`)
const LOOK_EVERY_MS = 60
const BEAT_EVERY_MS = 5_000
const RENEW_EVERY_MS = 4_000

/**
 * Keeps supervisors online who attach to whatever they are asked to watch, and go on watching it; what they are refused
 * they leave, and while the store is down they wait.
 */
export async function superviseQueue(governor: EmbeddedGovernor): Promise<Repeated> {
  const as = (id: string, role: 'admin' | 'supervisor'): ControlScope =>
    governor.as({ workspace: 'default', principal: { kind: 'user', id, roles: [role] } })
  const admin = as('root', 'admin')
  for (const id of SUPERVISORS) await admin.members.put(id, { displayName: id, roles: ['supervisor'] })
  let beatenAt = Number.NEGATIVE_INFINITY
  const renewedAt = new Map<string, number>()

  async function beat(): Promise<void> {
    if (performance.now() - beatenAt < BEAT_EVERY_MS) return
    await Promise.all(SUPERVISORS.map((id) => as(id, 'supervisor').presence.heartbeat()))
    beatenAt = performance.now()
  }

  async function attach(id: string, supervisor: string): Promise<void> {
    // It has ended, or somebody else holds it.
    if (await unlessRefused(async () => void (await as(supervisor, 'supervisor').sessions.attach(id)))) {
      renewedAt.set(id, performance.now())
    }
  }

  async function look(): Promise<void> {
    const { items: waiting } = await admin.queue.waitingFor('robot-0', { limit: 100 })
    const offered = waiting.filter((entry): entry is QueueEntry & { sessionId: string; offeredTo: string } =>
      Boolean(entry.sessionId !== null && entry.offeredTo !== null && !renewedAt.has(entry.sessionId)),
    )
    await Promise.all(offered.map(({ sessionId, offeredTo }) => attach(sessionId, offeredTo)))
    const { items: sessions } = await admin.sessions.list({ state: 'running', limit: 100 })
    const due = sessions.filter(({ id }) => performance.now() - (renewedAt.get(id) ?? 0) > RENEW_EVERY_MS)
    await Promise.all(due.map(({ id, supervisorId }) => attach(id, supervisorId ?? '')))
  }

  return keepDoing(LOOK_EVERY_MS, async () => {
    await unlessRefused(beat)
    await unlessRefused(look)
  })
}

/** Whether it was done, and not refused with a code. */
async function unlessRefused(act: () => Promise<void>): Promise<boolean> {
  try {
    await act()
    return true
  } catch (error) {
    if (GovernanceError.isInstance(error)) return false
    throw error
  }
}
