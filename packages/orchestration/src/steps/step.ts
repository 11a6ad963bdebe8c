import type { ErrorCode, JsonObject, JsonValue } from '@preceptor/client'
import type { StepType } from '../client/workflow-definition.ts'
import type { STEP_STATES } from '../client/workflows.ts'

/** What a step goes on in. */
export interface StepOwner {
  readonly kind: 'workflow_run' | 'collaboration'
  readonly id: string
}

/** State of a step. */
export type StepState = (typeof STEP_STATES)[number]

/** What a step attempts at the gate. */
export interface StepTrigger {
  readonly agent: string
  readonly action: string
  readonly digest?: string
  readonly args: JsonObject
  /** Whether it starts a run of the agent. */
  readonly startsRun: boolean
  /** Agents that it acts for, origin first. */
  readonly delegation?: readonly string[]
}

/** How a step is tried. */
export interface StepSettings {
  /** Tries in all; null where nothing was said. */
  readonly attempts: number | null
  readonly waitMs: number
  readonly timeoutMs: number
  /** What people are asked, where it is a question. */
  readonly question?: { readonly approvals: number; readonly expiresInMs?: number }
}

/** What a step failed by. */
export interface StepFailure {
  readonly code: ErrorCode
  readonly message: string
}

/** How far the branches of a parallel step are, by name; one that goes on is not there. */
export type BranchProgress = Readonly<
  Record<
    string,
    | { readonly state: 'succeeded'; readonly output: JsonValue }
    | { readonly state: 'failed'; readonly failure: StepFailure; readonly row: string }
  >
>

/** A step that is to be written. */
export interface NewStep {
  readonly id: string
  readonly step: string
  readonly type: StepType
  readonly visit: number
  readonly parentId: string | null
  /** Path of the branch that it is in. */
  readonly branch: string | null
  readonly trigger: StepTrigger | null
  readonly settings: StepSettings | null
  readonly state: StepState
  readonly output: JsonValue
  readonly failure: StepFailure | null
  readonly progress: BranchProgress | null
}

/** A step as it is kept. */
export interface StoredStep extends NewStep {
  readonly owner: StepOwner
  readonly askedBy: string
  /** Tries that ended. */
  readonly attempts: number
  /** Grows with every claim: whoever holds an older one changes nothing. */
  readonly fence: number
  readonly proposalId: string | null
  readonly queueEntryId: string | null
  readonly note: string | null
  readonly replayed: boolean
  readonly dueAt: string | null
  readonly createdAt: string
  readonly startedAt: string | null
  readonly endedAt: string | null
}

/** A step that attempts something. */
export interface AttemptingStep extends StoredStep {
  readonly trigger: StepTrigger
  readonly settings: StepSettings
}

/** Whether a step attempts something at the gate; the others are worked out where the step before them ends. */
export function isAttempting(step: StoredStep): step is AttemptingStep {
  return step.trigger !== null && step.settings !== null
}

/** States in which a step has not ended. */
export const OPEN_STATES: readonly StepState[] = ['pending', 'running', 'waiting', 'outcome_unknown']

/** How a step ended for good. */
export type StepEnd =
  | { readonly state: 'succeeded'; readonly output: JsonValue }
  | { readonly state: 'failed'; readonly failure: StepFailure }

/** What came of one try. */
export type TryResult =
  | StepEnd
  /** It failed, and is tried again after some milliseconds. */
  | { readonly state: 'again'; readonly failure: StepFailure; readonly afterMs: number }
  /** People, or somebody who watches, come first. */
  | {
      readonly state: 'waiting'
      readonly proposalId: string | null
      readonly queueEntryId: string | null
      /** Milliseconds until it is looked at again by itself. */
      readonly afterMs: number
    }
  /** Nothing was tried: not here, or not now. */
  | { readonly state: 'later'; readonly note: ErrorCode | null; readonly afterMs: number }
  | { readonly state: 'outcome_unknown'; readonly failure: StepFailure }
  /** Somebody else holds it, or it has ended. */
  | { readonly state: 'lost' }
