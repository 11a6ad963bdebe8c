import type { GovernorPlugin } from '@preceptor/core/plugin'
import type { PluginRoutes } from '@preceptor/hono-middleware/routes'

/** What extends every governor that a command opens: the processes of a database must agree on it. */
export async function loadPlugins(): Promise<readonly GovernorPlugin[]> {
  // Loaded where it is needed: a command that only asks a server is there at once.
  const { createLearning } = await import('@preceptor/learning')
  // It has no model, and does not know the options of the host.
  return [createLearning({ work: false })]
}

/** The routes of those plugins. */
export async function loadPluginRoutes(): Promise<readonly PluginRoutes[]> {
  const { learningRoutes } = await import('@preceptor/learning/hono')
  return [learningRoutes()]
}
