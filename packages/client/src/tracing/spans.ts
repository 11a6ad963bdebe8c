import {
  context,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api'
import type { TraceCarrier } from '../port/governor.ts'

const NAME = 'preceptor'

let known: { readonly provider: TracerProvider; readonly tracer: Tracer } | undefined

/** The tracer of the SDK that the host registered, whenever it did; without one it makes nothing. */
function tracerNow(): Tracer {
  const provider = trace.getTracerProvider()
  if (known?.provider !== provider) known = { provider, tracer: provider.getTracer(NAME) }
  return known.tracer
}

/**
 * Begins a span, as a child of what is open, else of the span that is named; undefined where nobody takes it, which is where
 * no SDK is registered.
 */
export function beginSpan(name: string, under: string | null = null): Span | undefined {
  const active = context.active()
  const asked = under === null || trace.getSpan(active) !== undefined ? undefined : readTraceparent(under)
  const place = asked === undefined ? active : trace.setSpanContext(active, asked)
  const span = tracerNow().startSpan(name, undefined, place)
  return span.isRecording() ? span : undefined
}

/** Runs work under a span, so that what it begins are children of it. */
export function underSpan<T>(span: Span, work: () => T): T {
  return context.with(trace.setSpan(context.active(), span), work)
}

/** The span of the host that is open now. */
export function hostSpan(): Span | undefined {
  const span = trace.getActiveSpan()
  return span?.isRecording() === true ? span : undefined
}

/** Says that a span failed, by a code: what an error says may hold what its args held. */
export function failSpan(span: Span, code: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR, message: code })
  span.setAttribute('error.type', code)
}

/** The trace that is open now, for a log. */
export function activeTraceId(): string | undefined {
  const open = trace.getSpanContext(context.active())
  return open !== undefined && isSpanContextValid(open) ? open.traceId : undefined
}

/** Runs work in the trace that a request names, unless the instrumentation of the host has opened one for it. */
export function inTraceOf<T>(carrier: TraceCarrier, work: () => T): T {
  const { traceparent, tracestate } = carrier
  if (traceparent === undefined || trace.getSpan(context.active()) !== undefined) return work()
  // Where the caller set the header and its instrumentation another, the innermost span is the last.
  const innermost = traceparent.slice(traceparent.lastIndexOf(',') + 1).trim()
  const named = { traceparent: innermost, ...(tracestate === undefined ? {} : { tracestate }) }
  return context.with(propagation.extract(ROOT_CONTEXT, named), work)
}

/** What a request to another process says of the span that is open: nothing where there is none, and never more than this. */
export function traceHeaders(): TraceCarrier {
  if (trace.getSpan(context.active()) === undefined) return {}
  const said: Record<string, string> = {}
  propagation.inject(context.active(), said)
  const { traceparent, tracestate } = said
  if (traceparent === undefined) return {}
  return { traceparent, ...(tracestate === undefined ? {} : { tracestate }) }
}

/** A span as the header `traceparent` names it (W3C Trace Context). */
export function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext()
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/

/** The span that a `traceparent` names; undefined where it names none. */
export function readTraceparent(text: string): SpanContext | undefined {
  const [, traceId = '', spanId = '', flags = '0'] = TRACEPARENT.exec(text) ?? []
  const named = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true }
  return isSpanContextValid(named) ? named : undefined
}
