import { z } from 'zod'
import type { PluginRoutes } from '../routes/api-route.ts'
import { EXPOSITION_TYPES, expositionOf } from './exposition.ts'
import { readFamilies } from './families.ts'

/**
 * The route `GET /metrics` of an API: the metrics of the workspace of the key, in the text format of Prometheus or as
 * OpenMetrics. A key of a service needs the scope `metrics.read`.
 *
 * @example
 * ```ts
 * import type { HostPlane } from '@preceptor/client'
 * import { governanceApi } from '@preceptor/hono-middleware'
 * import { metricsRoutes } from '@preceptor/hono-middleware/metrics'
 * import { Hono } from 'hono'
 *
 * export const createApp = (governor: HostPlane): Hono =>
 *   new Hono().route('/api', governanceApi(governor, { routes: [metricsRoutes()] }))
 * ```
 */
export function metricsRoutes(): PluginRoutes {
  return {
    routes: [],
    downloads: [
      {
        method: 'get',
        path: '/metrics',
        operation: 'metrics.read',
        summary: 'Read the metrics of the workspace, as Prometheus reads them',
        query: z.strictObject({}),
        contentTypes: EXPOSITION_TYPES,
        open: async ({ governor, scope, accept }) => {
          const { contentType, text } = await expositionOf(await readFamilies(governor, scope), accept)
          return { contentType, fileName: null, text: only(text) }
        },
      },
    ],
  }
}

async function* only(text: string): AsyncIterable<string> {
  yield text
}
