import { z } from 'zod'
import { administrationRoutes } from './administration-routes.ts'
import { agentRoutes } from './agent-routes.ts'
import { analyticsRoutes } from './analytics-routes.ts'
import type { ApiRoute, DownloadRoute, OpenRoute, PluginRoutes } from './api-route.ts'
import { bypassRoutes } from './bypass-routes.ts'
import { DOWNLOAD_ROUTES } from './download-routes.ts'
import { grantRoutes } from './grant-routes.ts'
import { notificationRoutes } from './notification-routes.ts'
import { createOpenApi } from './openapi.ts'
import { playbookRoutes } from './playbook-routes.ts'
import { proposalRoutes } from './proposal-routes.ts'
import { queueRoutes } from './queue-routes.ts'
import { recordRoutes } from './record-routes.ts'
import { identityRoutes, remoteRoutes } from './remote-routes.ts'
import { reviewerRoutes } from './reviewer-routes.ts'
import { sessionRoutes } from './session-routes.ts'
import { STATS_ROUTE, STREAM_ROUTES } from './stream-routes.ts'
import { trainingRoutes } from './training-routes.ts'
import { triggerRoutes } from './trigger-routes.ts'

/** Every route that needs a credential. */
export const API_ROUTES: readonly ApiRoute[] = [
  ...agentRoutes,
  ...triggerRoutes,
  ...remoteRoutes,
  ...identityRoutes,
  ...queueRoutes,
  ...recordRoutes,
  ...sessionRoutes,
  ...proposalRoutes,
  ...reviewerRoutes,
  ...grantRoutes,
  ...trainingRoutes,
  ...playbookRoutes,
  ...administrationRoutes,
  ...analyticsRoutes,
  ...bypassRoutes,
  ...notificationRoutes,
  STATS_ROUTE,
]

/** The routes that need none. They tell nothing but whether the gate is open and what the API looks like. */
const OPEN_ROUTES: readonly OpenRoute[] = [
  {
    method: 'get',
    path: '/healthz',
    operation: 'health.read',
    summary: 'Whether the process answers',
    response: z.strictObject({ status: z.literal('ok') }),
    handle: async () => ({ status: 200, body: { status: 'ok' } }),
  },
  {
    method: 'get',
    path: '/readyz',
    operation: 'health.read',
    summary: 'Whether the gate can decide now; 503 while it cannot',
    response: z.strictObject({ ready: z.boolean(), checks: z.record(z.string(), z.strictObject({ ok: z.boolean() })) }),
    handle: async (governor) => {
      const { ready, checks } = await governor.health()
      // What is wrong inside is for the log of the host.
      const shown = Object.entries(checks).map(([name, { ok }]) => [name, { ok }])
      return { status: ready ? 200 : 503, body: { ready, checks: Object.fromEntries(shown) } }
    },
  },
]

/** The routes of one API: those of core, and those of plugins. */
export interface ApiRoutes {
  readonly routes: readonly ApiRoute[]
  readonly downloads: readonly DownloadRoute[]
  /** With the one that describes them all. */
  readonly open: readonly OpenRoute[]
}

/** The OpenAPI document of an API. */
export function describeApi({ routes, downloads, open }: ApiRoutes): ReturnType<typeof createOpenApi> {
  return createOpenApi(routes, open, STREAM_ROUTES, downloads)
}

/** Puts the routes of an API together. */
export function routesWith(plugins: readonly PluginRoutes[]): ApiRoutes {
  const routes = [...API_ROUTES, ...plugins.flatMap((plugin) => plugin.routes)]
  const downloads = [...DOWNLOAD_ROUTES, ...plugins.flatMap((plugin) => plugin.downloads ?? [])]
  let description: ReturnType<typeof createOpenApi> | undefined
  const describing: OpenRoute = {
    method: 'get',
    path: '/openapi.json',
    operation: 'openapi.read',
    summary: 'This description of the API',
    response: z.looseObject({ openapi: z.string() }),
    // Made when it is first asked for.
    handle: async () => {
      description ??= describeApi({ routes, downloads, open })
      return { status: 200, body: description }
    },
  }
  const open = [...OPEN_ROUTES, describing]
  return { routes, downloads, open }
}
