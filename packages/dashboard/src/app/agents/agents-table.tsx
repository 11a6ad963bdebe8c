import { type Agent, visibleText } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useRef } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { useKeys } from '../keys/use-keys.ts'
import { type Text, useText } from '../text/use-text.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { trendQuery } from './agent-queries.ts'
import { AGENTS } from './agents-messages.ts'
import { LevelBadge } from './level-badge.tsx'
import { LifecycleBadge } from './lifecycle-badge.tsx'
import type { AgentOpen } from './rank-agents.ts'
import { scoreText } from './score-text.ts'
import { Trend } from './trend.tsx'

interface AgentsTableProps {
  readonly agents: readonly Agent[]
  readonly open: ReadonlyMap<string, AgentOpen>
}

/** The agents; J and K go through them. */
export function AgentsTable({ agents, open }: AgentsTableProps): ReactNode {
  const t = useText(AGENTS)
  const box = useRef<HTMLDivElement>(null)
  const move = (by: number): void => {
    const links = [...(box.current?.querySelectorAll<HTMLAnchorElement>('a.agent-link') ?? [])]
    const from = links.findIndex((link) => link.matches(':focus'))
    links[from < 0 ? 0 : Math.min(Math.max(from + by, 0), links.length - 1)]?.focus()
  }
  const [down, up] = [() => move(1), () => move(-1)]
  useKeys({ j: down, k: up, arrowdown: down, arrowup: up })
  return (
    <div ref={box}>
      <DataTable
        caption={t('tableCaption')}
        className="agents-table"
        columns={columnsOf(t, open)}
        rows={agents}
        keyOf={({ id }) => id}
      />
    </div>
  )
}

type AgentsText = Text<keyof (typeof AGENTS)['english']>

function columnsOf(t: AgentsText, open: ReadonlyMap<string, AgentOpen>): readonly Column<Agent>[] {
  return [
    { key: 'agent', title: t('agent'), cell: (agent) => <Name agent={agent} /> },
    { key: 'level', title: t('level'), cell: ({ maturity }) => <LevelBadge maturity={maturity} /> },
    {
      key: 'score',
      title: t('score'),
      cell: ({ id, confidence }) => (
        <span className="score">
          <strong>{scoreText(confidence)}</strong> <Trend agent={id} />
        </span>
      ),
    },
    { key: 'state', title: t('state'), cell: (agent) => <State agent={agent} /> },
    { key: 'open', title: t('open'), cell: ({ id }) => <Open open={open.get(id)} /> },
    { key: 'last', title: t('lastActivity'), cell: (agent) => <LastActivity agent={agent} /> },
  ]
}

function Name({ agent }: { readonly agent: Agent }): ReactNode {
  const { id, displayName, category, ownerId } = agent
  const t = useText(AGENTS)
  return (
    <>
      <Link to="/agents/$agentId/journey" params={{ agentId: id }} className="agent-link">
        {visibleText(displayName)}
      </Link>
      <span className="agent-sub muted small">
        {displayName === id ? null : <code>{id}</code>}
        {category === null ? null : <span>{visibleText(category)}</span>}
        <span>{t('ownedBy', { owner: visibleText(ownerId) })}</span>
      </span>
    </>
  )
}

function State({ agent }: { readonly agent: Agent }): ReactNode {
  const t = useText(AGENTS)
  return (
    <span className="line">
      <LifecycleBadge lifecycle={agent.lifecycle} />
      {agent.fingerprintCapped ? <span className="badge tone-warn">⚠ {t('capped')}</span> : null}
    </span>
  )
}

/** When it last changed or anything of it was counted; the ledger is read for its trend. */
function LastActivity({ agent: { id, updatedAt } }: { readonly agent: Agent }): ReactNode {
  const { scope } = useSignedIn()
  const { data } = useQuery(trendQuery(scope, id, false))
  const counted = data?.items[0]?.createdAt ?? updatedAt
  return <RelativeTime at={Date.parse(counted) > Date.parse(updatedAt) ? counted : updatedAt} />
}

function Open({ open }: { readonly open: AgentOpen | undefined }): ReactNode {
  const t = useText(AGENTS)
  const parts = [
    open === undefined || open.alerts.length === 0 ? null : `⚠ ${t('openAlerts', { count: open.alerts.length })}`,
    open === undefined || open.proposals === 0 ? null : t('waitingProposals', { count: open.proposals }),
    open === undefined || open.training === 0 ? null : t('waitingTraining', { count: open.training }),
    open === undefined || open.sessions === 0 ? null : t('runningSessions', { count: open.sessions }),
  ].filter((part) => part !== null)
  if (parts.length === 0) return <span className="muted">{t('nothingOpen')}</span>
  return parts.join(' · ')
}
