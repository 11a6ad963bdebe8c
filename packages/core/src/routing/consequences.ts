import type {
  ErrorCode,
  ExecutionDecision,
  GrantUse,
  JsonObject,
  JsonValue,
  ProposalDecision,
  ProposalState,
  QueueDecision,
  QueueState,
  RejectionCategory,
  Risk,
  StoredOutcome,
  TrainingDecision,
} from '@preceptor/client'
import type { ActionSpecification } from '../actions/registered-action.ts'
import type { Tx } from '../database/transaction.ts'
import type { Policy } from '../policy/policy.ts'
import type { Attempt } from './attempt.ts'
import type { AgentFacts, Facts } from './facts.ts'
import type { Ruling } from './ruling.ts'

/** An attempt that the rules have an answer to, in the transaction that makes the answer durable. */
export interface RuledAttempt {
  readonly attempt: Attempt
  readonly ruling: Ruling
  readonly agent: AgentFacts
  /** The acting agent and those that delegated to it. */
  readonly agents: readonly AgentFacts[]
  readonly action: ActionSpecification
  readonly args: JsonObject
  readonly argsHash: string
  readonly risk: Risk
  readonly policy: Policy
  /** The supervision session that watches it, if one does. */
  readonly sessionId: string | null
  /** The proposal under whose approval it runs, if it does. */
  readonly proposalId: string | null
  /** The grant under which it runs, if it does. */
  readonly grantId: string | null
  /** The queue entry that it is the run of, if it is. */
  readonly queueEntryId: string | null
}

/** An agent as it was decided on: a later epoch cancels what was decided before. */
export interface AgentEpoch {
  readonly agent: string
  readonly epoch: number
}

/** The right to run one action once, and what proves it later. */
export interface Claim {
  readonly executionId: string
  /** Grows with every claim of the attempt; a write with an older one is refused. */
  readonly fence: number
  readonly attempt: number
  readonly idempotencyKey: string
  /** On the monotonic clock: its lease counts from here. */
  readonly claimedAt: number
  /** The agents that it rests on, the acting one first, each with its epoch at the claim. */
  readonly epochs: readonly AgentEpoch[]
}

/** Who runs what is claimed: this process under its guard, or the caller out of sight. */
export type ClaimFor = 'guard' | 'caller'

/** An attempt to claim. */
export interface ClaimRequest {
  readonly ruled: RuledAttempt
  readonly claimFor: ClaimFor
}

/** An attempt that people are asked about: to approve it, or to watch it. */
export interface ProposeRequest {
  readonly ruled: RuledAttempt
  /** Whether who asked comes back and runs it. */
  readonly isAwaited: boolean
}

/** What claiming an attempt gives. */
export type ClaimResult = { readonly result: 'claimed'; readonly claim: Claim } | RepeatedAnswer

/** What an attempt that was claimed before gets instead of another claim. */
export type RepeatedAnswer =
  | { readonly result: 'settled'; readonly decisionId: string; readonly outcome: StoredOutcome }
  | { readonly result: 'in_progress' }
  | { readonly result: 'unknown' }
  | { readonly result: 'other_args' }

/** A proposal that an attempt comes back to. */
export interface PriorProposal {
  readonly kind: 'proposal'
  readonly action: string
  readonly agent: string
  /** Hash of the args that were asked for. */
  readonly argsHash: string
  /** Hash of the args of the present version. */
  readonly versionHash: string
  /** The args of the present version. */
  readonly args: JsonObject
  readonly decisionId: string
  readonly state: ProposalState
  /** A reviewer's answer in the place of the action. */
  readonly response: JsonValue
  /** Approved, it may run from then on; null without a wait. */
  readonly runnableAt: string | null
  readonly rejection: Rejection | null
  readonly decidedBy: readonly string[]
  readonly proposal: ProposalDecision['proposal']
}

/** Why a reviewer rejected a proposal. */
export interface Rejection {
  readonly category: RejectionCategory
  readonly reason: string
}

