import type { SupervisionSession } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useSignedIn } from '../../data/session-context.ts'
import { useText } from '../../text/use-text.ts'
import { Panel } from '../../ui/page.tsx'
import { Reading } from '../../ui/reading.tsx'
import { isOver } from '../session/standing.ts'
import { LIVE } from './live-messages.ts'

/** Nobody is told when a session lapses into another state of presence: it is looked at again within this time. */
const LOOK_AGAIN_MS = 30_000

/** Who could watch a run now, and how many each of them watches. */
export function OnlinePanel({ sessions }: { readonly sessions: readonly SupervisionSession[] }): ReactNode {
  const t = useText(LIVE)
  const { scope, identity } = useSignedIn()
  const query = useQuery({
    queryKey: ['presence', 'available'],
    queryFn: () => scope.presence.available(),
    refetchInterval: LOOK_AGAIN_MS,
  })
  const watches = (userId: string): number =>
    sessions.filter((session) => !isOver(session) && session.supervisorId === userId).length
  return (
    <Panel title={t('online')}>
      <Reading query={query}>
        {(people) =>
          people.length === 0 ? (
            <p className="muted">{t('nobodyOnline')}</p>
          ) : (
            <ul className="online">
              {people.map(({ userId }) => (
                <li key={userId} className="line">
                  <span className="good" aria-hidden="true">
                    ●
                  </span>
                  <strong>
                    {userId}
                    {userId === identity.principal.id ? ` (${t('you')})` : ''}
                  </strong>
                  <span className="muted small">{t('watching', { count: watches(userId) })}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Reading>
    </Panel>
  )
}
