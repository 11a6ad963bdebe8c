import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { rootRoute } from '../shell/root-route.ts'
import { readAnalyticsSearch } from './analytics-search.ts'

const home = createRoute({
  getParentRoute: () => rootRoute,
  path: '/analytics',
  validateSearch: readAnalyticsSearch,
  beforeLoad: ({ search }) => {
    throw redirect({ to: '/analytics/$view', params: { view: 'overview' }, search, replace: true })
  },
})

const view = createRoute({
  getParentRoute: () => rootRoute,
  path: '/analytics/$view',
  validateSearch: readAnalyticsSearch,
  component: lazyRouteComponent(() => import('./analytics-page.tsx'), 'AnalyticsPage'),
})

/** The pages of analytics. */
export const analyticsRoutes = [home, view] as const
