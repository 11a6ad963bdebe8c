import type { Context } from 'hono'

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/

const traceIds = new WeakMap<Context, string>()

/** The trace of a request, the same whoever asks: that of its `traceparent` header, else a new one. */
export function traceIdOf(c: Context): string {
  const known = traceIds.get(c)
  if (known !== undefined) return known
  const given = TRACEPARENT.exec(c.req.header('traceparent') ?? '')?.[1]
  const traceId = given ?? crypto.randomUUID().replaceAll('-', '')
  traceIds.set(c, traceId)
  return traceId
}
