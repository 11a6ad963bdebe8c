import type { Span } from '@opentelemetry/api'
import { type ExecutionDecision, GovernanceError, type SupervisionDecision } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { redactText } from '../journal/redact-text.ts'
import { describeDecision } from './decision-span.ts'
import { type Asked, findAsking } from './trace-store.ts'
import { beginSpan, failSpan, readTraceparent, traceparentOf, underSpan } from './tracing.ts'

/** The run of a call, as tracing sees it. */
export interface TracedRun {
  readonly workspace: string
  readonly decision: ExecutionDecision | SupervisionDecision
  /** The span of its decision; null where nobody traced that. */
  readonly traceparent: string | null
  /** What waited for people before it, where something did. */
  readonly asked: Asked | null
}

/** The spans of a run: one, and another one after each wait for people in it. */
export interface RunSpan {
  run<T>(work: () => Promise<T>): Promise<T>
  /** Notes that the run failed. */
  failed(error: unknown): void
  /** Waits for people between two steps: what takes its time is in no span. */
  across<T>(wait: () => Promise<T>): Promise<T>
}

const UNTRACED: RunSpan = { run: (work) => work(), failed: () => undefined, across: (wait) => wait() }
/** What takes longer waits for people; milliseconds. */
const LONGEST_LOOK_MS = 1_000
const LOOK_UP_MS = 1_000

/** Begins the span of a run: `execute_tool` of the semantic conventions for generative AI. */
export function beginRun(context: GovernorContext, traced: TracedRun): RunSpan {
  const span = openSpan(traced)
  return span === undefined ? UNTRACED : tracedRun(context, traced, span)
}

function tracedRun(context: GovernorContext, traced: TracedRun, first: Span): RunSpan {
  const { clock } = context
  let span: Span | undefined = first
  // Somebody came to watch between the decision and the run.
  if (traced.decision.route === 'supervision') link(first, traced.traceparent)
  const linked = linkToAsking(context, traced, first)
  return {
    async run(work) {
      try {
        return await underSpan(first, work)
      } finally {
        await linked
        span?.end()
      }
    },
    failed(error) {
      if (span !== undefined) failSpan(span, typeOf(error))
    },
    async across(wait) {
      const began = clock.monotonic()
      try {
        return await wait()
      } finally {
        if (span !== undefined && clock.monotonic() - began > LONGEST_LOOK_MS) {
          await linked
          const before = span
          before.end(began)
          span = openSpan(traced)
          if (span !== undefined) link(span, traceparentOf(before))
        }
      }
    },
  }
}

// The names are those of the semantic conventions, whose package changes them while they are in development.
function openSpan({ decision, traceparent }: TracedRun): Span | undefined {
  const action = redactText(decision.action)
  const span = beginSpan(`execute_tool ${action}`, { under: traceparent })
  if (span === undefined) return undefined
  span.setAttributes({ 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': action })
  describeDecision(span, decision)
  return span
}

function link(span: Span, traceparent: string | null): void {
  const context = traceparent === null ? undefined : readTraceparent(traceparent)
  if (context !== undefined) span.addLink({ context })
}

/** What asked people, perhaps days ago and in another process, is linked to. A run never waits or fails for that. */
async function linkToAsking(context: GovernorContext, { workspace, asked }: TracedRun, span: Span): Promise<void> {
  if (asked === null) return
  try {
    const scope = { workspace, deadlineMs: LOOK_UP_MS }
    link(span, await inWorkspace(context.database, scope, (tx) => findAsking(tx, asked)))
  } catch {
    // A span without its link is still true.
  }
}

const CLASS_NAME = /^[A-Za-z]\w{0,63}$/

function typeOf(error: unknown): string {
  if (GovernanceError.isInstance(error)) return error.code
  return error instanceof Error && CLASS_NAME.test(error.name) ? error.name : 'Error'
}
