import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { rootRoute } from '../shell/root-route.ts'
import { readVersionsSearch, readWorkflowsSearch } from './workflows-search.ts'

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/workflows',
  validateSearch: readWorkflowsSearch,
  component: lazyRouteComponent(() => import('./workflows-page.tsx'), 'WorkflowsPage'),
})

const make = createRoute({
  getParentRoute: () => rootRoute,
  path: '/workflows/new',
  component: lazyRouteComponent(() => import('./editor/editor-page.tsx'), 'NewWorkflowPage'),
})

const workflow = createRoute({
  getParentRoute: () => rootRoute,
  path: '/workflows/$workflowId',
  validateSearch: readVersionsSearch,
  component: lazyRouteComponent(() => import('./workflow-page.tsx'), 'WorkflowPage'),
})

const edit = createRoute({
  getParentRoute: () => rootRoute,
  path: '/workflows/$workflowId/edit',
  component: lazyRouteComponent(() => import('./editor/editor-page.tsx'), 'EditWorkflowPage'),
})

const run = createRoute({
  getParentRoute: () => rootRoute,
  path: '/workflows/runs/$runId',
  component: lazyRouteComponent(() => import('./run-page.tsx'), 'RunPage'),
})

/** The pages of workflows. */
export const workflowsRoutes = [list, make, workflow, edit, run] as const
