import type { PluginRoutes } from '@preceptor/hono-middleware/routes'
import { orchestration } from '../client/orchestration.ts'
import { collaborationRoutes } from './collaboration-routes.ts'
import { runRoutes } from './run-routes.ts'
import { scheduleRoutes } from './schedule-routes.ts'
import { workflowRoutes } from './workflow-routes.ts'

/**
 * The routes of orchestration, for `governanceApi`.
 *
 * @example
 * ```ts
 * import type { HostPlane } from '@preceptor/client'
 * import { governanceApi } from '@preceptor/hono-middleware'
 * import { orchestrationRoutes } from '@preceptor/orchestration/hono'
 * import type { Hono } from 'hono'
 *
 * export const apiOf = (governor: HostPlane): Hono => governanceApi(governor, { routes: [orchestrationRoutes()] })
 * ```
 */
export function orchestrationRoutes(): PluginRoutes {
  // What has a name of its own stands before what any id fits.
  const parts = [runRoutes, scheduleRoutes, workflowRoutes, collaborationRoutes(orchestration)]
  return { routes: parts.flatMap(({ routes }) => routes) }
}
