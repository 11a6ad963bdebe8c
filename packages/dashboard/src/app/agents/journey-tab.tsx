import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { useText } from '../text/use-text.ts'
import { SelectField } from '../ui/select-field.tsx'
import { AGENT } from './agent-messages.ts'
import { ledgerQuery } from './agent-queries.ts'
import { readAgentSearch } from './agents-search.ts'
import { IncidentsPanel } from './incidents-panel.tsx'
import { InsightsPanel } from './insights-panel.tsx'
import { LedgerPanel } from './ledger-panel.tsx'
import { MaturityJourney } from './maturity-journey.tsx'
import { PromotionPanel } from './promotion-panel.tsx'
import { ScorePanel } from './score-panel.tsx'
import { SuggestionsPanel } from './suggestions-panel.tsx'

const route = getRouteApi('/agents/$agentId')

/** How the agent came to where it is, what it lacks for more, and where its score comes from. */
export function JourneyTab(): ReactNode {
  const { agentId } = route.useParams()
  const { range, at } = route.useSearch()
  const t = useText(AGENT)
  const { features } = useSignedIn()
  const navigate = useNavigate()
  const change = (part: Readonly<Record<string, unknown>>): void =>
    void navigate({ to: '.', search: readAgentSearch({ range, at, ...part }), replace: true })
  const named = at === undefined ? {} : { capability: at }
  return (
    <>
      <section className="panel" aria-label={t('journeyTitle')}>
        <CapabilityChoice agentId={agentId} at={at} onChange={(next) => change({ at: next })} />
        <MaturityJourney agentId={agentId} range={range ?? 90} onRange={(next) => change({ range: next })} {...named} />
      </section>
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

interface CapabilityChoiceProps {
  readonly agentId: string
  readonly at: string | undefined
  readonly onChange: (at: string) => void
}

/** Which record is looked at, where the agent has more than one. */
function CapabilityChoice({ agentId, at, onChange }: CapabilityChoiceProps): ReactNode {
  const t = useText(AGENT)
  const { scope } = useSignedIn()
  const { data } = useQuery(ledgerQuery(scope, agentId))
  const named = [...new Set(data?.items.map(({ capability }) => capability))].filter((one) => one !== '*').sort()
  if (named.length === 0 && at === undefined) return null
  return (
    <SelectField
      label={t('at')}
      value={at ?? ''}
      options={[['', t('whole')], ...named.map((one) => [one, one] as const)]}
      onChange={onChange}
    />
  )
}
