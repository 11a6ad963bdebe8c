import type { Governor } from '@preceptor/client'

/** Runs work in the trace that a client names beside the arguments of its call. */
export function inTraceOf<T>(
  governor: Pick<Governor, 'inTraceOf'>,
  meta: Readonly<Record<string, unknown>> | undefined,
  work: () => T,
): T {
  const { traceparent, tracestate } = meta ?? {}
  if (typeof traceparent !== 'string' || governor.inTraceOf === undefined) return work()
  return governor.inTraceOf({ traceparent, ...(typeof tracestate === 'string' ? { tracestate } : {}) }, work)
}
