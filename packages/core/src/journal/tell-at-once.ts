import type { Bus } from './bus.ts'
import type { EventKind } from './event-kinds.ts'

/** What is told here is followed by every process: something changed that decisions rest on. */
export const CHANGES = 'changes'

/** What is told here is followed by workers: there may be something to do in a workspace. */
export const workIn = (workspace: string): string => `work ${workspace}`

const CHANGING: ReadonlySet<EventKind> = new Set<EventKind>([
  'agent.changed',
  'agent.promoted',
  'agent.demoted',
  'agent.paused',
  'agent.resumed',
  'agent.stopped',
  'agent.retired',
  'agent.attested',
  'agent.capped',
  'agent.incident_recorded',
  'policy.changed',
  'stop.set',
  'stop.lifted',
  'key.rotated',
  'key.revoked',
])

const WORK: ReadonlySet<EventKind> = new Set<EventKind>([
  'proposal.approved',
  'queue_entry.created',
  'queue_entry.returned',
  'presence.changed',
  'presence.overridden',
  'supervision_session.attached',
  'supervision_session.taken_over',
  'supervision_session.resumed',
])

/**
 * Tells other processes of an event whose row is committed, where a moment counts; of the others they hear once the row is
 * sealed. It is a hint: whoever misses it looks by itself a little later.
 */
export function tellAtOnce(bus: Pick<Bus, 'tell'>, workspace: string, kind: EventKind): void {
  if (CHANGING.has(kind)) bus.tell(CHANGES)
  if (WORK.has(kind)) bus.tell(workIn(workspace))
}
