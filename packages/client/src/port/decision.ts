import type { ErrorCode } from '../errors/error-codes.ts'
import type { JsonObject } from './json.ts'
import type { Maturity, Risk, Route, TriggerSource } from './vocabulary.ts'

/** What every decision states. */
export interface DecisionFacts {
  /** Id of the decision, `dec_…`. */
  readonly id: string
  readonly agent: string
  readonly action: string
  readonly source: TriggerSource
  /** Effective maturity that was decided by; null when the decision fell before it was known. */
  readonly maturity: Maturity | null
  /** Effective risk that was decided by; null when the decision fell before it was known. */
  readonly risk: Risk | null
  /** One sentence that says why. */
  readonly reason: string
  /** What the caller should know although it does not change the route. */
  readonly warnings: readonly string[]
  /** Version of the policy that was decided by; 0 is the built-in strict one. */
  readonly policyVersion: number
  /** SHA-256 (hex) over the canonical JSON of the args as parsed; null when they did not parse. */
  readonly argsHash: string | null
  /** ISO 8601, UTC. */
  readonly decidedAt: string
}

/** The action may run now. */
export interface ExecutionDecision extends DecisionFacts {
  readonly route: 'execution'
  /** In shadow: the route and code that the policy would have given. */
  readonly shadow?: { readonly route: Exclude<Route, 'execution'>; readonly code: ErrorCode | null }
  /** The bypass that it runs under, with the route that it would have taken. */
  readonly bypass?: BypassUse
  /** The approval that it runs under: this version of this proposal, once. */
  readonly approval?: {
    readonly proposal: string
    readonly version: number
    readonly decidedBy: readonly string[]
    /** Where a reviewer changed the args: the new ones by name, secrets redacted, null for what was left out. */
    readonly edited?: JsonObject
  }
  /** The grant that it runs under. */
  readonly grant?: GrantUse
}

/** An emergency override that lets an attempt run. */
export interface BypassUse {
  readonly id: string
  /** What it would have taken without. */
  readonly route: 'supervision' | 'proposal' | 'training'
  /** ISO 8601, UTC. */
  readonly expiresAt: string
}

/** A grant that lets an attempt run. */
export interface GrantUse {
  readonly id: string
  /** After this run, where the run was claimed with the decision. */
  readonly usesLeft: number
}

/** The action may run once a supervisor watches. */
export interface SupervisionDecision extends DecisionFacts {
  readonly route: 'supervision'
  readonly session: { readonly id: string }
  /** What a supervisor made of the args, secrets redacted: null for what was left out; absent where they ran as asked. */
  readonly edited?: JsonObject
}

/** The run waits until somebody can watch. */
export interface QueueDecision extends DecisionFacts {
  readonly route: 'queue'
  readonly code: 'SUPERVISOR_REQUIRED'
  readonly queueEntry: { readonly id: string; readonly expiresAt: string }
}

/** The action waits for approval. */
export interface ProposalDecision extends DecisionFacts {
  readonly route: 'proposal'
  readonly code: 'APPROVAL_REQUIRED'
  readonly proposal: {
    readonly id: string
    readonly version: number
    readonly actionHash: string
    readonly requiredApprovals: number
    readonly expiresAt: string
    /** Set while an approved action waits: it may run from then on. ISO 8601, UTC. */
    readonly runnableAt?: string
  }
}

/** The action was blocked and training was proposed. */
export interface TrainingDecision extends DecisionFacts {
  readonly route: 'training'
  readonly code: 'TRAINING_REQUIRED'
  readonly blockedTrigger: { readonly id: string }
  readonly trainingProposal: { readonly id: string; readonly repeats: number }
}

/** The action must not run. */
export interface DeniedDecision extends DecisionFacts {
  readonly route: 'denied'
  readonly code: ErrorCode
}

/** The answer to a trigger. */
export type Decision =
  | ExecutionDecision
  | SupervisionDecision
  | QueueDecision
  | ProposalDecision
  | TrainingDecision
  | DeniedDecision

/** What `check` answers: the route that `decide` would take, without any effect and as if somebody could watch. */
export interface Assessment extends Omit<DecisionFacts, 'id'> {
  readonly route: Route
  readonly code: ErrorCode | null
  /** The grant that it would run under. */
  readonly grant?: GrantUse
  /** The bypass that it would run under. */
  readonly bypass?: BypassUse
}
