import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { rootRoute } from '../shell/root-route.ts'
import { readLearningSearch, readPlaybookSearch } from './learning-search.ts'

const home = createRoute({
  getParentRoute: () => rootRoute,
  path: '/learning',
  beforeLoad: () => {
    throw redirect({ to: '/learning/insights', search: {}, replace: true })
  },
})

const insights = createRoute({
  getParentRoute: () => rootRoute,
  path: '/learning/insights',
  validateSearch: readLearningSearch,
  component: lazyRouteComponent(() => import('./insights-page.tsx'), 'InsightsPage'),
})

const examples = createRoute({
  getParentRoute: () => rootRoute,
  path: '/learning/examples',
  validateSearch: readLearningSearch,
  component: lazyRouteComponent(() => import('./examples-page.tsx'), 'ExamplesPage'),
})

const sessions = createRoute({
  getParentRoute: () => rootRoute,
  path: '/learning/sessions',
  validateSearch: readLearningSearch,
  component: lazyRouteComponent(() => import('./sessions-page.tsx'), 'SessionsPage'),
})

const session = createRoute({
  getParentRoute: () => rootRoute,
  path: '/learning/sessions/$sessionId',
  component: lazyRouteComponent(() => import('./session-page.tsx'), 'LearningSessionPage'),
})

const playbooks = createRoute({
  getParentRoute: () => rootRoute,
  path: '/learning/playbooks',
  component: lazyRouteComponent(() => import('./playbooks-page.tsx'), 'PlaybooksPage'),
})

const playbook = createRoute({
  getParentRoute: () => rootRoute,
  path: '/learning/playbooks/$playbookId',
  validateSearch: readPlaybookSearch,
  component: lazyRouteComponent(() => import('./playbook-page.tsx'), 'PlaybookPage'),
})

const experiments = createRoute({
  getParentRoute: () => rootRoute,
  path: '/learning/experiments',
  component: lazyRouteComponent(() => import('./experiments-page.tsx'), 'ExperimentsPage'),
})

const predictions = createRoute({
  getParentRoute: () => rootRoute,
  path: '/learning/predictions',
  component: lazyRouteComponent(() => import('./predictions-page.tsx'), 'PredictionsPage'),
})

/** The pages of learning. */
export const learningRoutes = [
  home,
  insights,
  examples,
  sessions,
  session,
  playbooks,
  playbook,
  experiments,
  predictions,
] as const
