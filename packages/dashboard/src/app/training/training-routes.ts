import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { rootRoute } from '../shell/root-route.ts'
import {
  BLOCKED_STATES,
  PROPOSAL_STATES,
  readSessionSearch,
  SESSION_STATES,
  trainingSearch,
} from './training-search.ts'

const start = createRoute({
  getParentRoute: () => rootRoute,
  path: '/training',
  beforeLoad: () => {
    throw redirect({ to: '/training/proposals', search: {}, replace: true })
  },
})

const proposals = createRoute({
  getParentRoute: () => rootRoute,
  path: '/training/proposals',
  validateSearch: trainingSearch(PROPOSAL_STATES),
  component: lazyRouteComponent(() => import('./courses-page.tsx'), 'CoursesPage'),
})

const proposal = createRoute({
  getParentRoute: () => rootRoute,
  path: '/training/proposals/$proposalId',
  component: lazyRouteComponent(() => import('./course-page.tsx'), 'CoursePage'),
})

const sessions = createRoute({
  getParentRoute: () => rootRoute,
  path: '/training/sessions',
  validateSearch: trainingSearch(SESSION_STATES),
  component: lazyRouteComponent(() => import('./sessions-page.tsx'), 'SessionsPage'),
})

const session = createRoute({
  getParentRoute: () => rootRoute,
  path: '/training/sessions/$sessionId',
  validateSearch: readSessionSearch,
  component: lazyRouteComponent(() => import('./session-page.tsx'), 'SessionPage'),
})

const blocked = createRoute({
  getParentRoute: () => rootRoute,
  path: '/training/blocked',
  validateSearch: trainingSearch(BLOCKED_STATES),
  component: lazyRouteComponent(() => import('./blocked-page.tsx'), 'BlockedPage'),
})

const scenarios = createRoute({
  getParentRoute: () => rootRoute,
  path: '/training/scenarios',
  component: lazyRouteComponent(() => import('./scenarios-page.tsx'), 'ScenariosPage'),
})

/** The pages of training. */
export const trainingRoutes = [start, proposals, proposal, sessions, session, blocked, scenarios] as const
