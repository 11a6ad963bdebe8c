import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { useText } from '../text/use-text.ts'
import { SelectField } from '../ui/select-field.tsx'
import { AGENT } from './agent-messages.ts'
import { ledgerQuery } from './agent-queries.ts'
import { readAgentSearch } from './agents-search.ts'
import { JourneyChart } from './journey-chart.tsx'

const route = getRouteApi('/agents/$agentId')

/** The journey of the agent of the page: which of its records, how many days of it, and the chart. */
export function JourneyPanel(): ReactNode {
  const { agentId } = route.useParams()
  const { range, at } = route.useSearch()
  const t = useText(AGENT)
  const navigate = useNavigate()
  const change = (part: Readonly<Record<string, unknown>>): void =>
    void navigate({ to: '.', search: readAgentSearch({ range, at, ...part }), replace: true })
  return (
    <section className="panel" aria-label={t('journeyTitle')}>
      <CapabilityChoice agentId={agentId} at={at} onChange={(next) => change({ at: next })} />
      <JourneyChart
        agentId={agentId}
        range={range ?? 90}
        onRange={(next) => change({ range: next })}
        {...(at === undefined ? {} : { capability: at })}
      />
    </section>
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
