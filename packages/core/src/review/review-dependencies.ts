import type { AccessContext } from '../access/access-context.ts'
import type { Gate } from '../routing/gate.ts'
import type { Reviewers } from './reviewers.ts'

/** What autonomous reviewers stand on. */
export interface ReviewDependencies {
  readonly context: AccessContext
  readonly gate: Gate
  readonly reviewers: Reviewers
  /** The workspaces that this process opened. */
  readonly workspaces: readonly string[]
}

/** Name under which the product stands in records where nobody asked a reviewer. */
export const ASKED_BY = 'system:reviewer'
