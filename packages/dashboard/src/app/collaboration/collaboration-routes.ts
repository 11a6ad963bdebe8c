import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { rootRoute } from '../shell/root-route.ts'

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/collab',
  component: lazyRouteComponent(() => import('./collaboration-page.tsx'), 'CollaborationPage'),
})

/** The pages of collaboration. */
export const collaborationRoutes = [list] as const
