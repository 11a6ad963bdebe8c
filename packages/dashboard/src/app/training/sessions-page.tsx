import { getRouteApi } from '@tanstack/react-router'
import { type ReactNode, useRef } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { cursorOf, usePages } from '../data/use-pages.ts'
import { useKeys } from '../keys/use-keys.ts'
import { useText } from '../text/use-text.ts'
import { Empty } from '../ui/empty.tsx'
import { Listing } from '../ui/listing.tsx'
import { SessionsTable } from './sessions-table.tsx'
import { StateChips, TrainingFrame } from './training-frame.tsx'
import { TRAINING } from './training-messages.ts'
import { SESSION_STATES } from './training-search.ts'

const route = getRouteApi('/training/sessions')
const PAGE = 30

/** Sessions of training; J and K go through them. */
export function SessionsPage(): ReactNode {
  const search = route.useSearch()
  const t = useText(TRAINING)
  const { scope } = useSignedIn()
  const box = useRef<HTMLDivElement>(null)
  const state = search.state ?? 'active'
  const list = usePages({
    queryKey: ['training', 'sessions', state, search.agent ?? ''],
    read: (cursor) =>
      scope.trainingSessions.list({
        limit: PAGE,
        ...(state === 'all' ? {} : { state }),
        ...(search.agent === undefined ? {} : { agent: search.agent }),
        ...cursorOf(cursor),
      }),
  })
  const move = (by: number): void => {
    const links = [...(box.current?.querySelectorAll<HTMLElement>('a.session-link') ?? [])]
    const from = links.findIndex((link) => link.matches(':focus'))
    links[from < 0 ? 0 : Math.min(Math.max(from + by, 0), links.length - 1)]?.focus()
  }
  const [down, up] = [() => move(1), () => move(-1)]
  useKeys({ j: down, k: up, arrowdown: down, arrowup: up })
  const labels = {
    active: t('active'),
    completed: t('completed'),
    cancelled: t('cancelled'),
    failed: t('failed'),
    all: t('allStates'),
  }
  return (
    <TrainingFrame>
      <StateChips states={SESSION_STATES} search={search} labelOf={(one) => labels[one as keyof typeof labels]} />
      <Listing list={list} empty={<Empty title={t('noneSessions')}>{t('noneSessionsText')}</Empty>}>
        {(sessions) => (
          <div ref={box}>
            <SessionsTable sessions={sessions} />
          </div>
        )}
      </Listing>
    </TrainingFrame>
  )
}
