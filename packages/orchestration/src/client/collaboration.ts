import type { ErrorCode, JsonObject, JsonValue, Page, PageQuery } from '@preceptor/client'
import type { ConsensusRule } from './consensus.ts'
import type { MemberName } from './member-name.ts'

/** How the members of a collaboration work together. */
export const COLLABORATION_MODES = ['sequential', 'parallel', 'hierarchical', 'consensus'] as const

/** How the members of a collaboration work together. */
export type CollaborationMode = (typeof COLLABORATION_MODES)[number]

/** States of a collaboration; `waiting` is one that runs and has nobody at work but people. */
export const COLLABORATION_STATES = ['open', 'running', 'waiting', 'completed', 'failed', 'cancelled'] as const

/** Who is to be a member. */
export type CollaborationMemberRequest =
  | {
      readonly kind: 'agent'
      /** Id of a registered agent. */
      readonly id: string
      /**
       * Registered name of the action that the agent performs when it is its turn; its args are `TurnArgs`. Without one the
       * agent is never called and takes part by its own credential, as people do.
       */
      readonly action?: string
      /** Default `member`; one agent can lead. */
      readonly role?: 'lead' | 'member'
    }
  | { readonly kind: 'user'; readonly id: string }

/** A member of a collaboration. */
export interface CollaborationMember {
  readonly name: MemberName
  readonly kind: 'agent' | 'user'
  readonly id: string
  readonly role: 'lead' | 'member'
  /** What it performs when it is its turn; null for who is never called. */
  readonly action: string | null
}

/** What a collaboration failed by. */
export interface CollaborationFailure {
  /** Who failed; null where it was nobody in particular. */
  readonly member: MemberName | null
  readonly code: ErrorCode
  readonly message: string
}

/** How the outputs of a parallel collaboration become one. */
export interface ParallelSettings {
  /**
   * `collect`: an object of the outputs by member, null where one failed. `first`: the first output; the others are
   * cancelled. `majority`: `MajorityOutput`. Default `collect`.
   */
  readonly result?: 'collect' | 'first' | 'majority'
  /** Whether it fails when a member does; ignored failures fail it when nobody is left. Default `fail`. */
  readonly onFailure?: 'fail' | 'ignore'
}

/** How a hierarchical collaboration delegates. */
export interface HierarchicalSettings {
  /** Delegations that agents are at work on at a time, 1 to 20; default 5. */
  readonly parallel?: number
}

/** What makes a collaboration. */
export interface CollaborationRequest {
  readonly mode: CollaborationMode
  /** What is to be done, 1 to 4,000 characters. */
  readonly task: string
  /** In the order in which they have their turns; at most 50. */
  readonly members: readonly CollaborationMemberRequest[]
  /** First version of the shared context; default: an empty object. */
  readonly context?: JsonObject
  /** For the mode `parallel`. */
  readonly parallel?: ParallelSettings
  /** For the mode `hierarchical`. */
  readonly hierarchical?: HierarchicalSettings
  /** For the mode `consensus`; the topic is the task unless it is given. */
  readonly consensus?: ConsensusRule & { readonly topic?: string }
}

/** Agents and people who work together on one task. */
export interface Collaboration {
  readonly id: string
  readonly mode: CollaborationMode
  readonly task: string
  readonly state: (typeof COLLABORATION_STATES)[number]
  readonly members: readonly CollaborationMember[]
  /** Version of the shared context. */
  readonly contextVersion: number
  readonly input: JsonObject | null
  readonly output: JsonValue
  readonly failure: CollaborationFailure | null
  /** Such as `user:ana`. */
  readonly createdBy: string
  readonly startedBy: string | null
  readonly createdAt: string
  readonly startedAt: string | null
  readonly endedAt: string | null
}

/** One call of a member. */
export interface CollaborationTurn {
  /** Id of the step that performs it. */
  readonly id: string
  readonly phase: TurnArgs['phase']
  readonly member: MemberName
  /** The delegation or the vote that it is about. */
  readonly about: string | null
  readonly state: 'open' | 'succeeded' | 'failed' | 'cancelled'
  readonly output: JsonValue
  readonly failure: Omit<CollaborationFailure, 'member'> | null
  readonly startedAt: string
  readonly endedAt: string | null
}

/** A collaboration with every call of its members, oldest first. */
export interface CollaborationDetail extends Collaboration {
  readonly turns: readonly CollaborationTurn[]
}

/** What every call of a member is told. */
export interface TurnFrame {
  readonly collaboration: string
  /** The task of the collaboration. */
  readonly task: string
  readonly input: JsonObject
  /** The shared context as it is when the call begins. */
  readonly context: JsonObject
}

/** A turn in the modes `sequential` and `parallel`; any JSON is an answer. */
export interface WorkTurn extends TurnFrame {
  readonly phase: 'work'
  /** What was given before, in order; empty in the mode `parallel`. */
  readonly previous: readonly { readonly member: MemberName; readonly output: JsonValue }[]
}

