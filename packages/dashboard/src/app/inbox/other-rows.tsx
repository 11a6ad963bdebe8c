import { visibleText } from '@preceptor/client'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { RiskBadge } from '../ui/badges.tsx'
import { Countdown } from '../ui/countdown.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { INBOX } from './inbox-messages.ts'
import type { WorkKind } from './inbox-search.ts'
import type { OtherWork } from './other-work.ts'

interface OtherRowsProps {
  readonly work: OtherWork
  /** Only this kind; undefined for all. */
  readonly kind: WorkKind | undefined
}

/** What waits beside proposals; each leads to the page on which it is seen to. */
export function OtherRows({ work, kind }: OtherRowsProps): ReactNode {
  const shows = (one: WorkKind): boolean => kind === undefined || kind === one
  return (
    <>
      {shows('votes') ? <VoteRows votes={work.votes} /> : null}
      {shows('queue') ? <QueueRows entries={work.queue} /> : null}
      {shows('training') ? <TrainingRows proposals={work.training} /> : null}
    </>
  )
}

interface RowProps {
  readonly to: string
  readonly head: ReactNode
  readonly title: string
  readonly side: ReactNode
  readonly line: string
  readonly foot: ReactNode
}

function Row({ to, head, title, side, line, foot }: RowProps): ReactNode {
  return (
    <li>
      <Link to={to} className="row">
        <span className="row-head">
          {head}
          <span className="row-action">{visibleText(title)}</span>
          {side}
        </span>
        <span className="row-args">{visibleText(line)}</span>
        <span className="row-foot">{foot}</span>
      </Link>
    </li>
  )
}

function VoteRows({ votes }: { readonly votes: OtherWork['votes'] }): ReactNode {
  const t = useText(INBOX)
  return votes.map(({ id, topic, options, deadline, createdAt, collaboration, openedBy }) => (
    <Row
      key={id}
      to={`/collab/${collaboration}`}
      head={<span className="badge tone-info">{t('voteKind')}</span>}
      title={topic}
      side={<Countdown proposal={{ createdAt, expiresAt: deadline }} />}
      line={options.join(' · ')}
      foot={visibleText(openedBy)}
    />
  ))
}

function QueueRows({ entries }: { readonly entries: OtherWork['queue'] }): ReactNode {
  const t = useText(INBOX)
  return entries.map(({ id, agent, action, risk, priority, attempt, createdAt, expiresAt, sessionId }) => (
    <Row
      key={id}
      to={sessionId === null ? '/live' : `/live/${sessionId}`}
      head={
        <>
          <span className="badge tone-info">{t('queueKind')}</span>
          <RiskBadge risk={risk} />
        </>
      }
      title={action}
      side={<Countdown proposal={{ createdAt, expiresAt }} />}
      line={t('queueLine', { priority, attempt })}
      foot={agent}
    />
  ))
}

function TrainingRows({ proposals }: { readonly proposals: OtherWork['training'] }): ReactNode {
  const t = useText(INBOX)
  return proposals.map(({ id, agent, title, gaps, repeats, createdAt }) => (
    <Row
      key={id}
      to={`/training/proposals?agent=${encodeURIComponent(agent)}`}
      head={<span className="badge tone-quiet">{t('trainingKind')}</span>}
      title={title}
      side={null}
      line={t('trainingLine', { gaps: gaps.length, repeats })}
      foot={
        <>
          {agent} · <RelativeTime at={createdAt} />
        </>
      }
    />
  ))
}
