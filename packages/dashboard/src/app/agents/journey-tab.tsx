import { getRouteApi } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { IncidentsPanel } from './incidents-panel.tsx'
import { InsightsPanel } from './insights-panel.tsx'
import { JourneyPanel } from './journey-panel.tsx'
import { LedgerPanel } from './ledger-panel.tsx'
import { PromotionPanel } from './promotion-panel.tsx'
import { ScorePanel } from './score-panel.tsx'
import { SuggestionsPanel } from './suggestions-panel.tsx'

const route = getRouteApi('/agents/$agentId')

/** How the agent came to where it is, what it lacks for more, and where its score comes from. */
export function JourneyTab(): ReactNode {
  const { agentId } = route.useParams()
  const { at } = route.useSearch()
  const { features } = useSignedIn()
  const named = at === undefined ? {} : { capability: at }
  return (
    <>
      <JourneyPanel />
      <div className="journey-parts">
        <div className="stack">
          <PromotionPanel agentId={agentId} {...named} />
          <SuggestionsPanel agentId={agentId} />
          <IncidentsPanel agentId={agentId} />
        </div>
        <div className="stack">
          <ScorePanel agentId={agentId} {...named} />
          {features.includes('learning') ? <InsightsPanel agentId={agentId} /> : null}
        </div>
      </div>
      <LedgerPanel agentId={agentId} {...named} />
    </>
  )
}
