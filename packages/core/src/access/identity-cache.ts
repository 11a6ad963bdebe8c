import type { Identity } from '@preceptor/client'
import type { Clock } from '../kernel/clock.ts'

/** A verified identity is used at most this long after the read that gave it was sent. */
const IDENTITY_TTL_MS = 1_000

const MOST_ENTRIES = 10_000

/** Identities of credentials that were verified a moment ago, by the SHA-256 of the credential. */
export interface IdentityCache {
  /**
   * The identity that was read less than a second ago, or the one that `read` finds; requests that come together share
   * one read. What `read` throws is not remembered.
   */
  get(credentialHash: string, read: () => Promise<Identity>): Promise<Identity>
  /** Forgets a credential that was changed or revoked here; other processes notice within a second. */
  forget(credential: string): void
}

interface Entry {
  readonly identity: Promise<Identity>
  readonly freshUntil: number
  credential: string | undefined
}

/** Makes an empty cache. */
export function createIdentityCache(clock: Pick<Clock, 'monotonic'>): IdentityCache {
  const entries = new Map<string, Entry>()

  function start(credentialHash: string, read: () => Promise<Identity>): Entry {
    const entry: Entry = { identity: read(), freshUntil: clock.monotonic() + IDENTITY_TTL_MS, credential: undefined }
    entry.identity.then(
      ({ principal }) => {
        entry.credential = principal.credential
      },
      () => {
        if (entries.get(credentialHash) === entry) entries.delete(credentialHash)
      },
    )
    // A new entry stands at the end, so that the first one is always the oldest.
    entries.delete(credentialHash)
    entries.set(credentialHash, entry)
    const oldest = entries.keys().next()
    if (entries.size > MOST_ENTRIES && oldest.done !== true) entries.delete(oldest.value)
    return entry
  }

  return {
    get(credentialHash, read) {
      const known = entries.get(credentialHash)
      const entry = known !== undefined && clock.monotonic() < known.freshUntil ? known : start(credentialHash, read)
      return entry.identity
    },
    forget(credential) {
      for (const [credentialHash, entry] of entries) {
        // A read that is still under way may have seen the state before: it is not kept either.
        if (entry.credential === credential || entry.credential === undefined) entries.delete(credentialHash)
      }
    },
  }
}
