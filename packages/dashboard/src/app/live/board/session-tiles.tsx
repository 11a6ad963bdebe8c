import type { SupervisionSession } from '@preceptor/client'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useRef, useState } from 'react'
import type { PagedList } from '../../data/use-pages.ts'
import { useKeys } from '../../keys/use-keys.ts'
import { useText } from '../../text/use-text.ts'
import { Empty } from '../../ui/empty.tsx'
import { Listing } from '../../ui/listing.tsx'
import { StopAgentDialog } from '../acts/stop-agent-dialog.tsx'
import { LIVE } from './live-messages.ts'
import type { LiveSearch } from './live-search.ts'
import { SessionTile } from './session-tile.tsx'

const SNIPPET = `await scope.guard(
  { agent: 'refund-bot', action: 'refund.create', args: { cents: 1240 }, run: 'ticket-91' },
  async ({ emit, checkpoint }) => {
    emit({ kind: 'progress', value: 0.5, message: 'half of it' })
    await checkpoint() // a pause holds it here
  },
)`

interface SessionTilesProps {
  readonly list: PagedList<SupervisionSession>
  readonly search: LiveSearch
}

/** The runs as tiles; J and K go through them. */
export function SessionTiles({ list, search }: SessionTilesProps): ReactNode {
  const box = useRef<HTMLUListElement>(null)
  const [stopping, setStopping] = useState<string>()
  const move = (by: number): void => {
    const links = [...(box.current?.querySelectorAll<HTMLAnchorElement>('a.tile-link') ?? [])]
    const at = links.findIndex((link) => link.matches(':focus'))
    links[at < 0 ? 0 : Math.min(Math.max(at + by, 0), links.length - 1)]?.focus()
  }
  useKeys({ j: () => move(1), k: () => move(-1) })
  return (
    <>
      <Listing list={list} empty={<NoSessions search={search} />}>
        {(sessions) => (
          <ul className="session-tiles" ref={box}>
            {sessions.map((session) => (
              <SessionTile key={session.id} session={session} onStop={() => setStopping(session.agent)} />
            ))}
          </ul>
        )}
      </Listing>
      {stopping === undefined ? null : <StopAgentDialog agent={stopping} onClose={() => setStopping(undefined)} />}
    </>
  )
}

function NoSessions({ search }: { readonly search: LiveSearch }): ReactNode {
  const t = useText(LIVE)
  if (search.state !== undefined || search.agent !== undefined || search.mine !== undefined) {
    return (
      <Empty title={t('nothingFits')}>
        <Link to="/live" search={{}}>
          {t('showAll')}
        </Link>
      </Empty>
    )
  }
  return (
    <Empty title={t('noSessions')} snippet={SNIPPET}>
      {t('noSessionsHow')}
    </Empty>
  )
}
