import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import type { rootRoute } from '../shell/root-route.ts'
import { Inbox } from './inbox.tsx'
import { readInboxSearch } from './inbox-search.ts'

/** The pages of what waits for a decision, under a root. */
export function inboxRoutesUnder(root: typeof rootRoute) {
  const home = createRoute({
    getParentRoute: () => root,
    path: '/',
    beforeLoad: () => {
      throw redirect({ to: '/inbox', search: {}, replace: true })
    },
  })

  // The list of what waits, with the card of one proposal beside it.
  const inbox = createRoute({
    getParentRoute: () => root,
    path: '/inbox',
    validateSearch: readInboxSearch,
    component: Inbox,
  })

  // One proposal.
  const card = createRoute({
    getParentRoute: () => inbox,
    path: '/$proposalId',
    component: lazyRouteComponent(() => import('../card/card-page.tsx'), 'CardPage'),
  })

  // Proposals that are alike, side by side.
  const batch = createRoute({
    getParentRoute: () => inbox,
    path: '/batch',
    component: lazyRouteComponent(() => import('./batch-page.tsx'), 'BatchPage'),
  })

  const short = createRoute({
    getParentRoute: () => root,
    path: '/p/$proposalId',
    beforeLoad: ({ params }) => {
      throw redirect({ to: '/inbox/$proposalId', params, search: {}, replace: true })
    },
  })

  return [home, inbox.addChildren([card, batch]), short] as const
}
