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

/** A row of the list, and when it comes in it. */
export interface InboxRow {
  readonly key: string
  /** When it ends by itself, in milliseconds; never for what waits without an end. */
  readonly due: number
  readonly createdAt: number
  readonly row: ReactNode
}

/** What waits beside proposals, of one kind or of all; each leads to the page on which it is seen to. */
export function otherRows({ votes, queue, training }: OtherWork, kind: WorkKind | undefined): readonly InboxRow[] {
  const shows = (one: WorkKind): boolean => kind === undefined || kind === one
  return [
    ...(shows('votes') ? votes.map((vote) => rowOf(vote, vote.deadline, <VoteRow vote={vote} />)) : []),
    ...(shows('queue') ? queue.map((entry) => rowOf(entry, entry.expiresAt, <QueueRow entry={entry} />)) : []),
    ...(shows('training')
      ? training.map((proposal) => rowOf(proposal, null, <TrainingRow proposal={proposal} />))
      : []),
  ]
}

interface Dated {
  readonly id: string
  readonly createdAt: string
}

function rowOf({ id, createdAt }: Dated, end: string | null, row: ReactNode): InboxRow {
  const due = end === null ? Number.POSITIVE_INFINITY : Date.parse(end)
  return { key: id, due, createdAt: Date.parse(createdAt), row }
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
    <li className="row-line">
      <span />
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

function VoteRow({ vote }: { readonly vote: OtherWork['votes'][number] }): ReactNode {
  const t = useText(INBOX)
  const { topic, options, deadline, createdAt, collaboration, openedBy } = vote
  return (
    <Row
      to={`/collab/${collaboration}`}
      head={<span className="badge tone-info">{t('voteKind')}</span>}
      title={topic}
      side={<Countdown proposal={{ createdAt, expiresAt: deadline }} />}
      line={options.join(' · ')}
      foot={visibleText(openedBy)}
    />
  )
}

function QueueRow({ entry }: { readonly entry: OtherWork['queue'][number] }): ReactNode {
  const t = useText(INBOX)
  const { agent, action, risk, priority, attempt, createdAt, expiresAt, sessionId } = entry
  return (
    <Row
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
  )
}

function TrainingRow({ proposal }: { readonly proposal: OtherWork['training'][number] }): ReactNode {
  const t = useText(INBOX)
  const { agent, title, gaps, repeats, createdAt } = proposal
  return (
    <Row
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
  )
}
