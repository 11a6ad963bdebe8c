import { GovernanceError, type RateLimitGroup } from '@preceptor/client'
import type { Clock } from '../../kernel/clock.ts'
import type { InsuredCounter } from './insured-counter.ts'
import type { CountedKey, Reservation } from './limit-counter.ts'
import type { RateLimit } from './rate-limit-options.ts'

/** What is left for one key in this process. */
export interface Bucket {
  /**
   * Takes a point: at once out of what this process has reserved, else after a reservation.
   *
   * @throws GovernanceError `RATE_LIMITED`, also out of the promise.
   */
  take(): Promise<void> | undefined
  /** Whether nothing is left until the window ends. */
  isEmpty(): boolean
}

/** The buckets of one group. */
export interface Buckets {
  of(workspace: string, name: string): Bucket
}

/** What buckets are made of. */
export interface BucketOptions {
  readonly group: RateLimitGroup
  readonly limit: RateLimit
  readonly counter: InsuredCounter
  readonly clock: Pick<Clock, 'monotonic'>
  /** Makes of what is counted a name that tells nobody what it is. */
  readonly disguise: (name: string) => string
}

// A twentieth at a time: a busy key asks the store so often in a window at most.
const SHARES = 20
const MOST_BUCKETS = 20_000
// Two looks at the same end of a window differ by the time that the answers took.
const SAME_END_MS = 1_000

/** Makes buckets, without any. */
export function createBuckets(options: BucketOptions): Buckets {
  const { group, disguise } = options
  const buckets = new Map<string, Bucket>()
  return {
    of(workspace, name) {
      const id = `${workspace}:${name}`
      const known = buckets.get(id)
      if (known !== undefined) return known
      const bucket = createBucket(options, { workspace, name: `${group}:${disguise(name)}` })
      buckets.set(id, bucket)
      const oldest = buckets.keys().next()
      if (buckets.size > MOST_BUCKETS && oldest.done !== true) buckets.delete(oldest.value)
      return bucket
    },
  }
}

interface Window {
  /** Points that are reserved and not taken. */
  left: number
  /** Points that were reserved: never more than the limit, whatever the store says. */
  reserved: number
  /** By the monotonic clock; infinite before the first reservation. */
  endsAt: number
  isSpent: boolean
  /** Without the store: the window is that of this process alone. */
  isAlone: boolean
}

const emptyWindow = (): Window => ({
  left: 0,
  reserved: 0,
  endsAt: Number.POSITIVE_INFINITY,
  isSpent: false,
  isAlone: false,
})

function createBucket({ group, limit, counter, clock }: BucketOptions, key: CountedKey): Bucket {
  const share = Math.max(1, Math.floor(limit.points / SHARES))
  const low = Math.floor(share / 2)
  let window = emptyWindow()
  let filling: Promise<void> | undefined

  const renew = (): void => {
    if (clock.monotonic() >= window.endsAt) window = emptyWindow()
  }
  const fill = (): Promise<void> => {
    filling ??= reserve().finally(() => {
      filling = undefined
    })
    return filling
  }
  const reserve = async (): Promise<void> => {
    const wanted = Math.min(share, limit.points - window.reserved)
    const answer = await counter.reserve(key, wanted)
    renew()
    window = afterReservation(window, { answer, wanted, limit, now: clock.monotonic() })
  }
  const refusal = (): GovernanceError => refusalOf({ group, limit }, window.endsAt - clock.monotonic())

  async function wait(): Promise<void> {
    for (;;) {
      await fill()
      renew()
      if (window.left > 0) break
      if (window.isSpent) throw refusal()
    }
    window.left -= 1
  }

  return {
    take() {
      renew()
      if (window.left > 0) {
        window.left -= 1
        if (window.left === low && !window.isSpent) void fill()
        return undefined
      }
      if (window.isSpent) throw refusal()
      return wait()
    },
    isEmpty() {
      renew()
      return window.left === 0 && window.isSpent
    },
  }
}

interface Reserved {
  /** Undefined without the store. */
  readonly answer: Reservation | undefined
  readonly wanted: number
  readonly limit: RateLimit
  readonly now: number
}

/** The window once a reservation was answered. */
function afterReservation(window: Window, { answer, wanted, limit, now }: Reserved): Window {
  const next = { ...window }
  if (answer === undefined) {
    next.isAlone = true
    next.endsAt = Math.min(window.endsAt, now + limit.seconds * 1_000)
  } else if (!window.isAlone) {
    next.endsAt = now + answer.endsInMs
    // In the store another window has begun: what was reserved in the one before counts no more.
    if (next.endsAt > window.endsAt + SAME_END_MS) Object.assign(next, { left: 0, reserved: 0 })
  }
  const granted = Math.min(answer?.granted ?? wanted, limit.points - next.reserved)
  next.left += granted
  next.reserved += granted
  next.isSpent = granted < wanted || next.reserved === limit.points
  return next
}

function refusalOf({ group, limit }: Pick<BucketOptions, 'group' | 'limit'>, milliseconds: number): GovernanceError {
  const { points, seconds } = limit
  const retryAfterSeconds = Math.max(1, Math.ceil(milliseconds / 1_000))
  return new GovernanceError('RATE_LIMITED', {
    message: `More than ${points} in ${seconds} s: the limit of this ${NAMES[group]} is used up.`,
    details: { group, limit: points, windowSeconds: seconds, retryAfterSeconds },
  })
}

const NAMES: Readonly<Record<RateLimitGroup, string>> = {
  principal: 'caller',
  agent: 'agent',
  workspace: 'workspace',
  credentials: 'address for credentials that fail',
}
