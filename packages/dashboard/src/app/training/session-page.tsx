import { type TrainingSessionDetail, visibleText } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { duration, personText, timeText } from '../data/format.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useKeys } from '../keys/use-keys.ts'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Page, Panel } from '../ui/page.tsx'
import { Reading } from '../ui/reading.tsx'
import { ScenarioRunner } from './scenario-runner.tsx'
import { SessionActs } from './session-acts.tsx'
import { SessionBadge } from './session-badge.tsx'
import { SessionFinish } from './session-finish.tsx'
import { TRAINING } from './training-messages.ts'
import '../styles/agents.css'
import '../styles/training.css'

const route = getRouteApi('/training/sessions/$sessionId')

const HOUR_MS = 3_600_000

/** One session: its scenarios with answers and scores, what can be done with it, and what it comes to. */
export function SessionPage(): ReactNode {
  const { sessionId } = route.useParams()
  const { task } = route.useSearch()
  const t = useText(TRAINING)
  const { scope } = useSignedIn()
  const navigate = useNavigate()
  const query = useQuery({
    queryKey: ['training', 'session', sessionId],
    queryFn: () => scope.trainingSessions.get(sessionId),
  })
  useKeys({
    escape: () => void navigate({ to: '/training/sessions', search: {} }),
    y: () => void navigator.clipboard?.writeText(location.href).catch(() => undefined),
  })
  const session = query.data
  return (
    <Page
      title={
        <>
          <Link to="/training/sessions" search={{}} className="crumb">
            {t('backToSessions')}
          </Link>
          <span className="crumb-sign" aria-hidden="true">
            /
          </span>
          <span>{session === undefined ? sessionId : t('sessionOf', { agent: session.agent })}</span>
        </>
      }
      actions={session === undefined ? undefined : <SessionActs session={session} />}
    >
      <Reading query={query}>
        {(known) => (
          <>
            <Head session={known} />
            <ScenarioRunner session={known} task={task} />
            <SessionFinish session={known} />
          </>
        )}
      </Reading>
    </Page>
  )
}

function Head({ session }: { readonly session: TrainingSessionDetail }): ReactNode {
  const t = useText(TRAINING)
  const { id, agent, state, durationHours, hoursPerDay, startsAt, endsAt, approvedBy, measuredHours } = session
  return (
    <Panel
      title={t('course')}
      actions={
        <span className="line">
          <SessionBadge state={state} />
          <CopyButton text={location.href} label={t('copyLink')} />
        </span>
      }
    >
      <dl className="session-facts">
        <Fact name={t('agent')}>
          <Link to="/agents/$agentId/journey" params={{ agentId: agent }}>
            {agent}
          </Link>
        </Fact>
        <Fact name={t('proposal')}>
          <Link to="/training/proposals/$proposalId" params={{ proposalId: session.trainingProposalId }}>
            <code>{session.trainingProposalId}</code>
          </Link>
        </Fact>
        <Fact name={t('planned')}>{t('plannedText', { hours: durationHours, perDay: hoursPerDay })}</Fact>
        <Fact name={t('startsEnds')}>{t('datesText', { from: timeText(startsAt), to: timeText(endsAt) })}</Fact>
        <Fact name={t('measured')}>{duration(measuredHours * HOUR_MS)}</Fact>
        <Fact name={t('approvedBy')}>{visibleText(personText(approvedBy ?? ''))}</Fact>
        {session.endReason === null ? null : (
          <Fact name={t('endReason')}>
            <AgentText text={session.endReason} />
          </Fact>
        )}
        <Fact name={t('session')}>
          <code>{id}</code>
        </Fact>
      </dl>
    </Panel>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
