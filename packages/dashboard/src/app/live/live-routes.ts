import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { rootRoute } from '../shell/root-route.ts'
import { readLiveSearch } from './board/live-search.ts'
import { readSessionSearch } from './session/session-search.ts'

const board = createRoute({
  getParentRoute: () => rootRoute,
  path: '/live',
  validateSearch: readLiveSearch,
  component: lazyRouteComponent(() => import('./board/live-page.tsx'), 'LivePage'),
})

const session = createRoute({
  getParentRoute: () => rootRoute,
  path: '/live/$sessionId',
  validateSearch: readSessionSearch,
  component: lazyRouteComponent(() => import('./session/session-page.tsx'), 'SessionPage'),
})

/** The pages of supervision. */
export const liveRoutes = [board, session] as const
