import { createRouter } from '@tanstack/react-router'
import { agentsRoutes } from './agents/agents-routes.ts'
import { alertsRoutes } from './alerts/alerts-routes.ts'
import { analyticsRoutes } from './analytics/analytics-routes.ts'
import { auditRoutes } from './audit/audit-routes.ts'
import { collaborationRoutes } from './collaboration/collaboration-routes.ts'
import { inboxRoutesUnder } from './inbox/inbox-routes.ts'
import { learningRoutes } from './learning/learning-routes.ts'
import { liveRoutesUnder } from './live/live-routes.ts'
import { settingsRoutes } from './settings/settings-routes.ts'
import { rootRoute } from './shell/root-route.ts'
import { trainingRoutes } from './training/training-routes.ts'
import { workflowsRoutes } from './workflows/workflows-routes.ts'

/** The pages, below wherever the host mounted them. */
export const router = createRouter({
  routeTree: rootRoute.addChildren([
    ...inboxRoutesUnder(rootRoute),
    ...liveRoutesUnder(rootRoute),
    ...agentsRoutes,
    ...trainingRoutes,
    ...learningRoutes,
    ...workflowsRoutes,
    ...collaborationRoutes,
    ...analyticsRoutes,
    ...alertsRoutes,
    ...auditRoutes,
    ...settingsRoutes,
  ]),
  basepath: new URL(document.baseURI).pathname,
  defaultPreload: false,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
