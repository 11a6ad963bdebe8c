import type { GovernorPlugin } from '@preceptor/core/plugin'
import type { PluginRoutes } from '@preceptor/hono-middleware/routes'

/** What extends every governor that a command opens: the processes of a database must agree on it. */
export async function loadPlugins(): Promise<readonly GovernorPlugin[]> {
  // Loaded where it is needed: a command that only asks a server is there at once.
  const [{ createLearning }, { createOrchestration }] = await Promise.all([
    import('@preceptor/learning'),
    import('@preceptor/orchestration'),
  ])
  // It has no model and no executors, and does not know the options of the host.
  return [createLearning({ work: false }), createOrchestration({ work: false })]
}

/** The routes of those plugins, and that of the metrics. */
export async function loadPluginRoutes(): Promise<readonly PluginRoutes[]> {
  const [{ learningRoutes }, { orchestrationRoutes }, { metricsRoutes }] = await Promise.all([
    import('@preceptor/learning/hono'),
    import('@preceptor/orchestration/hono'),
    import('@preceptor/hono-middleware/metrics'),
  ])
  return [learningRoutes(), orchestrationRoutes(), metricsRoutes()]
}
