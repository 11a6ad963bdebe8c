import type { Span } from '@opentelemetry/api'
import { type Decision, ERROR_CODES } from '@preceptor/client'
import { beginSpan, describeDecision, failSpan, hostSpan, traceparentOf, underSpan } from '@preceptor/client/tracing'

/**
 * Runs a decision in a span of its own, in the trace of whoever asked; `work` is given the span as a `traceparent`, null
 * where nobody traces. The span ends with the decision: the wait for people that may follow is in none. Work that comes to
 * no decision leaves no span.
 */
export function traceDecision<D extends { readonly decision: Decision } | null>(work: Work<D>): Promise<D> {
  const span = beginSpan('governance.decide')
  return span === undefined ? work(null) : inSpan(span, work)
}

type Work<D> = (traceparent: string | null) => Promise<D>

async function inSpan<D extends { readonly decision: Decision } | null>(span: Span, work: Work<D>): Promise<D> {
  const host = hostSpan()
  try {
    const decided = await underSpan(span, () => work(traceparentOf(span)))
    if (decided === null) return decided
    const { decision } = decided
    describeDecision(span, decision)
    if (host !== undefined) describeDecision(host, decision)
    // That the rules say no is no error; that they could not be asked is one.
    if (decision.route === 'denied' && ERROR_CODES[decision.code].status >= 500) failSpan(span, decision.code)
    span.end()
    return decided
  } catch (error) {
    failSpan(span, 'INTERNAL')
    span.end()
    throw error
  }
}
