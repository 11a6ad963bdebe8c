// What every component needs, in the order in which the dashboard has it; what a page adds comes with the page.
import '../styles/tokens.css'
import '../styles/base.css'
import '../styles/controls.css'
import '../styles/pages.css'
import '../styles/inbox.css'
import '../styles/card.css'
import '../styles/decide.css'
import '../styles/embed.css'
import { CSPProvider } from '@base-ui/react/csp-provider'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { EventFeedContext } from '../data/events.ts'
import { LiveContext, useLiveEvents } from '../data/live.ts'
import { SignedInContext } from '../data/session-context.ts'
import { Announcer } from '../ui/announcer.tsx'
import { PortalContext } from '../ui/portal.ts'
import type { PreceptorProviderProps } from './embed-props.ts'

const OFFLINE_AFTER_MS = 10_000
const NOTHING: readonly string[] = []

/**
 * What the components of this package stand in: who looks, and what they may do. One provider follows one stream of
 * events, whatever stands inside.
 *
 * @example
 * ```tsx
 * import { connectGovernor, type Identity } from '@preceptor/client'
 * import { ApprovalInbox, PreceptorProvider } from '@preceptor/dashboard/react'
 *
 * const identity: Identity = { workspace: 'default', principal: { kind: 'user', id: 'ana', roles: ['supervisor'] } }
 * const scope = connectGovernor({ url: 'https://plane.example.com/api', token: 'the key of ana' }).as(identity)
 *
 * export const Desk = () => (
 *   <PreceptorProvider scope={scope} identity={identity}>
 *     <ApprovalInbox />
 *   </PreceptorProvider>
 * )
 * ```
 */
export function PreceptorProvider({ theme = 'system', ...session }: PreceptorProviderProps): ReactNode {
  const [client] = useState(
    () => new QueryClient({ defaultOptions: { queries: { retry: 1, refetchOnWindowFocus: false } } }),
  )
  const [place, setPlace] = useState<HTMLElement | null>(null)
  return (
    <div className="preceptor" ref={setPlace} data-theme={theme === 'system' ? undefined : theme}>
      <CSPProvider disableStyleElements>
        <QueryClientProvider client={client}>
          <PortalContext value={place ?? undefined}>
            <Announcer>
              <Session {...session} />
            </Announcer>
          </PortalContext>
        </QueryClientProvider>
      </CSPProvider>
    </div>
  )
}

function Session(props: Omit<PreceptorProviderProps, 'theme'>): ReactNode {
  const { scope, identity, features = NOTHING, clockOffset = 0, children } = props
  const live = useLiveEvents(scope)
  const isOffline = useIsOffline(live.isOpen)
  const signedIn = useMemo(
    () => ({ scope, identity, clockOffset, features, isOffline, signOut: () => undefined }),
    [scope, identity, clockOffset, features, isOffline],
  )
  return (
    <SignedInContext value={signedIn}>
      <LiveContext value={live}>
        <EventFeedContext value={live}>{children}</EventFeedContext>
      </LiveContext>
    </SignedInContext>
  )
}

/** A stream that stays closed means that the server is out of reach: nothing can be decided then. */
function useIsOffline(isOpen: boolean): boolean {
  const [isOffline, setOffline] = useState(false)
  useEffect(() => {
    if (isOpen) return setOffline(false)
    const timer = setTimeout(() => setOffline(true), OFFLINE_AFTER_MS)
    return () => clearTimeout(timer)
  }, [isOpen])
  return isOffline
}
