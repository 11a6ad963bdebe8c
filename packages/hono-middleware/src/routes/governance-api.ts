import { GovernanceError, type HostPlane } from '@preceptor/client'
import { type Context, Hono, type Next } from 'hono'
import { inTraceOf } from '../in-trace-of.ts'
import { problemResponse, toProblem } from '../problem.ts'
import { assertHost } from '../realtime/assert-host.ts'
import { addSessionSockets, addSockets, SOCKET_PATHS, type SocketOptions } from '../realtime/socket-routes.ts'
import { traceIdOf } from '../requests/trace-id.ts'
import { createDownloadAnswerer } from './answer-download.ts'
import { answerRoute } from './answer-route.ts'
import { createStreamAnswerer } from './answer-stream.ts'
import type { PluginRoutes } from './api-route.ts'
import { type ApiRoutes, routesWith } from './api-routes.ts'
import { STREAM_ROUTES } from './stream-routes.ts'

/** Options of the API. */
export interface GovernanceApiOptions extends SocketOptions {
  /** Routes of the plugins that the governor was opened with, such as `learningRoutes()` of `@preceptor/learning/hono`. */
  readonly routes?: readonly PluginRoutes[]
  /** Told of every answer with a status of 500 and above, with what caused it; the answer itself says nothing of it. */
  readonly onFault?: (fault: { readonly error: unknown; readonly traceId: string; readonly path: string }) => void
}

/**
 * The REST API: agents, triggers, decisions, what waits for people, policy, journal, keys and kill switches, with
 * `openapi.json`. It reads the credential itself where `identify` did not. Mount it below a path of its own: it answers
 * everything there.
 *
 * @example
 * ```ts
 * import type { HostPlane } from '@preceptor/client'
 * import { governanceApi } from '@preceptor/hono-middleware'
 * import { Hono } from 'hono'
 *
 * export const createApp = (governor: HostPlane): Hono => new Hono().route('/api', governanceApi(governor))
 * ```
 */
export function governanceApi(governor: HostPlane, options: GovernanceApiOptions = {}): Hono {
  const api = new Hono()
  const served = routesWith(options.routes ?? [])
  const fail = (c: Context, error: unknown): Response => {
    const fault = GovernanceError.isInstance(error) ? error : new GovernanceError('INTERNAL', { cause: error })
    const traceId = traceIdOf(c)
    if (fault.status >= 500) options.onFault?.({ error, traceId, path: c.req.path })
    return problemResponse(toProblem(fault, traceId))
  }
  /** What is thrown on the way to an answer is answered as a problem. */
  const answered = (answer: Answer) => (c: Context, next: Next) =>
    answer(c, next).catch((error: unknown) => fail(c, error))
  api.use(
    '*',
    answered(async (c, next) => {
      assertHost(c, options.allowedHosts)
      await inTraceOf(c, governor, next)
    }),
  )
  for (const route of served.routes) {
    const answer: Answer = (c) => answerRoute(c, governor, route)
    api.on(route.method.toUpperCase(), honoPath(route.path), answered(answer))
  }
  const answerStream = createStreamAnswerer(governor, options)
  for (const route of STREAM_ROUTES) {
    const answer: Answer = (c) => answerStream(c, route, (error) => fail(c, error))
    api.on('GET', honoPath(route.path), answered(answer))
  }
  const answerDownload = createDownloadAnswerer(governor, options)
  for (const route of served.downloads) {
    const answer: Answer = (c) => answerDownload(c, route, (error) => fail(c, error))
    api.on('GET', honoPath(route.path), answered(answer))
  }
  addSockets(api, governor, options)
  addSessionSockets(api, governor, options)
  for (const route of served.open) {
    const answer: Answer = async () => {
      const { status, body } = await route.handle(governor)
      return new Response(JSON.stringify(body), { status, headers: JSON_HEADERS })
    }
    api.on(route.method.toUpperCase(), honoPath(route.path), answered(answer))
  }
  refuseTheRest(api, served)
  return api
}

type Answer = (c: Context, next: Next) => Promise<Response | undefined>

const JSON_HEADERS = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

function refuseTheRest(api: Hono, { routes, downloads, open }: ApiRoutes): void {
  const methods = new Map<string, Set<string>>()
  for (const { path, method } of [...routes, ...STREAM_ROUTES, ...downloads, ...open]) {
    const known = methods.get(path) ?? new Set<string>()
    known.add(method.toUpperCase())
    if (method === 'get') known.add('HEAD')
    methods.set(path, known)
  }
  for (const path of SOCKET_PATHS) methods.set(path, new Set(['GET']))
  for (const [path, known] of methods) {
    const allow = [...known].sort().join(', ')
    api.all(honoPath(path), (c) => {
      const problem = toProblem(new GovernanceError('METHOD_NOT_ALLOWED'), traceIdOf(c))
      return problemResponse(problem, { allow })
    })
  }
  api.all('*', (c) =>
    problemResponse(toProblem(new GovernanceError('NOT_FOUND', { message: 'There is no such path.' }), traceIdOf(c))),
  )
}

function honoPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1')
}
