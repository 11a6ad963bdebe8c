import {
  type AnyRoute,
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  type RouterHistory,
  RouterProvider,
} from '@tanstack/react-router'
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react'
import { EmbeddingContext } from '../data/embedding.ts'
import { PageFault } from './page-fault.tsx'
import type { rootRoute } from './root-route.ts'

type RoutesUnder = (root: typeof rootRoute) => readonly AnyRoute[]

interface EmbeddedPagesProps {
  readonly routesUnder: RoutesUnder
  /** The page that is shown; when it becomes another one, that is opened. */
  readonly address: string
  /** A link to what is on none of the pages was followed. */
  readonly onOpen: ((path: string) => void) | undefined
  /** What stands above each of them. */
  readonly children?: ReactNode
}

/** Some pages of the dashboard in a page of somebody else, whose address stays as it is. */
export function EmbeddedPages({ routesUnder, address, onOpen, children }: EmbeddedPagesProps): ReactNode {
  const part = useRef<HTMLDivElement>(null)
  const open = useRef(onOpen)
  open.current = onOpen
  const [router] = useState(() => routerOf(routesUnder, address, (path) => open.current?.(path)))
  useOwnLinks(part, router.history)
  const shown = useRef(address)
  useEffect(() => {
    if (shown.current === address) return
    shown.current = address
    router.history.push(address)
  }, [router, address])
  return (
    <EmbeddingContext value={part}>
      <div ref={part} className="embed-part">
        {children}
        <RouterProvider<typeof router> router={router} />
      </div>
    </EmbeddingContext>
  )
}

/** Another tab would show an address of the host: a link is followed here, whatever key is held and whichever button pressed. */
function useOwnLinks(part: RefObject<HTMLElement | null>, history: RouterHistory): void {
  useEffect(() => {
    const place = part.current
    const onClick = (event: MouseEvent): void => {
      const path = event.target instanceof Element ? event.target.closest('a')?.getAttribute('href') : undefined
      const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey
      if (path == null || !path.startsWith('/') || isPlain) return
      event.preventDefault()
      event.stopPropagation()
      history.push(path)
    }
    const kinds = ['click', 'auxclick'] as const
    for (const kind of kinds) place?.addEventListener(kind, onClick, { capture: true })
    return () => {
      for (const kind of kinds) place?.removeEventListener(kind, onClick, { capture: true })
    }
  }, [part, history])
}

/** The pages with an address of their own, in memory; every other one is the host's. */
function routerOf(routesUnder: RoutesUnder, first: string, onOpen: (path: string) => void) {
  const root = createRootRoute({ component: Outlet, errorComponent: PageFault })
  const elsewhere = createRoute({ getParentRoute: () => root, path: '$' })
  const history = createMemoryHistory({ initialEntries: [first] })
  const router = createRouter({ routeTree: root.addChildren([...routesUnder(root), elsewhere]), history })
  // Where the page of the host is scrolled to is its own; said here, the router leaves that of the browser alone as well.
  router.update({ ...router.options, scrollRestoration: () => false })
  // What is shown stays: a run that is watched would be paused by leaving its page.
  history.block({
    blockerFn({ nextLocation: { pathname, search, hash } }) {
      const [, , found] = router.getMatchedRoutes(pathname)
      if (found !== undefined && found.id !== elsewhere.id) return false
      onOpen(`${pathname}${search}${hash}`)
      return true
    },
  })
  return router
}
