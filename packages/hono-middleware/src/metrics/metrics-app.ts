import type { HostPlane } from '@preceptor/client'
import { Hono } from 'hono'
import { errorResponse } from '../problem.ts'
import { assertHost } from '../realtime/assert-host.ts'
import { expositionOf } from './exposition.ts'
import { readAllFamilies } from './families.ts'

/** Options of the app. */
export interface MetricsAppOptions {
  /** Names of hosts that are answered, such as `localhost`; default: all. */
  readonly allowedHosts?: readonly string[]
}

/**
 * An app that answers `GET /metrics` with the metrics over all workspaces, without a key: for an address of its own that
 * only the scraper reaches. It never fails; what the database does not say within two seconds is left out.
 *
 * @example
 * ```ts
 * import { serve } from '@hono/node-server'
 * import type { HostPlane } from '@preceptor/client'
 * import { metricsApp } from '@preceptor/hono-middleware/metrics'
 *
 * export const serveMetrics = (governor: HostPlane) =>
 *   serve({ fetch: metricsApp(governor).fetch, hostname: '127.0.0.1', port: 9464 })
 * ```
 */
export function metricsApp(governor: HostPlane, { allowedHosts }: MetricsAppOptions = {}): Hono {
  return new Hono().get('/metrics', async (c) => {
    try {
      assertHost(c, allowedHosts)
    } catch (error) {
      return errorResponse(c, error)
    }
    const { contentType, text } = await expositionOf(await readAllFamilies(governor), c.req.header('accept'))
    return c.body(text, 200, { 'content-type': contentType, 'cache-control': 'no-store' })
  })
}