/** What is asked of an approved proposal: its one run. */
export interface RedeemRequest {
  readonly proposalId: string
  readonly attempt: Attempt
  readonly facts: Facts
  readonly claimFor: ClaimFor
}

/** What is asked of the grants of an agent. */
export interface GrantSearch {
  readonly ruled: RuledAttempt
  /** Holds what is found until the transaction ends, so that nobody else uses the rest of it. */
  readonly hold: boolean
}

/** What asking for the run of an approved proposal gives. */
export type RedeemResult =
  | {
      readonly result: 'claimed'
      readonly claim: Claim
      /** The attempt with the args that were approved. */
      readonly attempt: Attempt
      readonly ruling: Ruling
      readonly approval: NonNullable<ExecutionDecision['approval']>
    }
  | { readonly result: 'answered'; readonly answer: RepeatedAnswer; readonly attempt: Attempt }
  /** Approved, and still to wait. */
  | { readonly result: 'waiting'; readonly proposal: ProposalDecision['proposal']; readonly runnableAt: string }
  /** Something changed: people decide anew. */
  | { readonly result: 'returned'; readonly proposal: ProposalDecision['proposal']; readonly reason: string }
  | { readonly result: 'refused'; readonly code: ErrorCode; readonly reason: string }

/** What an earlier attempt with the same key has led to. */
export type PriorAttempt =
  | { readonly kind: 'execution'; readonly answer: RepeatedAnswer }
  | PriorProposal
  /** The permit that it states is not one of this caller. */
  | { readonly kind: 'refused' }
  | {
      readonly kind: 'queue'
      readonly action: string
      readonly argsHash: string
      readonly decisionId: string
      readonly state: QueueState
      readonly queueEntry: QueueDecision['queueEntry']
    }
  | {
      readonly kind: 'training'
      readonly action: string
      readonly argsHash: string
      readonly decisionId: string
      readonly blockedTrigger: TrainingDecision['blockedTrigger']
      readonly trainingProposal: TrainingDecision['trainingProposal']
    }

/** What supervising an attempt leads to. */
export type SupervisionResult =
  | { readonly result: 'session'; readonly sessionId: string }
  | { readonly result: 'queued'; readonly queueEntry: QueueDecision['queueEntry'] }

/** A wait for a supervisor. */
export interface SupervisorWait {
  readonly workspace: string
  readonly sessionId: string
  /** Id of the decision that waits. */
  readonly stepId: string
  readonly withinMs: number
  /** Waits on for as long as somebody who is there holds the run up; else that counts as the rest. */
  readonly patient: boolean
  readonly signal: AbortSignal | undefined
}

/** The run of a queue entry that was claimed. */
export interface QueuedStart {
  readonly id: string
  readonly sessionId: string
  readonly claim: Claim
  readonly attempt: Attempt
}

/** How a wait for a supervisor ended. */
export type SupervisorAnswer =
  | { readonly result: 'watched'; readonly correction: StepCorrection }
  /** Paused by somebody who is there, or announced: it is worth to wait on. */
  | { readonly result: 'held' }
  | { readonly result: 'unwatched' }

/** What a step runs with, as supervisors left it. */
export interface StepCorrection {
  /** Null for the args that were asked for. */
  readonly args: JsonObject | null
  /** What of them is other than what was asked for, secrets redacted. */
  readonly edited: JsonObject
  /** How often it was corrected. */
  readonly corrections: number
}

/** A step of a session that is to begin. */
export interface StepRequest {
  readonly sessionId: string
  readonly stepId: string
  /** How often it had been corrected when it was looked at. */
  readonly corrections: number
  /** As it is ruled on now. */
  readonly risk: Risk
}

/** Whether a step of a session begins. */
export type StepBegin =
  /** Watched until then, in milliseconds since the epoch. */
  | { readonly result: 'begun'; readonly watchedUntil: number }
  | { readonly result: 'unwatched' }
  /** What was looked at before is no longer so: look again. */
  | { readonly result: 'changed' }
  | { readonly result: 'objected'; readonly by: string }
  | { readonly result: 'terminated' }

