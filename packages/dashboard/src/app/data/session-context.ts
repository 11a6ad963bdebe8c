import type { ControlScope, Identity } from '@preceptor/client'
import { createContext, useContext } from 'react'

/** What every page knows of the person who is signed in. */
export interface SignedIn {
  readonly identity: Identity
  readonly scope: ControlScope
  /** Milliseconds that the clock of the server is ahead of ours. */
  readonly clockOffset: number
  /** Nothing can be decided while the server is out of reach. */
  readonly isOffline: boolean
  /** What the host has beside the gate itself, such as `learning`. */
  readonly features: readonly string[]
  signOut(): void
}

export const SignedInContext = createContext<SignedIn | undefined>(undefined)

/** Who is signed in; only pages behind the sign-in ask. */
export function useSignedIn(): SignedIn {
  const signedIn = useContext(SignedInContext)
  if (signedIn === undefined) throw new Error('Nobody is signed in here.')
  return signedIn
}
