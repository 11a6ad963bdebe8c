import { type CallerAddress, GovernanceError } from '@preceptor/client'
import type { Clock } from '../../kernel/clock.ts'
import { hashCredential } from '../api-key-secret.ts'
import type { Buckets } from './buckets.ts'
import { clientAddress } from './client-address.ts'

/** A credential that somebody presents. */
export interface Presented {
  readonly credential: string
  readonly from: CallerAddress | undefined
}

/** What the look at credentials that fail stands on. */
export interface FailedCredentialOptions {
  readonly buckets: Buckets
  readonly clock: Pick<Clock, 'monotonic'>
  readonly trustedProxies: number
}

/** Identifies who presents a credential, unless too many from there failed. */
export type CredentialLook = <Found extends object>(
  presented: Presented,
  identify: () => Promise<Found>,
) => Promise<Found>

// Who was known so long ago is not kept out by the failures of a neighbour.
const KNOWN_FOR_MS = 600_000
const MOST_KNOWN = 10_000

/**
 * Makes the look at credentials: an address from which too many failed is answered with `RATE_LIMITED`, except for
 * credentials that were good here a short while ago, so that nobody locks out those who share the address.
 */
export function createCredentialLook(options: FailedCredentialOptions): CredentialLook {
  const { buckets, clock, trustedProxies } = options
  const known = new Map<string, number>()
  const noted = new WeakSet<object>()
  /** Until when some address may be over its limit: before, nothing has to be looked up. */
  let watchUntil = Number.NEGATIVE_INFINITY

  function note(found: object, credential: string): void {
    if (noted.has(found)) return
    noted.add(found)
    const hash = hashCredential(credential)
    known.delete(hash)
    known.set(hash, clock.monotonic() + KNOWN_FOR_MS)
    const oldest = known.keys().next()
    if (known.size > MOST_KNOWN && oldest.done !== true) known.delete(oldest.value)
  }

  return async ({ credential, from }, identify) => {
    if (from === undefined) return identify()
    const bucket = (): ReturnType<Buckets['of']> | undefined => {
      const address = clientAddress(from, trustedProxies)
      return address === undefined ? undefined : buckets.of('*', address)
    }
    if (clock.monotonic() < watchUntil && typeof credential === 'string') {
      const own = bucket()
      const isKnown = (known.get(hashCredential(credential)) ?? 0) > clock.monotonic()
      // Taking from what is empty refuses.
      if (own?.isEmpty() === true && !isKnown) await own.take()
    }
    try {
      const found = await identify()
      note(found, credential)
      return found
    } catch (error) {
      if (GovernanceError.isInstance(error) && error.code === 'CREDENTIAL_INVALID') {
        watchUntil = clock.monotonic() + KNOWN_FOR_MS
        await bucket()?.take()
      }
      throw error
    }
  }
}
