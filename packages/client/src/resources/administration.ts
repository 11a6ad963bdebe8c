import type { JsonObject } from '../port/json.ts'
import type { PrincipalKind, Role } from '../port/principal.ts'
import type { TriggerSource } from '../port/vocabulary.ts'

/** One version of the policy of a workspace. */
export interface PolicyVersion {
  readonly version: number
  readonly document: JsonObject
  readonly reason: string
  readonly createdBy: string
  readonly createdAt: string | null
}

/** A kill switch that is or was set. */
export interface Stop {
  readonly id: string
  readonly target: 'agent' | 'workspace' | 'all'
  readonly agent: string | null
  readonly reason: string
  readonly setBy: string
  readonly setAt: string
  readonly liftedBy: string | null
  readonly liftedAt: string | null
  readonly liftReason: string | null
}

/** What sets a kill switch. */
export interface StopRequest {
  /** `all` is for the system principal only. */
  readonly target: 'agent' | 'workspace' | 'all'
  readonly agent?: string
  readonly reason: string
}

/** An API key, without its secret. */
export interface ApiKey {
  readonly id: string
  readonly displayName: string
  /** The first characters, to recognise it by. */
  readonly prefix: string
  readonly principalKind: PrincipalKind
  readonly principalId: string
  readonly roles: readonly Role[]
  readonly scopes: readonly string[]
  readonly agents: readonly string[] | null
  readonly source: TriggerSource | null
  readonly createdBy: string
  readonly createdAt: string
  readonly expiresAt: string | null
  readonly revokedAt: string | null
  readonly lastUsedAt: string | null
  /** The key that it was rotated to; null while it was not. */
  readonly replacedBy: string | null
}

/** What creates an API key. */
export interface ApiKeyRequest {
  readonly displayName: string
  readonly principalKind: PrincipalKind
  readonly principalId: string
  readonly roles?: readonly Role[]
  readonly scopes?: readonly string[]
  readonly agents?: readonly string[]
  readonly source?: TriggerSource
  /** ISO 8601; default: 90 days from now. */
  readonly expiresAt?: string
}

/** A created API key: the only time that its secret is shown. */
export interface CreatedApiKey {
  readonly key: ApiKey
  readonly secret: string
}

/** How an API key is rotated. */
export interface KeyRotation {
  /** Milliseconds that the old key still works, at most 7 days; default 24 h. With 0 it is revoked at once. */
  readonly overlapMs?: number
}

/** A tenant. */
export interface Workspace {
  readonly id: string
  readonly displayName: string
  readonly createdAt: string
}

/** What creates a workspace. */
export interface WorkspaceRequest {
  /** 1 to 63 of a to z, 0 to 9, "_" and "-". */
  readonly id: string
  /** Default: the id. */
  readonly displayName?: string
}

/** A user of the workspace. */
export interface Membership {
  readonly userId: string
  readonly displayName: string
  readonly roles: readonly Role[]
  readonly createdAt: string
}

/** Whether a user can supervise now. */
export type PresenceState = 'online' | 'away' | 'offline'

/** Presence of a user. */
export interface Presence {
  readonly userId: string
  readonly state: PresenceState
  readonly lastActivityAt: string | null
  /** What was set by hand and still lasts; it goes before activity. */
  readonly override: PresenceOverride | null
}

/** A presence that was set by hand. */
export interface PresenceOverride {
  readonly state: PresenceState
  /** ISO 8601; null until it is taken away. */
  readonly until: string | null
}

/** What a client says of the person before it, about every 30 s. */
export interface HeartbeatOptions {
  /** Whether the person did something since the last one, rather than a timer in a tab; default true. */
  readonly active?: boolean
  /** The session that it comes from: null opens one, without it none is kept. */
  readonly sessionId?: string | null
}

/** What a heartbeat is answered with. */
export interface HeartbeatAnswer extends Presence {
  /** The session to name in the next heartbeat; an id, and no credential. */
  readonly sessionId: string | null
}

/** A place at which a user is, such as a tab of a browser. */
export interface PresenceSession {
  readonly id: string
  readonly userId: string
  readonly openedAt: string
  readonly lastHeartbeatAt: string
  /** When the person last did something there; null when never. */
  readonly lastActivityAt: string | null
  readonly endedAt: string | null
}