/** What the session of a run means for its next attempt. */
export type RunWatch = 'unwatched' | 'watched' | 'terminated'

/** The end of a supervision session. */
export interface SessionEnd {
  readonly sessionId: string
  readonly state: 'completed' | 'failed'
  readonly reason: string
}

/**
 * What follows from a ruling. Routing names what it needs and the governor wires it, so that deciding never imports
 * what follows from a decision.
 */
export interface Consequences {
  /** Finds what an earlier attempt with the same key led to. */
  readonly findPrior: (tx: Tx, attempt: Attempt) => Promise<PriorAttempt | undefined>
  readonly claim: (tx: Tx, request: ClaimRequest) => Promise<ClaimResult>
  readonly redeem: (tx: Tx, request: RedeemRequest) => Promise<RedeemResult>
  /** Finds a grant that lets an attempt run which one approval would let run. */
  readonly findGrant: (tx: Tx, search: GrantSearch) => Promise<GrantUse | undefined>
  /** Uses a grant that is held, for the run that was claimed under it. */
  readonly useGrant: (tx: Tx, id: string) => Promise<GrantUse>
  /** Gives back a claim under which nothing ran. */
  readonly release: (attempt: Attempt, claim: Claim) => Promise<void>
  readonly propose: (tx: Tx, request: ProposeRequest) => Promise<ProposalDecision['proposal']>
  readonly train: (
    tx: Tx,
    ruled: RuledAttempt,
  ) => Promise<Pick<TrainingDecision, 'blockedTrigger' | 'trainingProposal'>>
  /** Opens a session when somebody can supervise, else a queue entry. */
  readonly supervise: (tx: Tx, request: ProposeRequest) => Promise<SupervisionResult>
  /** Lets an attempt wait in a session when somebody can supervise; null otherwise. */
  readonly watch: (tx: Tx, request: ProposeRequest) => Promise<string | null>
  readonly enqueue: (tx: Tx, request: ProposeRequest) => Promise<QueueDecision['queueEntry']>
  /** Holds a queue entry until the transaction ends; whether it may be claimed. */
  readonly holdQueued: (tx: Tx, id: string) => Promise<boolean>
  /** Ends a queue entry that waits, for good. */
  readonly dropQueued: (tx: Tx, drop: { readonly id: string; readonly reason: string }) => Promise<void>
  /** Notes that the run of a held queue entry was claimed under a session. */
  readonly startQueued: (tx: Tx, start: QueuedStart) => Promise<void>
  /** Resolves once a supervisor holds the session, or nobody did in time. */
  readonly awaitSupervisor: (request: SupervisorWait) => Promise<SupervisorAnswer>
  /** Lets a step begin where its session is running under a live lease; it stays so until the transaction ends. */
  readonly beginStep: (tx: Tx, request: StepRequest) => Promise<StepBegin>
  /** Takes what supervisors said to a run, once, for a step that was claimed. */
  readonly takeGuidance: (tx: Tx, step: Pick<StepRequest, 'sessionId' | 'stepId'>) => Promise<readonly string[]>
  /** Records that a step that began is over. */
  readonly endStep: (tx: Tx, stepId: string) => Promise<void>
  /** Lets a step that waits never begin. */
  readonly withholdStep: (tx: Tx, stepId: string) => Promise<void>
  /** What watching over a run means for its next attempt. */
  readonly watchOf: (tx: Tx, run: { readonly agent: string; readonly run: string }) => Promise<RunWatch>
  readonly endSession: (tx: Tx, end: SessionEnd) => Promise<void>
  /** Records a build that was seen for the first time, or caps an agent whose build changed. */
  readonly noteFingerprint: (tx: Tx, ruled: { readonly attempt: Attempt; readonly agent: AgentFacts }) => Promise<void>
}
