import type { JsonObject, Page, PageQuery } from '@preceptor/client'
import type { MemberName } from './member-name.ts'

/** States of a vote. */
export const CONSENSUS_STATES = ['open', 'decided', 'undecided', 'cancelled'] as const

/** How a vote is decided. */
export interface ConsensusRule {
  /** 2 to 20, each of 1 to 100 characters; default `yes` and `no`. */
  readonly options?: readonly string[]
  /** Share of the weight that was cast which an option needs: above 0.5, at most 1, four decimals; default 0.67. */
  readonly threshold?: number
  /** Members who have to take part, abstaining included; default: more than half of them. */
  readonly quorum?: number
  /** 1 to 2,592,000; default 86,400. */
  readonly deadlineSeconds?: number
  /** What is voted on, for whoever votes; default: an empty object. */
  readonly data?: JsonObject
}

/** What opens a vote. */
export interface ConsensusRequest extends ConsensusRule {
  readonly collaboration: string
  /** 1 to 4,000 characters. */
  readonly topic: string
}

/** A member with a vote. */
export interface Elector {
  readonly member: MemberName
  /** Basis points: the confidence that the ledger held of an agent when the vote was opened; 10,000 for a person. */
  readonly weight: number
  /** `silent`: was called and gave no vote, and cannot give one any more. */
  readonly state: 'open' | 'voted' | 'silent'
}

/** What one member said. */
export interface Vote {
  readonly member: MemberName
  /** Null for an abstention. */
  readonly option: string | null
  readonly weight: number
  readonly reason: string | null
  readonly createdAt: string
}

/** What was cast so far. Weights are basis points. */
export interface Tally {
  /** By option, in the order of the options. */
  readonly options: readonly { readonly option: string; readonly votes: number; readonly weight: number }[]
  readonly abstained: number
  readonly castWeight: number
}

/** A vote of the members of a collaboration. It decides nothing but itself: no proposal is approved by it. */
export interface Consensus {
  readonly id: string
  readonly collaboration: string
  readonly topic: string
  readonly options: readonly string[]
  readonly threshold: number
  readonly quorum: number
  readonly deadline: string
  readonly data: JsonObject
  readonly state: (typeof CONSENSUS_STATES)[number]
  /** The option that won. */
  readonly option: string | null
  readonly tally: Tally
  readonly openedBy: string
  readonly createdAt: string
  readonly endedAt: string | null
}

/** A vote with everybody who has one, and what they said. */
export interface ConsensusDetail extends Consensus {
  readonly electors: readonly Elector[]
  readonly votes: readonly Vote[]
}

/** What a member votes. */
export type VoteRequest =
  | { readonly option: string; readonly reason?: string }
  | { readonly abstain: true; readonly reason?: string }

/** The output of a collaboration of the mode `consensus`. */
export interface ConsensusOutput {
  readonly consensus: string
  readonly outcome: 'decided' | 'undecided'
  readonly option: string | null
  readonly castWeight: number
  readonly abstained: number
}

/** Which votes are asked for. */
export interface ConsensusQuery extends PageQuery {
  readonly collaboration?: string
  readonly state?: Consensus['state']
}

/** What can be done with votes. */
export interface ConsensusOperations {
  /**
   * Opens a vote in a collaboration that runs, as its lead or as a person who supervises. Who can vote, and with which
   * weight, is fixed by it. Members with an action are asked; the others vote by themselves.
   *
   * @throws GovernanceError `CONFLICT` when it does not run, `INPUT_INVALID`, `MEMBER_REQUIRED` for an agent that does not lead it.
   */
  open(request: ConsensusRequest): Promise<Consensus>
  get(id: string): Promise<ConsensusDetail>
  /** Newest first. */
  list(query?: ConsensusQuery): Promise<Page<Consensus>>
  /**
   * Votes as the member whose credential it is, once.
   *
   * @throws GovernanceError `VOTE_ALREADY_CAST`, `CONSENSUS_CLOSED`, `MEMBER_REQUIRED`, `INPUT_INVALID` for what is no option,
   * `AGENT_PAUSED`, `AGENT_STOPPED`, `AGENT_RETIRED`.
   */
  vote(id: string, vote: VoteRequest): Promise<ConsensusDetail>
}
