import { type Agent, visibleText } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, Outlet } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { personText } from '../data/format.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useKeys } from '../keys/use-keys.ts'
import { useText } from '../text/use-text.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { Page, PageTabs } from '../ui/page.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { Reading } from '../ui/reading.tsx'
import { AgentActs } from './agent-acts.tsx'
import { agentQuery } from './agent-queries.ts'
import { AgentStanding } from './agent-standing.tsx'
import { AGENTS } from './agents-messages.ts'
import { LevelBadge } from './level-badge.tsx'
import { LifecycleBadge } from './lifecycle-badge.tsx'
import { scoreText } from './score-text.ts'
import { Trend } from './trend.tsx'
import '../styles/agents.css'

const route = getRouteApi('/agents/$agentId')

const TABS = ['journey', 'activity', 'capabilities', 'training', 'proposals', 'settings'] as const

/** One agent: what it is, what can be done to it, and its parts, each at an address of its own. */
export function AgentPage(): ReactNode {
  const { agentId } = route.useParams()
  const t = useText(AGENTS)
  const { scope } = useSignedIn()
  const query = useQuery(agentQuery(scope, agentId))
  useKeys({ y: () => void navigator.clipboard?.writeText(location.href).catch(() => undefined) })
  const agent = query.data
  return (
    <Page
      title={
        <>
          <Link to="/agents" search={{}} className="crumb">
            {t('allAgents')}
          </Link>
          <span className="crumb-sign" aria-hidden="true">
            /
          </span>
          <span>{visibleText(agent?.displayName ?? agentId)}</span>
        </>
      }
      actions={agent === undefined ? undefined : <AgentActs agent={agent} />}
      tabs={agent === undefined ? undefined : <Head agent={agent} />}
    >
      <Reading query={query}>
        {() => (
          <>
            {query.isError ? <ProblemNote error={query.error} /> : null}
            <Outlet />
          </>
        )}
      </Reading>
    </Page>
  )
}

function Head({ agent }: { readonly agent: Agent }): ReactNode {
  const t = useText(AGENTS)
  const { id, displayName, maturity, confidence, lifecycle, ownerId, category } = agent
  return (
    <>
      <p className="agent-facts">
        <LevelBadge maturity={maturity} />
        <span className="score">
          <strong>{scoreText(confidence)}</strong> <Trend agent={id} />
        </span>
        <LifecycleBadge lifecycle={lifecycle} />
        {displayName === id ? null : <code className="muted">{id}</code>}
        {category === null ? null : <span className="tag">{visibleText(category)}</span>}
        <span className="muted">{t('ownedBy', { owner: visibleText(personText(ownerId)) })}</span>
        <CopyButton text={location.href} label={t('copyLink')} />
      </p>
      <AgentStanding agent={agent} />
      <PageTabs label={t('parts')}>
        {TABS.map((tab) => (
          <Link key={tab} to={`/agents/$agentId/${tab}`} params={{ agentId: id }} search={{}}>
            {t(tab)}
          </Link>
        ))}
      </PageTabs>
    </>
  )
}
