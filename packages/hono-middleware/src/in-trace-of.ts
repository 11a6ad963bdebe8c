import type { Governor } from '@preceptor/client'
import type { Context } from 'hono'

/** Runs work in the trace that the headers of a request name, unless the host traces its requests itself. */
export function inTraceOf<T>(c: Context, governor: Governor, work: () => T): T {
  const traceparent = c.req.header('traceparent')
  if (traceparent === undefined || governor.inTraceOf === undefined) return work()
  const tracestate = c.req.header('tracestate')
  return governor.inTraceOf({ traceparent, ...(tracestate === undefined ? {} : { tracestate }) }, work)
}
