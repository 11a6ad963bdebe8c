import type { RateLimit } from './rate-limit-options.ts'

/** What is counted: a name in a workspace, which is `*` for what belongs to none. */
export interface CountedKey {
  readonly workspace: string
  readonly name: string
}

/** What became of a reservation. */
export interface Reservation {
  /** Points that were free, at most as many as were asked for. */
  readonly granted: number
  /** Milliseconds until the points are free again. */
  readonly endsInMs: number
}

/** Counts points over all processes. */
export interface LimitCounter {
  /** Takes so many points of a key, or as many as are left of it. */
  reserve(key: CountedKey, points: number): Promise<Reservation>
}

/** Where the counts are. */
export interface LimitStore {
  /** A counter for keys of one limit. */
  open(limit: RateLimit): LimitCounter
  close(): Promise<void>
}
