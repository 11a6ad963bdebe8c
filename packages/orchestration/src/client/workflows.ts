import type { ErrorCode, JsonObject, JsonValue, Maturity, Page, PageQuery, Proposal, Route } from '@preceptor/client'
import type { DefinitionProblem, StepType, WorkflowDefinition } from './workflow-definition.ts'

/** A workflow of the workspace, with its current version. */
export interface Workflow {
  readonly id: string
  readonly name: string
  readonly version: number
  readonly state: 'active' | 'archived'
  readonly definition: WorkflowDefinition
  readonly createdBy: string
  readonly createdAt: string
  /** When the current version was written. */
  readonly updatedAt: string
}

/** One version of a workflow; a run keeps the one that it began with. */
export interface WorkflowVersion {
  readonly workflow: string
  readonly version: number
  readonly definition: WorkflowDefinition
  readonly note: string | null
  readonly createdBy: string
  readonly createdAt: string
}

/** A definition as a picture, in the language of Mermaid. */
export interface WorkflowDrawing {
  readonly workflow: string
  readonly version: number
  readonly mermaid: string
}

/** What a run, or one of its steps, failed by. */
export interface WorkflowFailure {
  /** Id of the step in the definition. */
  readonly step: string
  readonly code: ErrorCode
  readonly message: string
}

/** How a step would be decided if it came to it now. */
export interface ExpectedStep {
  readonly step: string
  readonly agent: string
  readonly action: string
  /** Null where another process of the plane has the action, which decides when the step comes. */
  readonly route: Route | null
  readonly maturity: Maturity | null
}

/** States of a run. */
export const RUN_STATES = ['running', 'waiting', 'completed', 'failed', 'cancelled'] as const

/** States of a step in a run. */
export const STEP_STATES = [
  'pending',
  'running',
  'waiting',
  'succeeded',
  'failed',
  'outcome_unknown',
  'cancelled',
] as const

/** One visit of a step in a run. */
export interface WorkflowStepRun {
  readonly id: string
  /** Id of the step in the definition. */
  readonly step: string
  readonly type: StepType
  /** 1 for the first time that the run came to this step. */
  readonly visit: number
  /** Path of the branch that it is in, such as `checks/credit`; null outside of branches. */
  readonly branch: string | null
  readonly state: (typeof STEP_STATES)[number]
  /** Tries so far. */
  readonly attempts: number
  readonly agent: string | null
  readonly action: string | null
  /** The proposal that it waits for, or waited for. */
  readonly proposal: string | null
  /** The entry of the supervised queue that it waits for, or waited for. */
  readonly queueEntry: string | null
  readonly output: JsonValue
  readonly failure: WorkflowFailure | null
  /** Why it stands, where it does, such as `NO_EXECUTOR`. */
  readonly note: string | null
  /** When it is tried next. */
  readonly dueAt: string | null
  readonly startedAt: string | null
  readonly endedAt: string | null
}

/** One run of a workflow. */
export interface WorkflowRun {
  readonly id: string
  readonly workflow: string
  readonly version: number
  readonly state: (typeof RUN_STATES)[number]
  readonly input: JsonObject
  readonly output: JsonValue
  readonly failure: WorkflowFailure | null
  /** Such as `user:ana`. */
  readonly startedBy: string
  /** The schedule that started it. */
  readonly schedule: string | null
  /** How its steps would have been decided when it began. */
  readonly expected: readonly ExpectedStep[]
  readonly createdAt: string
  readonly endedAt: string | null
}

/** A run with its steps, oldest first. */
export interface WorkflowRunDetail extends WorkflowRun {
  readonly steps: readonly WorkflowStepRun[]
}

/** What starts a run. */
export interface WorkflowExecution {
  /** Default: an empty object. */
  readonly input?: JsonObject
  /** Default: the current one. */
  readonly version?: number
}

/** What people say of a step whose outcome nobody knows. */
export type StepResolution =
  | { readonly outcome: 'succeeded'; readonly output?: JsonValue; readonly reason: string }
  | { readonly outcome: 'failed'; readonly reason: string }

/** How an approval step is answered: as a decision on its proposal. */
export interface ApprovalAnswer {
  readonly approved: boolean
  /** Version of the proposal that was seen. */
  readonly version: number
  /** Hash of what was seen. */
  readonly actionHash: string
  /** Needed where it is not approved. */
  readonly comment?: string
  /** What is approved instead of what was asked. */
  readonly data?: JsonObject
}

/** A workflow that is started by the clock. */
export interface WorkflowSchedule {
  readonly id: string
  readonly workflow: string
  /** Minute, hour, day of the month, month, day of the week. */
  readonly cron: string
  /** IANA name, such as `Europe/Berlin`. */
  readonly timezone: string
  readonly input: JsonObject
  /** What happens while the run before has not ended. */
  readonly overlap: 'skip' | 'allow'
  readonly state: 'active' | 'removed'
  readonly nextAt: string | null
  /** How the last due time went: the run, or why there was none. */
  readonly last: { readonly at: string; readonly run: string | null; readonly problem: string | null } | null
  readonly createdBy: string
  readonly createdAt: string
}

