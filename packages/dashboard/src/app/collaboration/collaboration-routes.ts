import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { rootRoute } from '../shell/root-route.ts'
import { readCollaborationSearch } from './collaboration-search.ts'

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/collab',
  validateSearch: readCollaborationSearch,
  component: lazyRouteComponent(() => import('./collaboration-page.tsx'), 'CollaborationPage'),
})

const session = createRoute({
  getParentRoute: () => rootRoute,
  path: '/collab/$sessionId',
  component: lazyRouteComponent(() => import('./session-page.tsx'), 'CollaborationSessionPage'),
})

/** The pages of collaboration. */
export const collaborationRoutes = [list, session] as const
