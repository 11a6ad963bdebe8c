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
  let isHurried = false
  let isLooping = false
  let loopAt = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
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
  /** A question that was sent before something was said to have changed answers nothing of it. */
  const renewAfresh = async (): Promise<void> => {
    await flight?.catch(() => undefined)
    await renew()
  }
  const loop = (): void => {
    if (closed) return
    const renewal = isHurried ? renewAfresh() : renew()
    isHurried = false
    isLooping = true
    loopAt = clock.monotonic()
    renewal.catch(onFault).finally(() => {
      isLooping = false
      // What was said while it asked may not be in the answer.
      if (!closed) timer = setTimeout(loop, isHurried ? APART_MS : settings.leaseRenewalMs).unref()
    })
  }
  timer = setTimeout(loop, settings.leaseRenewalMs).unref()
  return {
    live: () => !closed && clock.monotonic() - answeredAt < settings.leaseMs,
    generation: () => generation,
    onChange: (listener) => void listeners.push(listener),
    renew,
    hurry() {
      if (closed || isHurried) return
      isHurried = true
      if (isLooping) return
      clearTimeout(timer)
      timer = setTimeout(loop, Math.max(0, loopAt + APART_MS - clock.monotonic())).unref()
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await flight?.catch(() => undefined)
    },
  }
}
