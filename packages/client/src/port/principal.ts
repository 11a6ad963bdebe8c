import type { TriggerSource } from './vocabulary.ts'

/** What kind of caller a credential belongs to. */
export type PrincipalKind = 'user' | 'agent' | 'service' | 'system'

/** What a user may do in a workspace. */
export type Role = 'admin' | 'supervisor' | 'viewer'

/** Who is calling, from verified credentials. */
export interface Principal {
  readonly kind: PrincipalKind
  /** Id of the user, agent or service. */
  readonly id: string
  /** Roles of a user; empty for the other kinds. */
  readonly roles: readonly Role[]
  /** Operations that a service may perform, such as `triggers.decide`; ignored for the other kinds. */
  readonly scopes?: readonly string[]
  /** Agents that a service may act for; all of the workspace when absent. */
  readonly agents?: readonly string[]
  /** Id of the credential, for the record. */
  readonly credential?: string
}

/** A principal in a workspace: what `governor.as()` takes and what a verified credential gives. */
export interface Identity {
  readonly workspace: string
  readonly principal: Principal
  /**
   * What sets the attempts of this principal off. The default follows from the principal: `manual` for a user,
   * `ai_coordinator` for an agent or a service, `workflow_engine` for the system. `manual` is only for users.
   */
  readonly source?: TriggerSource
}
