import type { Span } from '@opentelemetry/api'
import { GovernanceError } from '../errors/governance-error.ts'
import { redactText } from '../errors/redact-text.ts'
import type { ExecutionDecision, SupervisionDecision } from '../port/decision.ts'
import { describeDecision } from './describe-decision.ts'
import { beginSpan, failSpan, readTraceparent, traceparentOf, underSpan } from './spans.ts'

/** The run of a call, as tracing sees it. */
export interface TracedRun {
  readonly decision: ExecutionDecision | SupervisionDecision
  /** The span of its decision; null where nobody traced that. */
  readonly traceparent: string | null
  /** Finds the span of the decision that asked people, perhaps days ago and in another process; absent where none did. */
  readonly findAsking?: () => Promise<string | null>
  /** Milliseconds on the monotonic clock of the process. */
  readonly now: () => number
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

/** Begins the span of a run: `execute_tool` of the semantic conventions for generative AI. */
export function beginRunSpan(traced: TracedRun): RunSpan {
  const span = openSpan(traced)
  return span === undefined ? UNTRACED : tracedRun(traced, span)
}

function tracedRun(traced: TracedRun, first: Span): RunSpan {
  const { now, findAsking } = traced
  let span: Span | undefined = first
  // Somebody came to watch between the decision and the run; out of the queue it was decided when somebody did.
  if (traced.decision.route === 'supervision' && findAsking === undefined) link(first, traced.traceparent)
  const linked = linkToAsking(findAsking, first)
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
      const began = now()
      try {
        return await wait()
      } finally {
        if (span !== undefined && now() - began > LONGEST_LOOK_MS) {
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
  const span = beginSpan(`execute_tool ${action}`, traceparent)
  if (span === undefined) return undefined
  span.setAttributes({ 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': action })
  describeDecision(span, decision)
  return span
}

function link(span: Span, traceparent: string | null): void {
  const context = traceparent === null ? undefined : readTraceparent(traceparent)
  if (context !== undefined) span.addLink({ context })
}

/** A run never waits or fails for its link. */
async function linkToAsking(findAsking: TracedRun['findAsking'], span: Span): Promise<void> {
  if (findAsking === undefined) return
  try {
    link(span, await findAsking())
  } catch {
    // A span without its link is still true.
  }
}

const CLASS_NAME = /^[A-Za-z]\w{0,63}$/

function typeOf(error: unknown): string {
  if (GovernanceError.isInstance(error)) return error.code
  return error instanceof Error && CLASS_NAME.test(error.name) ? error.name : 'Error'
}
