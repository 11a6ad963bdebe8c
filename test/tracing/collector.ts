import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A span as OTLP carries it in JSON. */
export interface SentSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[]
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[]
  readonly status: { readonly code?: number; readonly message?: string }
}

/** What was sent while one history ran. */
export interface SentHistory {
  readonly spans: readonly SentSpan[]
  /** All that was sent, as it came. */
  readonly text: string
  readonly given: unknown
}

/** A collector of traces on this machine. */
export interface Collector {
  readonly address: string
  readonly histories: ReadonlyMap<string, SentHistory>
  /** All that was ever sent. */
  readonly spans: readonly SentSpan[]
  /** The same, as it came. */
  text(): string
  close(): Promise<void>
}

/** Opens a collector: it takes OTLP over HTTP, and `POST /done` says which history is over. */
export async function openCollector(): Promise<Collector> {
  const histories = new Map<string, SentHistory>()
  const all: SentSpan[] = []
  const allTexts: string[] = []
  let spans: SentSpan[] = []
  let texts: string[] = []
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const text = Buffer.concat(parts).toString('utf8')
    const sent = JSON.parse(text)
    if (request.url === '/v1/traces') {
      texts.push(text)
      allTexts.push(text)
      for (const { scopeSpans } of sent.resourceSpans) {
        for (const { spans: some } of scopeSpans) {
          spans.push(...some)
          all.push(...some)
        }
      }
    } else {
      histories.set(sent.name, { spans, text: texts.join('\n'), given: sent.given })
      spans = []
      texts = []
    }
    response.setHeader('content-type', 'application/json').end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    histories,
    spans: all,
    text: () => allTexts.join('\n'),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
