import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { rootRoute } from '../shell/root-route.ts'
import { readAgentSearch, readAgentsSearch } from './agents-search.ts'

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/agents',
  validateSearch: readAgentsSearch,
  component: lazyRouteComponent(() => import('./agents-page.tsx'), 'AgentsPage'),
})

const agent = createRoute({
  getParentRoute: () => rootRoute,
  path: '/agents/$agentId',
  validateSearch: readAgentSearch,
  component: lazyRouteComponent(() => import('./agent-page.tsx'), 'AgentPage'),
})

const start = createRoute({
  getParentRoute: () => agent,
  path: '/',
  beforeLoad: ({ params, search }) => {
    throw redirect({ to: '/agents/$agentId/journey', params, search, replace: true })
  },
})

const journey = createRoute({
  getParentRoute: () => agent,
  path: '/journey',
  component: lazyRouteComponent(() => import('./journey-tab.tsx'), 'JourneyTab'),
})

const activity = createRoute({
  getParentRoute: () => agent,
  path: '/activity',
  component: lazyRouteComponent(() => import('./activity-tab.tsx'), 'ActivityTab'),
})

const capabilities = createRoute({
  getParentRoute: () => agent,
  path: '/capabilities',
  component: lazyRouteComponent(() => import('./capabilities-tab.tsx'), 'CapabilitiesTab'),
})

const training = createRoute({
  getParentRoute: () => agent,
  path: '/training',
  component: lazyRouteComponent(() => import('./agent-training-tab.tsx'), 'AgentTrainingTab'),
})

const proposals = createRoute({
  getParentRoute: () => agent,
  path: '/proposals',
  component: lazyRouteComponent(() => import('./agent-proposals-tab.tsx'), 'AgentProposalsTab'),
})

const settings = createRoute({
  getParentRoute: () => agent,
  path: '/settings',
  component: lazyRouteComponent(() => import('./agent-settings-tab.tsx'), 'AgentSettingsTab'),
})

/** The pages of agents. */
export const agentsRoutes = [
  list,
  agent.addChildren([start, journey, activity, capabilities, training, proposals, settings]),
] as const
