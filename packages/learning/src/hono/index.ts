import type { PluginRoutes } from '@preceptor/hono-middleware/routes'
import { feedbackRoutes } from './feedback-routes.ts'
import { sessionRoutes } from './session-routes.ts'
import { trainingRoutes } from './training-routes.ts'

/**
 * The routes of learning, for `governanceApi`.
 *
 * @example
 * ```ts
 * import type { HostPlane } from '@preceptor/client'
 * import { governanceApi } from '@preceptor/hono-middleware'
 * import { learningRoutes } from '@preceptor/learning/hono'
 * import type { Hono } from 'hono'
 *
 * export const apiOf = (governor: HostPlane): Hono => governanceApi(governor, { routes: [learningRoutes()] })
 * ```
 */
export function learningRoutes(): PluginRoutes {
  const parts = [feedbackRoutes, sessionRoutes, trainingRoutes]
  return {
    routes: parts.flatMap(({ routes }) => routes),
    downloads: parts.flatMap(({ downloads = [] }) => downloads),
  }
}
