import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { rootRoute } from '../shell/root-route.ts'
import { readSettingsSearch } from './settings-search.ts'

const home = createRoute({
  getParentRoute: () => rootRoute,
  path: '/settings',
  beforeLoad: () => {
    throw redirect({ to: '/settings/$section', params: { section: 'policies' }, search: {}, replace: true })
  },
})

const section = createRoute({
  getParentRoute: () => rootRoute,
  path: '/settings/$section',
  validateSearch: readSettingsSearch,
  component: lazyRouteComponent(() => import('./settings-page.tsx'), 'SettingsPage'),
})

/** The pages of settings. */
export const settingsRoutes = [home, section] as const
