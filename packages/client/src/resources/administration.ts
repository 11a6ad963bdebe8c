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
}
