import type { AccessContext, Authorizer, Tx } from '@preceptor/core/plugin'
import type { AboutKind } from '../client/feedback.ts'
import type { FeedbackOperation } from '../permissions/feedback-permissions.ts'

/** A record that feedback is about. */
export interface NamedRecord {
  readonly kind: AboutKind
  readonly id: string
  /** The agent whose answer it is. */
  readonly agent: string
}

/** Whether a record that this part does not keep is there, in the workspace of the transaction and of that agent. */
export type RecordExists = (tx: Tx, record: NamedRecord) => Promise<boolean>

/** What feedback and examples stand on. */
export interface FeedbackPorts {
  readonly context: AccessContext
  readonly authorizer: Authorizer<FeedbackOperation>
  /** Share of the examples that is held out, 0 to 1. */
  readonly heldOutShare: number
  readonly recordExists: RecordExists
}
