import type { JsonObject, JsonValue } from '../port/json.ts'
import type { ProposalState } from './records.ts'

/**
 * What one argument must be. Values are compared as JSON: `1`, `"1"` and `true` are three values. A number below 0 needs
 * `between` or `atLeast`.
 */
export type ArgCondition =
  | { readonly equals: JsonValue }
  | { readonly oneOf: readonly JsonValue[] }
  /** A number from 0 to this one. */
  | { readonly atMost: number }
  | { readonly atLeast: number }
  /** A number from the first to the second, both included. */
  | { readonly between: readonly [number, number] }
  /** Any value, or none. */
  | { readonly any: true }

/** Which attempts a grant is for: nothing is allowed by silence. */
export interface GrantMatcher {
  /** By the name of a top-level argument, as parsed; an argument that is not named must be absent. */
  readonly args: Readonly<Record<string, ArgCondition>>
  /** The resource that the attempt must name; without one, or with null, it must name none. */
  readonly resource?: string | null
}

/** What a preview is asked of. */
export interface GrantPreviewRequest {
  readonly agent: string
  readonly action: string
  readonly matcher: GrantMatcher
}

/** What a grant would have let run, among the last 100 proposals of its agent and action. */
export interface GrantPreview {
  readonly matched: number
  readonly of: number
  /** The newest ten that it would have let run, with the args that were asked for. */
  readonly sample: readonly {
    readonly proposalId: string
    readonly args: JsonObject
    readonly createdAt: string
    readonly state: ProposalState
  }[]
}

/** A grant to make. */
export interface GrantRequest extends GrantPreviewRequest {
  /** The definition of the action, where several are registered under its name. */
  readonly digest?: string
  /** How many runs it lets through, 1 to 1,000. */
  readonly uses: number
  /** ISO 8601; at most 7 days from now. */
  readonly expiresAt: string
  readonly reason: string
}

/** States of a grant; that it expired follows from the time alone. */
export type GrantState = 'active' | 'used_up' | 'expired' | 'revoked'

/** An approval ahead of time: so many runs of one action of one agent, with args like these, until then. */
export interface Grant {
  readonly id: string
  readonly agent: string
  readonly action: string
  /** The definition of the action that it is bound to. */
  readonly digest: string
  readonly matcher: GrantMatcher
  /** How many runs it lets through at most. */
  readonly uses: number
  readonly used: number
  readonly state: GrantState
  /** Why an active one lets nothing run any more: what it is bound to is not what it was. */
  readonly lapsed: 'agent_changed' | 'policy_changed' | null
  readonly policyVersion: number
  readonly reason: string
  readonly createdBy: string
  readonly createdAt: string
  readonly expiresAt: string
  readonly revokedBy: string | null
  readonly revokedAt: string | null
  readonly revokeReason: string | null
}

/** What the record of an agent suggests to whoever approves its actions. */
export interface Suggestion {
  readonly kind: 'grant' | 'promotion'
  /** Null where it is about the agent as a whole. */
  readonly action: string | null
  /** One sentence: "38 of 38 refund.create approved unchanged in 30 days." */
  readonly text: string
  readonly approvedUnchanged: number
  readonly decided: number
  /** What was decided from this time on was counted; ISO 8601. */
  readonly since: string
  /** The grant that would have let them run, ready to be made; missing where their args have too little in common. */
  readonly grant?: GrantRequest
}
