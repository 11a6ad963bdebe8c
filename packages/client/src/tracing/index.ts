export { describeDecision } from './describe-decision.ts'
export { beginRunSpan, type RunSpan, type TracedRun } from './run-span.ts'
export { activeTraceId, beginSpan, failSpan, hostSpan, inTraceOf, traceparentOf, underSpan } from './spans.ts'
