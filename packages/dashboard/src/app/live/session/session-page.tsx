import type { SupervisionSessionDetail } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import '../../styles/live.css'
import '../../styles/session.css'
import '../../styles/session-log.css'
import { usePowers } from '../../data/roles.ts'
import { useSignedIn } from '../../data/session-context.ts'
import { useKeys } from '../../keys/use-keys.ts'
import { useText } from '../../text/use-text.ts'
import { Main } from '../../ui/main.tsx'
import { Reading } from '../../ui/reading.tsx'
import { SessionActs } from '../acts/session-acts.tsx'
import { LogPanel } from '../log/log-panel.tsx'
import { OutputPanel } from '../output/output-panel.tsx'
import { Interventions } from './interventions.tsx'
import { PendingCalls } from './pending-calls.tsx'
import { SessionHead } from './session-head.tsx'
import { SESSION } from './session-messages.ts'
import { sessionQuery } from './session-query.ts'
import { Steps } from './steps.tsx'
import { SupervisorPanel } from './supervisor-panel.tsx'
import { useHold } from './use-hold.ts'
import { useSessionFeed } from './use-session-feed.ts'
import { useStanding } from './use-standing.ts'

const route = getRouteApi('/live/$sessionId')

/** A supervised run: what it does, what it says, and everything by which it is steered. */
export function SessionPage(): ReactNode {
  const { sessionId } = route.useParams()
  const { scope } = useSignedIn()
  const t = useText(SESSION)
  const query = useQuery(sessionQuery(scope, sessionId))
  const navigate = useNavigate()
  useKeys({ escape: () => void navigate({ to: '/live', search: {} }) })
  return (
    <Main className="session">
      <p className="session-back">
        <Link to="/live" search={{}}>
          <span aria-hidden="true">←</span> {t('back')}
        </Link>
      </p>
      <Reading query={query}>{(session) => <Session key={session.id} session={session} />}</Reading>
    </Main>
  )
}

function Session({ session }: { readonly session: SupervisionSessionDetail }): ReactNode {
  const t = useText(SESSION)
  const { supervises } = usePowers()
  const standing = useStanding(session)
  const { feed, error } = useSessionFeed(session.id)
  const hold = useHold({ session, isMine: standing.isMine, leaving: t('left') })
  return (
    <>
      <div className="session-content">
        <SessionHead session={session} standing={standing} feed={feed} lost={hold.lost} />
        <div className="session-columns">
          <div className="stack session-steps">
            <Steps session={session} feed={feed} />
          </div>
          <div className="stack session-log">
            <PendingCalls session={session} standing={standing} />
            <LogPanel lines={feed.lines} error={error} />
            {supervises ? <OutputPanel outputs={feed.outputs} /> : null}
          </div>
          <div className="stack session-side">
            <SupervisorPanel session={session} standing={standing} />
            <Interventions interventions={session.interventions} />
          </div>
        </div>
      </div>
      <SessionActs session={session} standing={standing} hold={hold} />
    </>
  )
}
