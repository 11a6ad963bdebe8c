import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { rootRoute } from '../shell/root-route.ts'

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/learning',
  component: lazyRouteComponent(() => import('./learning-page.tsx'), 'LearningPage'),
})

/** The pages of learning. */
export const learningRoutes = [list] as const
