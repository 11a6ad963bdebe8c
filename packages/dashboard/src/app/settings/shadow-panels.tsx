import '../styles/charts.css'
import type { ShadowCounts, ShadowedCapability, ShadowedDecision } from '@preceptor/client'
import { visibleText } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { percent } from '../analytics/numbers.ts'
import { routeSeries } from '../analytics/series-of.ts'
import { Funnel } from '../charts/funnel.tsx'
import { usePowers } from '../data/roles.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Panel } from '../ui/page.tsx'
import { DecisionLink } from './decision-link.tsx'
import { EnforceDialog } from './enforce-dialog.tsx'
import { currentPolicyQuery } from './policy-versions.ts'
import { ROUTE_WORDS } from './route-messages.ts'
import { RULED_ROUTES } from './ruled-order.ts'
import { SHADOW } from './shadow-messages.ts'

interface ShadowPanelsProps {
  readonly shown: ShadowedCapability
  readonly latest: readonly ShadowedDecision[]
}

/** One capability: where enforcing would have sent its attempts, whose they were, and the newest of them. */
export function ShadowPanels({ shown, latest }: ShadowPanelsProps): ReactNode {
  const t = useText(SHADOW)
  const word = useText(ROUTE_WORDS)
  const { capability, isShadowed, ran, would, agents, actions } = shown
  const examples = latest.filter((decision) => decision.capability === capability)
  const title = visibleText(capability)
  return (
    <>
      <Panel title={title} actions={isShadowed ? <EnforceButton capability={shown} /> : undefined}>
        {ran === 0 ? (
          <p className="muted">{t('unused')}</p>
        ) : (
          <>
            <p>{t('verdict', { ran, held: ran - would.execution })}</p>
            <Funnel
              title={t('chart')}
              shareOf={percent}
              parts={RULED_ROUTES.map((route) => ({
                ...routeSeries(route, word(route)),
                count: would[route],
                share: would[route] / ran,
              }))}
            />
            <Counts
              caption={t('byAgent')}
              title={t('agent')}
              rows={agents.map(({ agent, ...row }) => ({ name: agent, ...row }))}
            >
              {(agent) => (
                <Link to="/agents/$agentId/journey" params={{ agentId: agent }}>
                  {visibleText(agent)}
                </Link>
              )}
            </Counts>
            <Counts
              caption={t('byAction')}
              title={t('action')}
              rows={actions.map(({ action, ...row }) => ({ name: action, ...row }))}
            >
              {(action) => <code>{visibleText(action)}</code>}
            </Counts>
          </>
        )}
      </Panel>
      {ran === would.execution ? null : <Examples examples={examples} />}
    </>
  )
}

interface CountRow {
  readonly name: string
  readonly ran: number
  readonly would: ShadowCounts
}

interface CountsProps {
  readonly caption: string
  readonly title: string
  readonly rows: readonly CountRow[]
  readonly children: (name: string) => ReactNode
}

function Counts({ caption, title, rows, children }: CountsProps): ReactNode {
  const t = useText(SHADOW)
  const word = useText(ROUTE_WORDS)
  const columns: readonly Column<CountRow>[] = [
    { key: 'name', title, cell: ({ name }) => children(name) },
    { key: 'ran', title: t('ran'), isNumber: true, cell: ({ ran }) => ran },
    ...RULED_ROUTES.map((route) => ({
      key: route,
      title: word(route),
      isNumber: true,
      cell: ({ would }: CountRow) => would[route],
    })),
  ]
  return (
    <div className="titled-table">
      <h3 className="panel-title">{caption}</h3>
      <DataTable caption={caption} rows={rows} keyOf={({ name }) => name} columns={columns} />
    </div>
  )
}

function Examples({ examples }: { readonly examples: readonly ShadowedDecision[] }): ReactNode {
  const t = useText(SHADOW)
  const word = useText(ROUTE_WORDS)
  return (
    <Panel title={t('examples')}>
      {examples.length === 0 ? (
        <p className="muted">{t('examplesNone')}</p>
      ) : (
        <DataTable
          caption={t('examples')}
          rows={examples}
          keyOf={({ id }) => id}
          columns={[
            { key: 'when', title: t('decided'), cell: (decision) => <DecisionLink {...decision} /> },
            { key: 'agent', title: t('agent'), cell: ({ agent }) => visibleText(agent) },
            { key: 'action', title: t('action'), cell: ({ action }) => <code>{visibleText(action)}</code> },
            { key: 'was', title: t('was'), cell: () => word('execution') },
            { key: 'would', title: t('would'), cell: ({ would }) => <strong>{word(would)}</strong> },
            { key: 'why', title: t('because'), cell: ({ reason }) => <p className="because">{visibleText(reason)}</p> },
          ]}
        />
      )}
    </Panel>
  )
}

function EnforceButton({ capability }: { readonly capability: ShadowedCapability }): ReactNode {
  const t = useText(SHADOW)
  const { scope, isOffline } = useSignedIn()
  const { administers } = usePowers()
  const current = useQuery({ ...currentPolicyQuery(scope), enabled: administers })
  const [isOpen, setOpen] = useState(false)
  if (!administers) return null
  return (
    <>
      <Button kind="primary" disabled={current.data === undefined || isOffline} onClick={() => setOpen(true)}>
        {t('enforce')}
        <span className="visually-hidden">: {visibleText(capability.capability)}</span>
      </Button>
      {isOpen && current.data !== undefined ? (
        <EnforceDialog capability={capability} present={current.data} onClose={() => setOpen(false)} />
      ) : null}
    </>
  )
}
