import type { JsonObject, JsonValue } from '@preceptor/client'

/** The step types of a workflow. */
export const STEP_TYPES = ['agent', 'api_call', 'approval', 'condition', 'parallel', 'transform'] as const

/** A step type of a workflow. */
export type StepType = (typeof STEP_TYPES)[number]

/**
 * JSON in which `{ "$cel": "steps.review.total * 2" }` stands for the value of that CEL expression. An expression can name
 * `input`, `steps` (the outputs of the steps that succeeded, by id), `failures` (`code` and `message` of the steps that failed,
 * by id) and `run` (`id`, `workflow`, `version`, `startedBy`, `startedAt`).
 */
export type WorkflowValue = JsonValue

/** How often a step is tried. */
export interface StepRetry {
  /**
   * Tries in all, 1 to 10. Default: 3 for an action that is safe or idempotent, else 1; a number that is given holds for every
   * action. What timed out, and what ran under an approval or under supervision, is never tried again by itself unless it is
   * idempotent.
   */
  readonly attempts?: number
  /** Seconds before the second try; each further wait is twice the one before. 0.1 to 3,600; default 2. */
  readonly waitSeconds?: number
}

/** What every step has. */
export interface StepFrame {
  /** Known by this name in the definition: 1 to 64 letters, digits or `_`, beginning with a letter. */
  readonly id: string
  /** One line for people. */
  readonly title?: string
  /** The step that follows, in the same list, or `end`; default: the next one of the list. */
  readonly next?: string
}

/** An agent performs an action that a process of the plane has an executor of. */
export interface AgentStep extends StepFrame {
  readonly type: 'agent'
  /** Default: the agent of the workflow. */
  readonly agent?: string
  /** Registered name of the action. */
  readonly action: string
  /** Digest of the action, where its name stands for several definitions. */
  readonly digest?: string
  /** Args of the action: an object. */
  readonly args?: WorkflowValue
  readonly retry?: StepRetry
  /** Seconds that one try may run, 1 to 86,400; default 300. Waiting for people does not count. */
  readonly timeoutSeconds?: number
  /** The step that follows when it fails for good, in the same list, or `end`; without it its branch fails. */
  readonly onError?: string
}

/** A request to an HTTP API, as an agent's action `http.read`, `http.replace` or `http.send`. */
export interface ApiCallStep extends StepFrame {
  readonly type: 'api_call'
  /** Default: the agent of the workflow. */
  readonly agent?: string
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE' | 'POST' | 'PATCH'
  /** An address, or an expression that gives one. */
  readonly url: WorkflowValue
  /**
   * A value `{ "$secret": "crm" }`, also with a `prefix` such as `"Bearer "`, is filled in at the call with what the host keeps
   * under that name for that address. A header that holds a secret itself is refused.
   */
  readonly headers?: Readonly<Record<string, WorkflowValue>>
  /** Sent as JSON. */
  readonly body?: WorkflowValue
  readonly retry?: StepRetry
  /** As of an agent step. */
  readonly timeoutSeconds?: number
  /** As of an agent step. */
  readonly onError?: string
}

/** People approve, as a proposal. Its output is `{ approved, data, decidedBy, version }`; who approves may edit `data`. */
export interface ApprovalStep extends StepFrame {
  readonly type: 'approval'
  /** Who asks; default: the agent of the workflow. Its owner, and who started the run, are no approvers. */
  readonly agent?: string
  /** One line that says what is asked. */
  readonly question: WorkflowValue
  /** What is approved: an object. */
  readonly data?: WorkflowValue
  /** How many people have to approve, 1 to 10; default 1, or what the policy asks for. */
  readonly approvals?: number
  /** Seconds until it expires, 60 to 2,592,000; default: that of the workspace. */
  readonly expiresInSeconds?: number
  /** The step that follows a rejection, in the same list, or `end`; without it the run is cancelled. */
  readonly onReject?: string
  /** The step that follows when nobody decided in time; without it the run fails. */
  readonly onExpire?: string
}

/** The first branch whose condition holds decides what follows. */
export interface ConditionStep extends Omit<StepFrame, 'next'> {
  readonly type: 'condition'
  readonly branches: readonly {
    /** CEL that gives true or false. */
    readonly when: string
    /** A step of the same list, or `end`. */
    readonly next: string
  }[]
  /** What follows when none holds; default: the next step of the list. */
  readonly otherwise?: string
}

/** Branches that run side by side. Its output holds the output of each branch under its name, null where it failed. */
export interface ParallelStep extends StepFrame {
  readonly type: 'parallel'
  /** 2 to 20. */
  readonly branches: readonly WorkflowBranch[]
  /** Whether it waits for all branches, or goes on with the first that succeeds and cancels the others; default `all`. */
  readonly join?: 'all' | 'any'
  /** The step that follows when it fails, in the same list, or `end`; without it its own branch fails. */
  readonly onError?: string
}

/** One branch of a parallel step. */
export interface WorkflowBranch {
  readonly name: string
  readonly steps: readonly WorkflowStep[]
  /** Whether the parallel step fails when this branch does; default `fail`. The other branches end first. */
  readonly onFailure?: 'fail' | 'ignore'
}

/** Makes a value of what is known. */
export interface TransformStep extends StepFrame {
  readonly type: 'transform'
  readonly value: WorkflowValue
}

/** A step of a workflow. */
export type WorkflowStep = AgentStep | ApiCallStep | ApprovalStep | ConditionStep | ParallelStep | TransformStep

/** A workflow as people write it. */
export interface WorkflowDefinition {
  /** Unique in the workspace, 1 to 100 characters. */
  readonly name: string
  readonly description?: string
  /** The agent in whose name steps act that name no other. */
  readonly agent: string
  /** JSON Schema (draft 2020-12) of the input; without one any object is taken. */
  readonly input?: JsonObject
  /** 1 to 200 in all lists together; the first of the list begins. */
  readonly steps: readonly WorkflowStep[]
  /** What the run gives; default: the output of its last step. */
  readonly output?: WorkflowValue
}

/** What is wrong with a definition, and where. */
export interface DefinitionProblem {
  /** Such as `steps[2].branches[0].next`. */
  readonly path: string
  readonly code:
    | 'malformed'
    | 'duplicate_step'
    | 'unknown_step'
    | 'unreachable_step'
    | 'cycle_without_wait'
    | 'expression_invalid'
    | 'unknown_reference'
    | 'schema_invalid'
  readonly message: string
}
