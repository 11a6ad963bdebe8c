import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { rootRoute } from '../shell/root-route.ts'

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/training',
  component: lazyRouteComponent(() => import('./training-page.tsx'), 'TrainingPage'),
})

/** The pages of training. */
export const trainingRoutes = [list] as const
