import { type Proposal, visibleText } from '@preceptor/client'
import { getRouteApi } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { personText } from '../data/format.ts'
import { useSignedIn } from '../data/session-context.ts'
import { cursorOf, type PagedList, usePages } from '../data/use-pages.ts'
import { useText } from '../text/use-text.ts'
import { RiskBadge, StateBadge } from '../ui/badges.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { Listing } from '../ui/listing.tsx'
import { Panel } from '../ui/page.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { AGENT } from './agent-messages.ts'
import { SourceLink } from './source-link.tsx'

const route = getRouteApi('/agents/$agentId')
const PAGE = 30

/** What the agent asked for: what waits, and what was decided. */
export function AgentProposalsTab(): ReactNode {
  const { agentId } = route.useParams()
  const t = useText(AGENT)
  const { scope } = useSignedIn()
  const waiting = usePages({
    queryKey: ['agent', agentId, 'waiting'],
    read: (cursor) => scope.proposals.list({ agent: agentId, state: 'pending', limit: PAGE, ...cursorOf(cursor) }),
  })
  const decided = usePages({
    queryKey: ['agent', agentId, 'history'],
    read: (cursor) => scope.proposals.history(agentId, { limit: PAGE, ...cursorOf(cursor) }),
  })
  return (
    <>
      <Proposals title={t('waitingTitle')} none={t('waitingNone')} list={waiting} />
      <Proposals title={t('historyTitle')} none={t('historyNone')} list={decided} />
    </>
  )
}

interface ProposalsProps {
  readonly title: string
  readonly none: string
  readonly list: PagedList<Proposal>
}

function Proposals({ title, none, list }: ProposalsProps): ReactNode {
  const t = useText(AGENT)
  return (
    <Panel title={title}>
      <Listing list={list} empty={<Empty title={none} />}>
        {(proposals) => (
          <DataTable
            caption={title}
            className="record-table"
            rows={proposals}
            keyOf={({ id }) => id}
            columns={[
              { key: 'action', title: t('action'), cell: ({ action }) => <code>{visibleText(action)}</code> },
              { key: 'risk', title: t('risk'), cell: ({ risk }) => <RiskBadge risk={risk} /> },
              { key: 'state', title: t('state'), cell: ({ state }) => <StateBadge state={state} /> },
              { key: 'proposed', title: t('proposed'), cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
              {
                key: 'decided',
                title: t('decided'),
                cell: ({ decidedAt }) => (decidedAt === null ? null : <RelativeTime at={decidedAt} />),
              },
              {
                key: 'by',
                title: t('decidedBy'),
                cell: ({ decidedBy }) => visibleText(decidedBy.map(personText).join(', ')),
              },
              { key: 'source', title: t('source'), cell: ({ id }) => <SourceLink id={id} /> },
            ]}
          />
        )}
      </Listing>
    </Panel>
  )
}
