import type { Database } from '../database/open-database.ts'
import type { Bus } from './bus.ts'
import type { EventKind } from './event-kinds.ts'

// Followed by every process: something changed that decisions rest on.
const CHANGES = 'changes'
// Followed by workers: there may be something to do in a workspace.
const workIn = (workspace: string): string => `work ${workspace}`

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

/** What this process hears of others, and of itself, at once. */
export interface Hints {
  /** Calls the listener where something that decisions rest on may have changed; on a server only, which others write to. */
  onChange(listener: () => void): void
  /** Calls the listener where there may be something to do; gives the function that ends it. */
  onWork(workspace: string, listener: () => void): () => void
}

/** What is heard over a bus. */
export function hintsOf(database: Database, bus: Pick<Bus, 'subscribe'>): Hints {
  return {
    onChange(listener) {
      // Listening keeps a connection for good, which the pool of a host does not have to spare.
      if (database.kind === 'postgres' && !database.isHostPool) bus.subscribe('topics', CHANGES, listener)
    },
    onWork(workspace, listener) {
      const ends = [
        bus.subscribe('topics', workIn(workspace), listener),
        // Of whatever else there may be to do.
        bus.subscribe('journal', workspace, listener),
      ]
      return () => {
        for (const end of ends) end()
      }
    },
  }
}
