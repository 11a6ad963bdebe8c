import { CSPProvider } from '@base-ui/react/csp-provider'
import { QueryCache, QueryClient, QueryClientProvider, useQuery, useQueryClient } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import { timeText } from '../data/format.ts'
import { useNow } from '../data/now.ts'
import { isSignedOut } from '../data/problem.ts'
import { readSession, scopeOf, signOut } from '../data/session.ts'
import { SignedInContext } from '../data/session-context.ts'
import { router } from '../router.ts'
import { useText } from '../text/use-text.ts'
import { Announcer } from '../ui/announcer.tsx'
import { Button } from '../ui/button.tsx'
import { SHELL } from './shell-messages.ts'
import { SignIn } from './sign-in.tsx'

const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      if (isSignedOut(error)) void client.invalidateQueries({ queryKey: ['signed-in'] })
    },
  }),
  defaultOptions: { queries: { retry: 1, refetchOnWindowFocus: false } },
})

/** The whole page. */
export function App(): ReactNode {
  return (
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={client}>
        <Announcer>
          <Gate />
        </Announcer>
      </QueryClientProvider>
    </CSPProvider>
  )
}

const PING_MS = 20_000
const OFFLINE_AFTER_MS = 10_000

/** Shows the pages to whoever is signed in, and the sign-in to everybody else. */
function Gate(): ReactNode {
  const queries = useQueryClient()
  const t = useText(SHELL)
  const session = useQuery({
    queryKey: ['signed-in'],
    queryFn: ({ signal }) => readSession(signal),
    refetchInterval: ({ state }) => (state.status === 'error' || state.fetchFailureCount > 0 ? 2_000 : PING_MS),
    refetchOnReconnect: true,
    networkMode: 'always',
  })
  const { data, dataUpdatedAt, isError, refetch } = session
  const who = JSON.stringify(data?.signedIn ?? null)
  const signedIn = useMemo(() => {
    const known = JSON.parse(who)
    return known === null ? undefined : { identity: known.identity, scope: scopeOf(known) }
  }, [who])
  const isOffline = useNow((now) => isError && now - dataUpdatedAt > OFFLINE_AFTER_MS)
  if (data === undefined)
    return isError ? <Unreachable onRetry={() => void refetch()} /> : <p className="booting">{t('booting')}</p>
  const restart = (): void => {
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'signed-in' })
    void refetch()
  }
  if (signedIn === undefined) return <SignIn onSignedIn={restart} provider={data.provider} />
  const value = {
    ...signedIn,
    clockOffset: data.clockOffset,
    features: data.features,
    isOffline,
    signOut: () => void signOut().then(restart, restart),
  }
  return (
    <SignedInContext key={who} value={value}>
      {isError ? (
        <p role="status" className="offline">
          {t('reconnecting', { time: timeText(new Date(dataUpdatedAt).toISOString()) })}
        </p>
      ) : null}
      <RouterProvider router={router} />
    </SignedInContext>
  )
}

function Unreachable({ onRetry }: { readonly onRetry: () => void }): ReactNode {
  const t = useText(SHELL)
  return (
    <main className="sign-in">
      <div className="sign-in-box">
        <h1>{t('unreachable')}</h1>
        <p className="muted">{t('triedAgain')}</p>
        <Button kind="primary" onClick={onRetry}>
          {t('tryNow')}
        </Button>
      </div>
    </main>
  )
}
