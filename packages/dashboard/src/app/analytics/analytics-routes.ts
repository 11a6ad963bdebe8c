import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { rootRoute } from '../shell/root-route.ts'

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/analytics',
  component: lazyRouteComponent(() => import('./analytics-page.tsx'), 'AnalyticsPage'),
})

/** The pages of analytics. */
export const analyticsRoutes = [list] as const
