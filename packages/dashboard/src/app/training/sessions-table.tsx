import { type TrainingSession, visibleText } from '@preceptor/client'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { AGENTS } from '../agents/agents-messages.ts'
import { shortId } from '../agents/source-link.tsx'
import { timeText } from '../data/format.ts'
import { type Text, useText } from '../text/use-text.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Meter } from '../ui/meter.tsx'
import { scoreShare } from './score-share.ts'
import { SessionBadge } from './session-badge.tsx'
import { TRAINING } from './training-messages.ts'
import '../styles/training.css'

/** Training sessions, each with what came of it. */
export function SessionsTable({ sessions }: { readonly sessions: readonly TrainingSession[] }): ReactNode {
  const t = useText(TRAINING)
  return (
    <DataTable
      caption={t('sessionsCaption')}
      className="sessions-table"
      rows={sessions}
      keyOf={({ id }) => id}
      columns={columnsOf(t)}
    />
  )
}

function columnsOf(t: Text<keyof (typeof TRAINING)['english']>): readonly Column<TrainingSession>[] {
  return [
    {
      key: 'session',
      title: t('session'),
      cell: ({ id }) => (
        <Link
          to="/training/sessions/$sessionId"
          params={{ sessionId: id }}
          search={{}}
          className="session-link"
          title={id}
        >
          <code>{shortId(id)}</code>
        </Link>
      ),
    },
    {
      key: 'agent',
      title: t('agent'),
      cell: ({ agent, capability }) => (
        <>
          <Link to="/agents/$agentId/journey" params={{ agentId: agent }} className="unbroken">
            {agent}
          </Link>
          <span className="agent-sub muted small">{visibleText(capability)}</span>
        </>
      ),
    },
    { key: 'state', title: t('state'), cell: ({ state }) => <SessionBadge state={state} /> },
    {
      key: 'progress',
      title: t('progress'),
      cell: ({ typed, progress: { of, graded } }) =>
        typed ? (
          <span className="tag">{t('finishedTyped')}</span>
        ) : (
          <Meter label={t('progress')} share={of === 0 ? 0 : graded / of} text={t('progressOf', { graded, of })} />
        ),
    },
    {
      key: 'score',
      title: t('score'),
      isNumber: true,
      cell: ({ score }) => (score === null ? '–' : scoreShare(score)),
    },
    { key: 'outcome', title: t('outcome'), cell: (session) => <Outcome session={session} /> },
    { key: 'begins', title: t('begins'), cell: ({ startedAt, startsAt }) => timeText(startedAt ?? startsAt) },
  ]
}

function Outcome({ session }: { readonly session: TrainingSession }): ReactNode {
  const t = useText(TRAINING)
  const levels = useText(AGENTS)
  const { maturityBefore: before, maturityAfter: after } = session
  if (before === null || after === null) return <span className="muted">–</span>
  if (before === after) return t('levelSame', { level: levels(after) })
  return <strong className="good">▲ {t('levelChange', { from: levels(before), to: levels(after) })}</strong>
}