/** The lead is asked for a `DelegationPlan`. */
export interface PlanTurn extends TurnFrame {
  readonly phase: 'plan'
  /** To whom it can delegate. */
  readonly members: readonly Pick<CollaborationMember, 'name' | 'kind' | 'id'>[]
}

/** A member is asked to do what was delegated to it; any JSON is an answer. */
export interface DelegatedTurn extends TurnFrame {
  readonly phase: 'delegated'
  readonly delegation: {
    readonly id: string
    readonly task: string
    readonly priority: number
    readonly deadline: string | null
    /** Who delegated it. */
    readonly from: string
  }
}

/** The lead is asked for the output of the collaboration, which is any JSON. */
export interface AggregateTurn extends TurnFrame {
  readonly phase: 'aggregate'
  /** Highest priority first. */
  readonly results: readonly {
    readonly delegation: string
    readonly member: MemberName
    readonly task: string
    readonly priority: number
    readonly state: 'completed' | 'failed'
    readonly output: JsonValue
    readonly failure: Omit<CollaborationFailure, 'member'> | null
  }[]
}

/** A member is asked to vote; `{ option, reason? }` and `{ abstain: true, reason? }` are answers. */
export interface VoteTurn extends TurnFrame {
  readonly phase: 'vote'
  readonly consensus: string
  readonly topic: string
  readonly options: readonly string[]
  readonly data: JsonObject
}

/** What the action of a member is called with. */
export type TurnArgs = WorkTurn | PlanTurn | DelegatedTurn | AggregateTurn | VoteTurn

/** How the lead divides a task. */
export interface DelegationPlan {
  /** 1 to 50. */
  readonly delegations: readonly {
    /** Name of a member, such as `agent:writer`, other than the lead. */
    readonly to: string
    /** 1 to 4,000 characters. */
    readonly task: string
    /** 1 to 10; the highest is begun first. */
    readonly priority: number
    /** 1 to 2,592,000; without it there is no deadline. */
    readonly deadlineSeconds?: number
  }[]
}

/** The output of a parallel collaboration whose result is `majority`. */
export type MajorityOutput =
  | {
      readonly outcome: 'agreed'
      readonly value: JsonValue
      /** Who gave it. */
      readonly members: readonly MemberName[]
      /** How many were asked. */
      readonly asked: number
    }
  | { readonly outcome: 'no_majority'; readonly asked: number }

/** A message in a collaboration, numbered from 1. */
export interface CollaborationMessage {
  readonly id: string
  readonly number: number
  readonly author: MemberName
  readonly text: string
  readonly createdAt: string
}

/** One version of what the members share; the first is 1. */
export interface CollaborationContext {
  readonly version: number
  readonly value: JsonObject
  readonly author: string
  readonly createdAt: string
}

/** Which collaborations are asked for. */
export interface CollaborationQuery extends PageQuery {
  readonly mode?: CollaborationMode
  readonly state?: Collaboration['state']
}

/** What can be done with collaborations. An agent sees those that it is a member of, and no other. */
export interface CollaborationOperations {
  /** @throws GovernanceError `INPUT_INVALID`, `NOT_FOUND` for an agent that is not there, `CONFLICT` for one that is retired. */
  create(request: CollaborationRequest): Promise<Collaboration>
  get(id: string): Promise<CollaborationDetail>
  /** Newest first. */
  list(query?: CollaborationQuery): Promise<Page<Collaboration>>
  /** Adds a member while it is open. @throws GovernanceError `CONFLICT` when it has begun, or for who is a member. */
  join(id: string, member: CollaborationMemberRequest): Promise<Collaboration>
  /** Takes a member out while it is open. @throws GovernanceError `CONFLICT` when it has begun, `NOT_FOUND` for who is no member. */
  leave(id: string, member: MemberName): Promise<Collaboration>
  /**
   * Begins it; members are fixed from here on. Answers at once, workers do it.
   *
   * @throws GovernanceError `CONFLICT` when it has begun or lacks the members that its mode needs.
   */
  execute(id: string, execution?: { readonly input?: JsonObject }): Promise<Collaboration>
  /** Ends it: nobody is called any more, what is open is cancelled. @throws GovernanceError `CONFLICT` when it ended. */
  cancel(id: string, reason: string): Promise<Collaboration>
  /** Oldest first. */
  messages(id: string, query?: PageQuery): Promise<Page<CollaborationMessage>>
  /** Says something as the member that one is; at most 16,000 bytes. @throws GovernanceError `MEMBER_REQUIRED`, `CONFLICT` when it ended. */
  send(id: string, text: string): Promise<CollaborationMessage>
  /** The newest version, or the one that is named. */
  context(id: string, query?: { readonly version?: number }): Promise<CollaborationContext>
  /** Writes the next version; `base` is the one that was changed. @throws GovernanceError `CONFLICT` where there is a newer one, or when it ended. */
  putContext(id: string, change: { readonly base: number; readonly value: JsonObject }): Promise<CollaborationContext>
}
