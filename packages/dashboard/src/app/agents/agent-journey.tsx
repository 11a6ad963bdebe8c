import { type Agent, visibleText } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { Page } from '../ui/page.tsx'
import { Reading } from '../ui/reading.tsx'
import { agentQuery } from './agent-queries.ts'
import { AgentStanding } from './agent-standing.tsx'
import { JourneyPanel } from './journey-panel.tsx'
import { LevelBadge } from './level-badge.tsx'
import { LifecycleBadge } from './lifecycle-badge.tsx'
import { PromotionPanel } from './promotion-panel.tsx'
import { ScorePanel } from './score-panel.tsx'
import { scoreText } from './score-text.ts'
import { Trend } from './trend.tsx'
import '../styles/agents.css'

const route = getRouteApi('/agents/$agentId')

/** How an agent came to where it is and what it lacks for more, to be read: nothing is done to the agent here. */
export function AgentJourney(): ReactNode {
  const { agentId } = route.useParams()
  const { at } = route.useSearch()
  const { scope } = useSignedIn()
  const query = useQuery(agentQuery(scope, agentId))
  const named = at === undefined ? {} : { capability: at }
  const agent = query.data
  return (
    <Page
      title={visibleText(agent?.displayName ?? agentId)}
      tabs={agent === undefined ? undefined : <Facts agent={agent} />}
      isWide
    >
      <Reading query={query}>
        {() => (
          <>
            <JourneyPanel />
            <div className="journey-parts">
              <PromotionPanel agentId={agentId} {...named} />
              <ScorePanel agentId={agentId} {...named} />
            </div>
          </>
        )}
      </Reading>
    </Page>
  )
}

function Facts({ agent }: { readonly agent: Agent }): ReactNode {
  const { id, displayName, maturity, confidence, lifecycle } = agent
  return (
    <>
      <p className="agent-facts">
        <LevelBadge maturity={maturity} />
        <span className="score">
          <strong>{scoreText(confidence)}</strong> <Trend agent={id} />
        </span>
        <LifecycleBadge lifecycle={lifecycle} />
        {displayName === id ? null : <code className="muted">{id}</code>}
      </p>
      <AgentStanding agent={agent} />
    </>
  )
}
