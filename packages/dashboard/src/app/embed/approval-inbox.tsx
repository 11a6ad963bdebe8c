import '../styles/inbox.css'
import '../styles/card.css'
import '../styles/decide.css'
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { inboxRoutesUnder } from '../inbox/inbox-routes.ts'
import type { ApprovalInboxProps } from './embed-props.ts'

/**
 * What waits for a decision, with the card of each proposal: the inbox of the dashboard, in a page of the host. It stands
 * in a `PreceptorProvider`, and keeps the address of the page as it is.
 */
export function ApprovalInbox({ proposal, agent, onOpen }: ApprovalInboxProps): ReactNode {
  const open = useRef(onOpen)
  open.current = onOpen
  const [router] = useState(() => inboxRouter(firstAddress(proposal, agent), (path) => open.current?.(path)))
  return <RouterProvider<typeof router> router={router} />
}

function firstAddress(proposal: string | undefined, agent: string | undefined): string {
  const page = proposal === undefined ? '/inbox' : `/inbox/${encodeURIComponent(proposal)}`
  return agent === undefined ? page : `${page}?agent=${encodeURIComponent(agent)}`
}

/** The pages of the inbox with an address of their own; every other one is the host's. */
function inboxRouter(first: string, onOpen: (path: string) => void) {
  const root = createRootRoute({ component: Outlet })
  const elsewhere = createRoute({
    getParentRoute: () => root,
    path: '$',
    component: function Elsewhere() {
      const { _splat } = elsewhere.useParams()
      const navigate = elsewhere.useNavigate()
      useEffect(() => {
        onOpen(`/${_splat ?? ''}`)
        void navigate({ to: '/inbox', replace: true })
      }, [_splat, navigate])
      return null
    },
  })
  return createRouter({
    routeTree: root.addChildren([...inboxRoutesUnder(root), elsewhere]),
    history: createMemoryHistory({ initialEntries: [first] }),
  })
}
