// What the processes of these tests trace with: the SDK for Node, and an exporter to the collector that they are told of.
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node'

/** Registers the SDK; each span says which process made it. */
export function traceTo(collector, process) {
  const exporter = new OTLPTraceExporter({ url: `${collector}/v1/traces` })
  const naming = {
    onStart: (span) => void span.setAttribute('test.process', process),
    onEnd: () => undefined,
    forceFlush: async () => undefined,
    shutdown: async () => undefined,
  }
  const provider = new NodeTracerProvider({ spanProcessors: [naming, new SimpleSpanProcessor(exporter)] })
  provider.register()
  return provider
}

const execute = () => 'ran'

/** Of every risk that these histories need: both processes are of one application, and only one of them has a worker. */
export const ACTIONS = {
  'note.write': { risk: 'medium', execute },
  'refund.create': { risk: 'high', execute },
  'ledger.close': { risk: 'critical', execute },
}
