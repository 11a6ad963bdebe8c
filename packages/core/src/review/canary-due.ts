/** What is known of the tests of a reviewer, as it is bound now. */
export interface Tested {
  /** `rules`, or what the reviewer is bound to. */
  readonly by: string
  readonly caught: number
  /** When the last test began that it answered; null where it answered none. */
  readonly lastCanaryAt: string | null
  /** Reviews since then. */
  readonly sinceCanary: number
  /** Tests that it is at. */
  readonly atCanaries: number
}

/** A record without as many canaries shows only that people approve most of what they are asked. */
export const FEWEST_CAUGHT = 3
const CANARY_EVERY = 20
const CANARY_WITHIN_MS = 86_400_000

/** Whether a reviewer is to be tested before it is asked again; one test at a time is enough. */
export function isCanaryDue(tested: Tested, now: number): boolean {
  if (tested.by === 'rules' || tested.atCanaries > 0) return false
  return tested.caught < FEWEST_CAUGHT || isBeyond(tested, { now, reviews: CANARY_EVERY })
}

/**
 * Whether what a reviewer approves counts for nothing because it did not answer its tests: a fault is no test that was
 * passed. `atOnce` reviews may have begun before one was due.
 */
export function isCanaryOverdue(
  tested: Tested,
  { now, atOnce }: { readonly now: number; readonly atOnce: number },
): boolean {
  if (tested.by === 'rules') return false
  // What was asked within the day is answered a little after it.
  return isBeyond(tested, { now: now - CANARY_WITHIN_MS / 24, reviews: CANARY_EVERY + atOnce + 1 })
}

function isBeyond(
  { lastCanaryAt, sinceCanary }: Tested,
  { now, reviews }: { readonly now: number; readonly reviews: number },
): boolean {
  return lastCanaryAt === null || Date.parse(lastCanaryAt) <= now - CANARY_WITHIN_MS || sinceCanary >= reviews
}
