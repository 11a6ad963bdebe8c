import { type SupervisionSession, visibleText } from '@preceptor/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { personText } from '../../data/format.ts'
import { useNow } from '../../data/now.ts'
import { usePowers } from '../../data/roles.ts'
import { useSignedIn } from '../../data/session-context.ts'
import { useText } from '../../text/use-text.ts'
import { Button } from '../../ui/button.tsx'
import { Meter } from '../../ui/meter.tsx'
import { Elapsed } from '../session/elapsed.tsx'
import { SessionState } from '../session/session-state.tsx'
import { isOver, standingOf } from '../session/standing.ts'
import { digestQuery } from './digest-query.ts'
import { LIVE } from './live-messages.ts'

interface SessionTileProps {
  readonly session: SupervisionSession
  readonly onStop: () => void
}

const PERCENT = 100

/** One run: how it stands, how far it is, who watches it. */
export function SessionTile({ session, onStop }: SessionTileProps): ReactNode {
  const t = useText(LIVE)
  const { supervises } = usePowers()
  const { scope, isOffline } = useSignedIn()
  const client = useQueryClient()
  const { id, agent, action, state, rating } = session
  const options = { client, id, goesOn: !isOver(session), isAllowed: supervises }
  const { data } = useQuery(digestQuery(scope, options))
  return (
    <li className={`session-tile session-tile-${state}`}>
      <div className="line">
        <SessionState state={state} />
        <Elapsed session={session} />
      </div>
      <Link to="/live/$sessionId" params={{ sessionId: id }} search={{}} className="tile-link">
        <strong>{agent}</strong> <span>{visibleText(action)}</span>
      </Link>
      {data === undefined || data.progress === null ? null : (
        <Meter
          label={t('progress', { action })}
          share={data.progress}
          text={t('percent', { percent: Math.round(data.progress * PERCENT) })}
        />
      )}
      <div className="line small muted">
        <Watcher session={session} />
        {data === undefined || data.warnings === 0 ? null : (
          <span className="tile-warnings">
            <span aria-hidden="true">▲</span> {t('warnings', { count: data.warnings })}
          </span>
        )}
        {data === undefined || data.errors === 0 ? null : (
          <span className="bad">
            <span aria-hidden="true">✕</span> {t('errors', { count: data.errors })}
          </span>
        )}
        {rating === null ? null : <span>{t('rated', { rating })}</span>}
        {supervises && !isOffline ? (
          <Button kind="quiet" className="tile-stop" aria-label={t('stopAgentOf', { agent })} onClick={onStop}>
            {t('stopAgent')}
          </Button>
        ) : null}
      </div>
    </li>
  )
}

/** Who watches, who paused, and to whom it is offered. */
function Watcher({ session }: { readonly session: SupervisionSession }): ReactNode {
  const t = useText(LIVE)
  const { identity, clockOffset } = useSignedIn()
  const powers = usePowers()
  const me = identity.principal.id
  const isHeld = useNow((now) => standingOf(session, { ...powers, userId: me, now: now + clockOffset }).isHeld)
  const { supervisorId, pausedBy, handedTo } = session
  const over = isOver(session)
  // What was asked for and is not yet so is no pause: the state says it.
  const by = session.state !== 'paused' || pausedBy === null ? null : personText(pausedBy)
  return (
    <>
      <span>
        <span aria-hidden="true">{supervisorId?.startsWith('agent:') === true ? '⚙' : '☻'}</span>{' '}
        {supervisorId === null || (!isHeld && !over)
          ? t('heldByNobody')
          : supervisorId === me
            ? t('heldByYou')
            : t('heldBy', { who: personText(supervisorId) })}
      </span>
      {by === null ? null : (
        <span>
          {by === 'lease' ? t('pausedByLease') : by === me ? t('pausedByYou') : t('pausedByWho', { who: by })}
        </span>
      )}
      {handedTo === me && !over ? <strong className="tile-offered">{t('handedToYou')}</strong> : null}
    </>
  )
}
