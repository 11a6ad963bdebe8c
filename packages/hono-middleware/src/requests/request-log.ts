import type { Context, MiddlewareHandler } from 'hono'
import { createMiddleware } from 'hono/factory'
import { routePath } from 'hono/route'
import { callerOf } from './caller.ts'
import { traceIdOf } from './trace-id.ts'

/** One request, as a log may hold it: no address, query, header or body is in it. */
export interface RequestLine {
  /** Such as `GET`. */
  readonly method: string
  /** Pattern of the route that answered, such as `/api/agents/:id`. */
  readonly route: string
  /** HTTP status of the answer. */
  readonly status: number
  /** Seconds until the answer was there, or until the last byte of a stream. */
  readonly duration: number
  /** `ended`, or `cut` for a stream that whoever reads it left, or that failed. */
  readonly end: 'ended' | 'cut'
  /** That of the header `x-request-id`, where it is a UUID or hexadecimal, else a new one; the answer has it, too. */
  readonly requestId: string
  /** The same as in an error answer. */
  readonly traceId: string
  /** Who asked, such as `user:ana`; null where nobody was identified. */
  readonly principal: string | null
  /** Of whom it was asked; null where nobody was identified. */
  readonly workspace: string | null
}

/** Options of the request log. */
export interface RequestLogOptions {
  /**
   * Routes that are logged only when they fail, by the end of their pattern; default those that are asked all day whether a
   * server lives: `/healthz` and `/readyz`.
   */
  readonly quiet?: readonly string[]
  /** Milliseconds; default the clock of the process. */
  readonly now?: () => number
}

const QUIET: readonly string[] = ['/healthz', '/readyz']
// A UUID, or hexadecimal as proxies make it: no key and no one-time link has this form.
const REQUEST_ID = /^[0-9a-f-]{8,36}$/i
const STREAMED = /^(?:text\/event-stream|application\/x-ndjson)/
const METHOD = /^[A-Z]{1,10}$/

/**
 * Says of each request one line when it was answered, and of a stream when it ended. It names the route, never the
 * path: that can hold a one-time link. Mount it before everything else; what `write` throws is ignored.
 *
 * @example
 * ```ts
 * import type { HostPlane } from '@preceptor/client'
 * import { governanceApi, requestLog } from '@preceptor/hono-middleware'
 * import { Hono } from 'hono'
 *
 * export const createApp = (governor: HostPlane): Hono =>
 *   new Hono()
 *     .use(requestLog((line) => console.log(JSON.stringify(line))))
 *     .route('/api', governanceApi(governor))
 * ```
 */
export function requestLog(write: (line: RequestLine) => void, options: RequestLogOptions = {}): MiddlewareHandler {
  const { quiet = QUIET, now = () => performance.now() } = options
  return createMiddleware(async (c, next) => {
    const began = now()
    const requestId = requestIdOf(c)
    await next()
    const route = routePath(c)
    const end = once((how: RequestLine['end']): void => {
      const { status } = c.res
      if (status < 400 && quiet.some((path) => route.endsWith(path))) return
      const caller = callerOf(c)
      const line: RequestLine = {
        method: METHOD.test(c.req.method) ? c.req.method : 'OTHER',
        route,
        status,
        duration: Math.round((now() - began) * 1_000) / 1_000_000,
        end: how,
        requestId,
        traceId: traceIdOf(c),
        principal: caller === undefined ? null : `${caller.principal.kind}:${caller.principal.id}`,
        workspace: caller?.workspace ?? null,
      }
      try {
        write(line)
      } catch {
        // A log that fails ends nothing.
      }
    })
    const { body, headers } = c.res
    if (body !== null && STREAMED.test(headers.get('content-type') ?? '')) {
      c.res = new Response(watched(body, end), c.res)
    } else {
      end('ended')
    }
    c.header('x-request-id', requestId)
  })
}

/** What a proxy in front sent, or a new one. */
function requestIdOf(c: Context): string {
  const given = c.req.header('x-request-id')
  return given !== undefined && REQUEST_ID.test(given) ? given : crypto.randomUUID()
}

function once<T>(work: (value: T) => void): (value: T) => void {
  let isDone = false
  return (value) => {
    if (isDone) return
    isDone = true
    work(value)
  }
}

/** The same stream; says when it is over. */
function watched(body: ReadableStream<Uint8Array>, end: (how: RequestLine['end']) => void): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (!done) return controller.enqueue(value)
        controller.close()
        end('ended')
      } catch (error) {
        controller.error(error)
        end('cut')
      }
    },
    async cancel(reason) {
      end('cut')
      await reader.cancel(reason)
    },
  })
}
