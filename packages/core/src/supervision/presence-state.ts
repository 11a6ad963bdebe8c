import type { PresenceState } from '@preceptor/client'

/** What the state of a user follows from; times in milliseconds since the epoch. */
export interface PresenceFacts {
  readonly lastActivityAt: number
  readonly overrideState: PresenceState | null
  readonly overrideUntil: number | null
}

/** When a user counts as away and as offline, in milliseconds after the last activity. */
export interface PresenceLimits {
  readonly awayAfterMs: number
  readonly offlineAfterMs: number
}

/** The state of a user now: an override while it lasts, else by the age of the last activity. */
export function presenceState(facts: PresenceFacts, limits: PresenceLimits, now: number): PresenceState {
  const { overrideState, overrideUntil } = facts
  if (overrideState !== null && (overrideUntil === null || overrideUntil > now)) return overrideState
  const idle = now - facts.lastActivityAt
  if (idle >= limits.offlineAfterMs) return 'offline'
  return idle >= limits.awayAfterMs ? 'away' : 'online'
}
