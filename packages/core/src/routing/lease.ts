import type { Database } from '../database/open-database.ts'
import { inWorkspace } from '../database/transaction.ts'
import type { Clock } from '../kernel/clock.ts'
import type { TimeReading } from '../kernel/database-clock.ts'
import type { Settings } from '../settings.ts'
import { type ChangeRow, readChanges } from './change-store.ts'

/** What changed; `everything` when the changes could not be followed. */
export type Change = 'everything' | ChangeRow

/** The right of this process to trust what it has read: valid only while the database was asked moments ago. */
export interface Lease {
  /** Whether the last answer of the database is younger than the lease time. */
  live(): boolean
  /** Grows with every change that arrives: a read that straddles one must not be kept. */
  generation(): number
  onChange(listener: (change: Change) => void): void
  /** Asks the database now, for a caller that knows of a change. */
  renew(): Promise<void>
  /** Has the database asked at once, or as soon as it is asked again: something is said to have changed. */
  hurry(): void
  close(): Promise<void>
}

/** What the lease stands on. */
export interface LeaseDependencies {
  readonly database: Database
  readonly clock: Clock
  readonly settings: Settings
  readonly onFault: (error: unknown) => void
  /** Told the time of the database with every answer. */
  readonly onTime: (reading: TimeReading) => void
}

// However much is said to have changed, the database is asked no more often.
const APART_MS = 20

/** Starts to follow the changes of the database; the first renewal is awaited by the caller through `renew`. */
export function startLease({ database, clock, settings, onFault, onTime }: LeaseDependencies): Lease {
  const listeners: ((change: Change) => void)[] = []
  let answeredAt = Number.NEGATIVE_INFINITY
  let generation = 0
  let horizon: string | null = null
  let seen = new Set<string>()
  let closed = false
  let flight: Promise<void> | undefined

  const announce = (change: Change): void => {
    generation += 1
    for (const listener of listeners) listener(change)
  }
  const ask = async (): Promise<void> => {
    // Counted from before the question was sent: whatever was committed by then is in the answer.
    const askedAt = clock.monotonic()
    const answer = await inWorkspace(
      database,
      { workspace: '*', role: 'system', deadlineMs: settings.leaseMs, named: true },
      (tx) => readChanges(tx, horizon),
    )
    const answeredNow = clock.monotonic()
    onTime({ time: answer.time, askedAt, answeredAt: answeredNow })
    // After a pause rows may have been pruned unseen: start anew rather than miss one.
    const lapsed = answeredNow - answeredAt > settings.leaseMs
    const fresh = answer.changes.filter(({ id }) => !seen.has(id))
    // Rows at and above the old horizon may come again; those below the new one never will.
    seen = new Set(answer.changes.map(({ id }) => id))
    if (horizon === null || lapsed) announce('everything')
    for (const change of fresh) announce(change)
    horizon = answer.horizon
    answeredAt = Math.max(answeredAt, askedAt)
  }
  const renew = (): Promise<void> => {
    flight ??= ask().finally(() => {
      flight = undefined
    })
    return flight
  }
  const asking = keepAsking({ clock, everyMs: settings.leaseRenewalMs, onFault }, async (isHurried) => {
    // A question that was sent before something was said to have changed answers nothing of it.
    if (isHurried) await flight?.catch(() => undefined)
    if (!closed) await renew()
  })
  return {
    live: () => !closed && clock.monotonic() - answeredAt < settings.leaseMs,
    generation: () => generation,
    onChange: (listener) => void listeners.push(listener),
    renew,
    hurry: asking.hurry,
    async close() {
      closed = true
      asking.end()
      await flight?.catch(() => undefined)
    },
  }
}

interface Asking {
  readonly clock: Clock
  readonly everyMs: number
  readonly onFault: (error: unknown) => void
}

/** Asks again and again, and sooner when it is hurried, until it is ended. */
function keepAsking(
  { clock, everyMs, onFault }: Asking,
  ask: (isHurried: boolean) => Promise<void>,
): { readonly hurry: () => void; readonly end: () => void } {
  let askedAt = Number.NEGATIVE_INFINITY
  let isAsking = false
  let isHurried = false
  let ended = false
  let timer = setTimeout(turn, everyMs).unref()

  function turn(): void {
    if (ended) return
    const asked = ask(isHurried)
    isHurried = false
    isAsking = true
    askedAt = clock.monotonic()
    asked.catch(onFault).finally(() => {
      isAsking = false
      // What was said while it asked may not be in the answer.
      if (!ended) timer = setTimeout(turn, isHurried ? APART_MS : everyMs).unref()
    })
  }

  return {
    hurry() {
      if (ended || isHurried) return
      isHurried = true
      if (isAsking) return
      clearTimeout(timer)
      timer = setTimeout(turn, Math.max(0, askedAt + APART_MS - clock.monotonic())).unref()
    },
    end() {
      ended = true
      clearTimeout(timer)
    },
  }
}
