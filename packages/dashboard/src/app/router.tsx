import { createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router'
import { CardPage } from './card/card-page.tsx'
import { Inbox } from './inbox/inbox.tsx'
import { readInboxSearch } from './inbox/inbox-search.ts'
import { Layout } from './shell/layout.tsx'
import { NotFound } from './shell/not-found.tsx'

const root = createRootRoute({ component: Layout, notFoundComponent: NotFound })

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/inbox', search: {}, replace: true })
  },
})

/** The list of what waits, with the card of one proposal beside it. */
const inboxRoute = createRoute({
  getParentRoute: () => root,
  path: '/inbox',
  validateSearch: readInboxSearch,
  component: Inbox,
})

/** One proposal. */
const cardRoute = createRoute({
  getParentRoute: () => inboxRoute,
  path: '/$proposalId',
  component: CardPage,
})

const short = createRoute({
  getParentRoute: () => root,
  path: '/p/$proposalId',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/inbox/$proposalId', params, search: {}, replace: true })
  },
})

/** The pages, below wherever the host mounted them. */
export const router = createRouter({
  routeTree: root.addChildren([home, inboxRoute.addChildren([cardRoute]), short]),
  basepath: new URL(document.baseURI).pathname,
  defaultPreload: false,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
