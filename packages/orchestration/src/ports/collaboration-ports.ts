import type { ErrorCode, JsonObject, JsonValue } from '@preceptor/client'
import type { AccessContext, Authorizer, Tx } from '@preceptor/core/plugin'
import type { CollaborationOperation } from '../permissions/collaboration-permissions.ts'

/** A call of a member, as a step that passes the gate. */
export interface CollaborationStepRequest {
  readonly owner: { readonly kind: 'collaboration'; readonly id: string }
  readonly agent: string
  readonly action: string
  readonly args: JsonObject
  /** Agents on whose behalf it acts, origin first; their maturity bounds its own. */
  readonly delegation?: readonly string[]
  /** Asked for again under this key, it is there once. */
  readonly key: string
  /** In whose name it is attempted, such as `user:ana`. */
  readonly startedBy: string
}

/** A step that ended for good. */
export interface EndedStep {
  readonly id: string
  /** Id of the collaboration. */
  readonly ownerId: string
  readonly state: 'succeeded' | 'failed' | 'cancelled'
  readonly output: JsonValue
  /** Where it did not succeed. */
  readonly failure: { readonly code: ErrorCode; readonly message: string } | null
}

/** What performs the calls of members. */
export interface CollaborationSteps {
  /**
   * Schedules a step in the transaction of its owner; gives its id. What the gate would refuse is no fault: the step fails,
   * and its owner is told by `onStepEnded`.
   */
  schedule(tx: Tx, request: CollaborationStepRequest): Promise<string>
  /** Lets a step begin no more, and aborts it where it runs. Harmless for one that ended; its owner need not be told. */
  cancel(tx: Tx, step: string): Promise<void>
  /**
   * Whether somebody has taken a step up, so that its effect may have happened. While it has not, nobody takes it up until the
   * transaction ends.
   */
  hasBegun(tx: Tx, step: string): Promise<boolean>
}

/** What collaborations stand on. */
export interface CollaborationPorts {
  readonly context: AccessContext
  readonly authorizer: Authorizer<CollaborationOperation>
  readonly steps: CollaborationSteps
}
