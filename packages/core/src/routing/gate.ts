import type { ActionRegistry } from '../actions/action-registry.ts'
import type { GovernorContext } from '../context.ts'
import type { PolicyCache } from '../policy/policy-cache.ts'
import type { Consequences } from './consequences.ts'
import type { SnapshotCache } from './snapshot.ts'

/** Everything that deciding stands on. */
export interface Gate {
  readonly context: GovernorContext
  readonly registry: ActionRegistry
  readonly policies: PolicyCache
  readonly snapshots: SnapshotCache
  readonly consequences: Consequences
  /** Sources and types beyond the built-in ones. */
  readonly sources: ReadonlySet<string>
  readonly types: ReadonlySet<string>
  /** Whether the governor was closed: a closed gate denies. */
  readonly isClosed: () => boolean
}
