import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { CardPage } from '../card/card-page.tsx'
import { rootRoute } from '../shell/root-route.ts'
import { Inbox } from './inbox.tsx'
import { readInboxSearch } from './inbox-search.ts'

const home = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/inbox', search: {}, replace: true })
  },
})

/** The list of what waits, with the card of one proposal beside it. */
const inbox = createRoute({
  getParentRoute: () => rootRoute,
  path: '/inbox',
  validateSearch: readInboxSearch,
  component: Inbox,
})

/** One proposal. */
const card = createRoute({
  getParentRoute: () => inbox,
  path: '/$proposalId',
  component: CardPage,
})

/** Proposals that are alike, side by side. */
const batch = createRoute({
  getParentRoute: () => inbox,
  path: '/batch',
  component: lazyRouteComponent(() => import('./batch-page.tsx'), 'BatchPage'),
})

const short = createRoute({
  getParentRoute: () => rootRoute,
  path: '/p/$proposalId',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/inbox/$proposalId', params, search: {}, replace: true })
  },
})

/** The pages of what waits for a decision. */
export const inboxRoutes = [home, inbox.addChildren([card, batch]), short] as const
