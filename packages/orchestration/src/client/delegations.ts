import type { JsonValue, Page, PageQuery } from '@preceptor/client'
import type { CollaborationFailure } from './collaboration.ts'
import type { MemberName } from './member-name.ts'

/** States of a delegation. */
export const DELEGATION_STATES = ['pending', 'running', 'completed', 'failed', 'cancelled'] as const

/** A part of a task that one member is to do. */
export interface Delegation {
  readonly id: string
  readonly collaboration: string
  /** Who delegated it: the lead, or a person. */
  readonly from: string
  readonly to: MemberName
  readonly task: string
  /** 1 to 10; the highest is begun first. */
  readonly priority: number
  readonly deadline: string | null
  readonly state: (typeof DELEGATION_STATES)[number]
  readonly output: JsonValue
  readonly failure: Omit<CollaborationFailure, 'member'> | null
  /** How often it was given to somebody else. */
  readonly reassigned: number
  readonly createdAt: string
  readonly endedAt: string | null
}

/** What makes a delegation. */
export interface DelegationRequest {
  readonly collaboration: string
  /** A member other than the lead. */
  readonly to: MemberName
  /** 1 to 4,000 characters. */
  readonly task: string
  /** 1 to 10; default 5. */
  readonly priority?: number
  /** 1 to 2,592,000; without it there is no deadline. */
  readonly deadlineSeconds?: number
}

/** Which delegations are asked for. */
export interface DelegationQuery extends PageQuery {
  readonly collaboration?: string
  readonly to?: MemberName
  readonly state?: Delegation['state']
}

/** What can be done with delegations. */
export interface DelegationOperations {
  /**
   * Delegates in a collaboration that runs, as its lead or as a person who supervises.
   *
   * @throws GovernanceError `CONFLICT` when it does not run, `INPUT_INVALID` for who is no member, `MEMBER_REQUIRED` for an
   * agent that does not lead it.
   */
  create(request: DelegationRequest): Promise<Delegation>
  get(id: string): Promise<Delegation>
  /** Newest first. */
  list(query?: DelegationQuery): Promise<Page<Delegation>>
  /** Says what came of it, as who it was given to or as a person who supervises. @throws GovernanceError `CONFLICT` when it ended. */
  complete(id: string, result: { readonly output?: JsonValue }): Promise<Delegation>
  /** Gives it to another member, with as much time as it had. @throws GovernanceError `CONFLICT` when it ended. */
  reassign(id: string, change: { readonly to: MemberName; readonly reason: string }): Promise<Delegation>
}
