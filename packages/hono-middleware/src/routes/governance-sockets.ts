import type { HostPlane } from '@preceptor/client'
import { Hono } from 'hono'
import { errorResponse } from '../problem.ts'
import { addSockets, type SocketOptions } from '../realtime/socket-routes.ts'
import { answerRoute } from './answer-route.ts'
import { STATS_ROUTE } from './stream-routes.ts'

export type { SocketOptions } from '../realtime/socket-routes.ts'

/**
 * `/ws` and `/ws/stats` alone, for the root of a server whose API is mounted elsewhere.
 *
 * @example
 * ```ts
 * import type { HostPlane } from '@preceptor/client'
 * import { governanceApi, governanceSockets, type SocketOptions } from '@preceptor/hono-middleware'
 * import { Hono } from 'hono'
 *
 * export const createApp = (governor: HostPlane, sockets: SocketOptions): Hono =>
 *   new Hono().route('/', governanceSockets(governor, sockets)).route('/api', governanceApi(governor, sockets))
 * ```
 */
export function governanceSockets(governor: HostPlane, options: SocketOptions): Hono {
  const app = new Hono()
  addSockets(app, governor, options)
  app.get('/ws/stats', async (c) => {
    try {
      return await answerRoute(c, governor, STATS_ROUTE)
    } catch (error) {
      return errorResponse(c, error)
    }
  })
  return app
}
