import type { SessionBells } from '../context.ts'
import type { Database } from '../database/open-database.ts'
import { inWorkspace } from '../database/transaction.ts'
import type { Bus } from '../journal/bus.ts'
import { readSequences } from './session-event-store.ts'

const LOOK_EVERY_MS = 250

/** Bells that were opened here. */
export interface OpenSessionBells extends SessionBells {
  /** Rings all, and looks no more. */
  close(): Promise<void>
}

interface Followed {
  readonly workspace: string
  readonly session: string
  readonly listeners: Set<() => void>
  /** Number of the last event that was seen from here. */
  sequence: number
}

/**
 * Opens the bells on a bus. While that hears nothing of other processes, what they add is looked for every 250 ms, by one
 * statement for each workspace with followers, however many those are.
 */
export function openSessionBells(database: Database, bus: Bus): OpenSessionBells {
  const followed = new Map<string, Followed>()
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> = Promise.resolve()
  let isClosed = false

  const look = async (): Promise<void> => {
    // A database that is away wakes nobody; those who follow look by themselves, too, and report it.
    for (const [workspace, group] of byWorkspace(followed.values())) {
      await ringChanged(database, workspace, group).catch(() => undefined)
    }
  }
  const schedule = (): void => {
    if (timer !== undefined || isClosed || followed.size === 0) return
    timer = setTimeout(() => {
      looking = (bus.isHearing ? Promise.resolve() : look()).finally(() => {
        timer = undefined
        schedule()
      })
    }, LOOK_EVERY_MS)
    timer.unref()
  }

  return {
    ring: (workspace, session) => bus.tell(keyOf(workspace, session)),
    subscribe(workspace, session, listener) {
      const key = keyOf(workspace, session)
      const entry = followed.get(key) ?? { workspace, session, listeners: new Set(), sequence: 0 }
      followed.set(key, entry)
      entry.listeners.add(listener)
      const unsubscribe = bus.subscribe('topics', key, listener)
      schedule()
      return () => {
        unsubscribe()
        entry.listeners.delete(listener)
        if (entry.listeners.size === 0 && followed.get(key) === entry) followed.delete(key)
      }
    },
    async close() {
      isClosed = true
      clearTimeout(timer)
      for (const entry of [...followed.values()]) ringAll(entry)
      await looking
    },
  }
}

async function ringChanged(database: Database, workspace: string, group: readonly Followed[]): Promise<void> {
  const ids = group.map(({ session }) => session)
  const sequences = await inWorkspace(database, { workspace }, (tx) => readSequences(tx, ids))
  for (const entry of group) {
    const sequence = sequences.get(entry.session) ?? 0
    if (sequence === entry.sequence) continue
    entry.sequence = sequence
    ringAll(entry)
  }
}

function ringAll(entry: Followed | undefined): void {
  for (const listener of [...(entry?.listeners ?? [])]) listener()
}

function byWorkspace(followed: Iterable<Followed>): Map<string, Followed[]> {
  const groups = new Map<string, Followed[]>()
  for (const entry of followed) groups.set(entry.workspace, [...(groups.get(entry.workspace) ?? []), entry])
  return groups
}

function keyOf(workspace: string, session: string): string {
  return `${workspace} ${session}`
}
