import type { Span } from '@opentelemetry/api'
import { type Decision, ERROR_CODES } from '@preceptor/client'
import { redactText } from '../journal/redact-text.ts'
import { beginSpan, failSpan, hostSpan, traceparentOf, underSpan } from './tracing.ts'

/**
 * Runs a decision in a span of its own, in the trace of whoever asked; `work` is given the span as a `traceparent`, null
 * where nobody traces. The span ends with the decision: the wait for people that may follow is in none.
 */
export function traceDecision<D extends { readonly decision: Decision }>(work: Work<D>): Promise<D> {
  const span = beginSpan('governance.decide')
  return span === undefined ? work(null) : inSpan(span, work)
}

type Work<D> = (traceparent: string | null) => Promise<D>

async function inSpan<D extends { readonly decision: Decision }>(span: Span, work: Work<D>): Promise<D> {
  const host = hostSpan()
  try {
    const decided = await underSpan(span, () => work(traceparentOf(span)))
    const { decision } = decided
    describeDecision(span, decision)
    if (host !== undefined) describeDecision(host, decision)
    // That the rules say no is no error; that they could not be asked is one.
    if (decision.route === 'denied' && ERROR_CODES[decision.code].status >= 500) failSpan(span, decision.code)
    return decided
  } catch (error) {
    failSpan(span, 'INTERNAL')
    throw error
  } finally {
    span.end()
  }
}

/** Says on a span what was decided: never with what args. */
export function describeDecision(span: Span, decision: Decision): void {
  span.setAttributes({
    'governance.decision.id': decision.id,
    'governance.action': redactText(decision.action),
    'governance.route': decision.route,
    'governance.level': decision.maturity ?? 'none',
    'governance.risk': decision.risk ?? 'none',
    'governance.source': decision.source,
    'governance.policy.version': decision.policyVersion,
    ...('code' in decision ? { 'governance.code': decision.code } : {}),
    'gen_ai.agent.id': decision.agent,
  })
}
