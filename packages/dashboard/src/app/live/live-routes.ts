import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import type { rootRoute } from '../shell/root-route.ts'
import { readLiveSearch } from './board/live-search.ts'
import { readSessionSearch } from './session/session-search.ts'

/** The pages of supervision, under a root. */
export function liveRoutesUnder(root: typeof rootRoute) {
  const board = createRoute({
    getParentRoute: () => root,
    path: '/live',
    validateSearch: readLiveSearch,
    component: lazyRouteComponent(() => import('./board/live-page.tsx'), 'LivePage'),
  })

  const session = createRoute({
    getParentRoute: () => root,
    path: '/live/$sessionId',
    validateSearch: readSessionSearch,
    component: lazyRouteComponent(() => import('./session/session-page.tsx'), 'SessionPage'),
  })

  return [board, session] as const
}
