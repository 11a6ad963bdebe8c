import type { Decision, StoredOutcome } from '@preceptor/client'
import type { ActionResolution, Attempt } from './attempt.ts'
import type { Claim } from './consequences.ts'

/** A decision with what a guard needs to act on it. */
export interface Decided {
  readonly decision: Decision
  readonly attempt: Omit<Attempt, 'resolution'> & { readonly resolution: ActionResolution | null }
  /** The right to run it, where one was claimed. */
  readonly claim: Claim | null
  /** The outcome of the same attempt, where it ran before. */
  readonly replay: StoredOutcome | null
}
