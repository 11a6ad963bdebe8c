import type { ExecutionDecision, SupervisionDecision } from '@preceptor/client'
import { beginRunSpan, type RunSpan } from '@preceptor/client/tracing'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { type Asked, findAsking } from './trace-store.ts'

/** A run of this process, as tracing sees it. */
interface OwnRun {
  readonly workspace: string
  readonly decision: ExecutionDecision | SupervisionDecision
  /** The span of its decision; null where nobody traced that. */
  readonly traceparent: string | null
  /** What waited for people before it, where something did. */
  readonly asked: Asked | null
}

const LOOK_UP_MS = 1_000

/** Begins the span of a run in this process, linked to the decision that asked people. */
export function beginRun(context: GovernorContext, { workspace, decision, traceparent, asked }: OwnRun): RunSpan {
  const now = (): number => context.clock.monotonic()
  if (asked === null) return beginRunSpan({ decision, traceparent, now })
  return beginRunSpan({ decision, traceparent, now, findAsking: () => askingOf(context, { workspace, asked }) })
}

/** The span of the decision that asked people, as its `traceparent`; null where that was not traced. */
export function askingOf(
  context: GovernorContext,
  { workspace, asked }: { readonly workspace: string; readonly asked: Asked },
): Promise<string | null> {
  return inWorkspace(context.database, { workspace, deadlineMs: LOOK_UP_MS }, (tx) => findAsking(tx, asked))
}
