import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import type { rootRoute } from '../shell/root-route.ts'
import { readAgentSearch } from './agents-search.ts'

/** The journey of an agent by itself, under a root. */
export function journeyRoutesUnder(root: typeof rootRoute) {
  const journey = createRoute({
    getParentRoute: () => root,
    path: '/agents/$agentId',
    validateSearch: readAgentSearch,
    component: lazyRouteComponent(() => import('./agent-journey.tsx'), 'AgentJourney'),
  })
  return [journey] as const
}
