import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { type ReactNode, useEffect, useState } from 'react'
import '../../styles/live.css'
import { useSignedIn } from '../../data/session-context.ts'
import { cursorOf, usePages } from '../../data/use-pages.ts'
import { useText } from '../../text/use-text.ts'
import { Button } from '../../ui/button.tsx'
import { Page } from '../../ui/page.tsx'
import { LiveFilters } from './live-filters.tsx'
import { LIVE } from './live-messages.ts'
import { OnlinePanel } from './online-panel.tsx'
import { PauseAllDialog } from './pause-all-dialog.tsx'
import { QueuePanel } from './queue-panel.tsx'
import { SessionTiles } from './session-tiles.tsx'
import { usePausable } from './use-pausable.ts'

const route = getRouteApi('/live')

/** The board of supervision: the runs that go on, those that wait, and who can watch them. */
export function LivePage(): ReactNode {
  const search = route.useSearch()
  const t = useText(LIVE)
  const { scope, identity, isOffline } = useSignedIn()
  const [isAsking, setAsking] = useState(false)
  const state = search.state ?? 'active'
  const { agent, mine } = search
  const list = usePages({
    queryKey: ['sessions', 'list', state, agent ?? ''],
    read: (cursor) =>
      scope.sessions.list({
        limit: 50,
        ...(state === 'all' ? {} : { state }),
        ...(agent === undefined ? {} : { agent }),
        ...cursorOf(cursor),
      }),
  })
  useLookAgain()
  const me = identity.principal.id
  const shown = mine === 1 ? { ...list, items: list.items.filter(({ supervisorId }) => supervisorId === me) } : list
  const pausable = usePausable(shown.items)
  return (
    <Page
      title={t('title')}
      count={state === 'active' && !list.isPending ? t('running', { running: shown.items.length }) : undefined}
      isWide
      actions={
        pausable.length === 0 || isOffline ? undefined : (
          <Button kind="danger" onClick={() => setAsking(true)}>
            {t('pauseAll', { count: pausable.length })}
          </Button>
        )
      }
    >
      <LiveFilters search={search} />
      <div className="live-columns">
        <section aria-label={t('sessions')} className="stack">
          <SessionTiles list={shown} search={search} />
        </section>
        <div className="stack">
          <QueuePanel search={search} />
          <OnlinePanel sessions={list.items} />
        </div>
      </div>
      {isAsking ? <PauseAllDialog sessions={pausable} onClose={() => setAsking(false)} /> : null}
    </Page>
  )
}

/** Who watches a session renews the lease without an event: the list is read again before one could have lapsed. */
const LOOK_AGAIN_MS = 10_000

function useLookAgain(): void {
  const client = useQueryClient()
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState === 'visible') void client.invalidateQueries({ queryKey: ['sessions', 'list'] })
    }
    const timer = setInterval(look, LOOK_AGAIN_MS)
    return () => clearInterval(timer)
  }, [client])
}
