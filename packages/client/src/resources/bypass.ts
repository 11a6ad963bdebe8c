/** States of a bypass; that it expired follows from the time alone. */
export type BypassState = 'active' | 'expired' | 'lifted'

/** What a bypass covers: an agent or every agent of the workspace, and of those everything or one capability or action. */
export interface BypassCover {
  readonly target: 'agent' | 'workspace'
  /** Null where it covers the workspace. */
  readonly agent: string | null
  /** Null: every capability. */
  readonly capability: string | null
  /** Null: every action. */
  readonly action: string | null
}

/** An emergency override: until it ends, what it covers runs although the agent has not earned it. */
export interface Bypass extends BypassCover {
  readonly id: string
  readonly state: BypassState
  readonly reason: string
  /** The administrator, `user:…`; agents in which that person has a hand are not covered under separation of duties. */
  readonly setBy: string
  readonly setAt: string
  /** ISO 8601, UTC. It ends then by itself. */
  readonly expiresAt: string
  readonly liftedBy: string | null
  readonly liftedAt: string | null
  readonly liftReason: string | null
}

/** What sets a bypass. */
export interface BypassRequest {
  readonly target: 'agent' | 'workspace'
  readonly agent?: string
  readonly capability?: string
  readonly action?: string
  /** Milliseconds until it ends; 3,600,000 (1 h) unless given, 1,000 to 86,400,000 (24 h). */
  readonly durationMs?: number
  readonly reason: string
}