/** A workflow as it stands in a list: with what ran of it last, and what starts it by the clock. */
export interface ListedWorkflow extends Workflow {
  /** The newest of its runs that the reader may see; null where there is none. */
  readonly lastRun: Pick<WorkflowRun, 'id' | 'state' | 'createdAt'> | null
  /** Its active schedules, oldest first, 20 at most; none for a reader who may not list schedules. */
  readonly schedules: readonly Pick<WorkflowSchedule, 'id' | 'cron' | 'timezone' | 'nextAt'>[]
}

/** What makes a schedule. */
export interface WorkflowScheduleRequest {
  readonly workflow: string
  readonly cron: string
  /** Default `UTC`. */
  readonly timezone?: string
  readonly input?: JsonObject
  /** Default `skip`. */
  readonly overlap?: WorkflowSchedule['overlap']
}

/** Which runs are asked for. */
export interface WorkflowRunQuery extends PageQuery {
  readonly workflow?: string
  readonly state?: WorkflowRun['state']
}

/** What can be done with workflows. */
export interface WorkflowOperations {
  /** Writes a workflow. @throws GovernanceError `WORKFLOW_INVALID` with all problems in `details`, `CONFLICT` for a name that is taken. */
  create(definition: WorkflowDefinition): Promise<Workflow>
  /** Says what is wrong with a definition; nothing is written. */
  validate(definition: WorkflowDefinition): Promise<{ readonly problems: readonly DefinitionProblem[] }>
  get(id: string): Promise<Workflow>
  /** Lists workflows, archived ones too, newest first. @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`. */
  list(query?: PageQuery): Promise<Page<ListedWorkflow>>
  /** Writes the next version; `base` is the version that was changed. @throws GovernanceError `WORKFLOW_INVALID`, `CONFLICT` where there is a newer one. */
  update(
    id: string,
    change: { readonly definition: WorkflowDefinition; readonly base: number; readonly note?: string },
  ): Promise<Workflow>
  /** Lets no run begin any more; runs that began go on. */
  archive(id: string, reason: string): Promise<Workflow>
  versions(id: string, query?: PageQuery): Promise<Page<WorkflowVersion>>
  drawing(id: string, query?: { readonly version?: number }): Promise<WorkflowDrawing>
}

/** What can be done with runs of workflows. */
export interface WorkflowRunOperations {
  /**
   * Starts a run, once every step that it can come to was checked.
   *
   * @throws GovernanceError `WORKFLOW_REFUSED` naming each step that would be trained or denied, `INPUT_INVALID`, `CONFLICT` for an archived one.
   */
  execute(workflow: string, execution?: WorkflowExecution): Promise<WorkflowRun>
  get(id: string): Promise<WorkflowRunDetail>
  /** Newest first. */
  list(query?: WorkflowRunQuery): Promise<Page<WorkflowRun>>
  /** Ends a run: nothing begins any more, what waits is taken back, what runs is aborted. @throws GovernanceError `CONFLICT` when it ended. */
  cancel(id: string, reason: string): Promise<WorkflowRun>
  /** Goes on with a failed run at the steps that failed; what succeeded never runs again. @throws GovernanceError `CONFLICT` */
  replay(id: string, reason: string): Promise<WorkflowRun>
  /** Says how a step ended whose outcome nobody knows; the run goes on with that. @throws GovernanceError `CONFLICT` */
  resolve(run: string, step: string, resolution: StepResolution): Promise<WorkflowRun>
  /**
   * Answers an approval step, as a decision on its proposal.
   *
   * @throws GovernanceError `PROPOSAL_DECIDED`, `PROPOSAL_EXPIRED`, `PERMISSION_DENIED`, `NOT_FOUND` and the others of that decision.
   */
  answer(proposal: string, answer: ApprovalAnswer): Promise<Proposal>
}

/** What can be done with schedules of workflows. */
export interface WorkflowScheduleOperations {
  /**
   * Starts runs of a workflow by the clock, in the name of who makes it and as long as its maker may start one.
   *
   * @throws GovernanceError `INPUT_INVALID` for a pattern, a timezone or an input that is none, `CONFLICT` for an archived one.
   */
  create(request: WorkflowScheduleRequest): Promise<WorkflowSchedule>
  get(id: string): Promise<WorkflowSchedule>
  /** Newest first, those that were removed too. */
  list(query?: PageQuery & { readonly workflow?: string }): Promise<Page<WorkflowSchedule>>
  /** Ends a schedule; runs that it started go on. @throws GovernanceError `CONFLICT` when it was removed. */
  remove(id: string, reason: string): Promise<WorkflowSchedule>
}
