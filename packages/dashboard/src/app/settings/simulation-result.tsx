import '../styles/charts.css'
import { type PolicySimulation, type SimulatedDifference, visibleText } from '@preceptor/client'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { percent } from '../analytics/numbers.ts'
import { Funnel } from '../charts/funnel.tsx'
import { useText } from '../text/use-text.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { DecisionLink } from './decision-link.tsx'
import { POLICY } from './policy-messages.ts'
import { ROUTE_WORDS } from './route-messages.ts'
import { SETTINGS } from './settings-messages.ts'
import { inReadingOrder, lookOf, type NamedShift, wayOf } from './simulated-shifts.ts'

/** What a policy would have changed: how many, which way, whose, and the newest of them. */
export function SimulationResult({ result }: { readonly result: PolicySimulation }): ReactNode {
  const t = useText(POLICY)
  const { differing, judged, total, looked, looser, unjudged, differences, actions, agents } = result
  if (total === 0) return <p>{t('nothingDecided')}</p>
  return (
    <section className="stack" aria-label={t('simulateTitle')}>
      <p role="status">
        <strong>{t('verdict', { differing, judged })}</strong>{' '}
        {differing === 0 ? null : t('ways', { looser, stricter: differing - looser })}
      </p>
      <p className="muted small">{t('looked', { total, looked })}</p>
      <RouteChart routes={result.routes} judged={judged} />
      {unjudged.length === 0 ? null : (
        <ul className="small muted" aria-label={t('unjudged')}>
          {unjudged.map(({ reason, count }) => (
            <li key={reason}>
              {t('unjudged')}: {count}, {t(reason)}
            </li>
          ))}
        </ul>
      )}
      {differing === 0 ? null : (
        <>
          <ShiftTable of="action" shifts={actions.map(({ action, ...shift }) => ({ name: action, ...shift }))} />
          <ShiftTable of="agent" shifts={agents.map(({ agent, ...shift }) => ({ name: agent, ...shift }))} />
        </>
      )}
      {differences.length === 0 ? null : <DifferenceTable differences={differences} />}
    </section>
  )
}

/** From which route to which: one bar for each way, what is looser at the top. */
function RouteChart({ routes, judged }: Pick<PolicySimulation, 'routes' | 'judged'>): ReactNode {
  const t = useText(POLICY)
  const word = useText(ROUTE_WORDS)
  return (
    <Funnel
      title={t('routes')}
      shareOf={percent}
      parts={inReadingOrder(routes).map((shift) => {
        const { before, after, count } = shift
        const way = wayOf(shift)
        const said = { before: word(before), after: word(after) }
        return {
          key: `${before}-${after}`,
          label: t(`shift_${way}`, said),
          count,
          share: judged === 0 ? null : count / judged,
          ...lookOf(way),
        }
      })}
    />
  )
}

interface ShiftTableProps {
  readonly of: 'action' | 'agent'
  readonly shifts: readonly NamedShift[]
}

/** How many of each action, or of each agent, would go another way, and which. */
function ShiftTable({ of, shifts }: ShiftTableProps): ReactNode {
  const t = useText(POLICY)
  const s = useText(SETTINGS)
  const word = useText(ROUTE_WORDS)
  const title = t(of === 'action' ? 'byAction' : 'byAgent')
  const columns: readonly Column<NamedShift>[] = [
    {
      key: 'name',
      title: s(of),
      cell: ({ name }) =>
        of === 'action' ? (
          <code>{visibleText(name)}</code>
        ) : (
          <Link to="/agents/$agentId/journey" params={{ agentId: name }}>
            {visibleText(name)}
          </Link>
        ),
    },
    { key: 'before', title: t('before'), cell: ({ before }) => word(before) },
    { key: 'after', title: t('after'), cell: ({ after }) => <strong>{word(after)}</strong> },
    { key: 'way', title: t('way'), cell: (shift) => <WayBadge shift={shift} /> },
    { key: 'count', title: t('count'), isNumber: true, cell: ({ count }) => count },
  ]
  return (
    <div className="titled-table">
      <h3 className="panel-title">{title}</h3>
      <DataTable
        caption={title}
        rows={shifts}
        keyOf={({ name, before, after }) => `${name} ${before} ${after}`}
        columns={columns}
      />
    </div>
  )
}

/** Whether less or more of a look would be taken. */
function WayBadge({ shift }: { readonly shift: Pick<NamedShift, 'before' | 'after'> }): ReactNode {
  const t = useText(POLICY)
  const way = wayOf(shift)
  return <span className={`badge tone-${way === 'looser' ? 'warn' : 'info'}`}>{t(way)}</span>
}

function DifferenceTable({ differences }: Pick<PolicySimulation, 'differences'>): ReactNode {
  const t = useText(POLICY)
  const s = useText(SETTINGS)
  const word = useText(ROUTE_WORDS)
  return (
    <div className="titled-table">
      <h3 className="panel-title">{t('differences')}</h3>
      <DataTable<SimulatedDifference>
        caption={t('differences')}
        rows={differences}
        keyOf={({ id }) => id}
        columns={[
          { key: 'when', title: t('decided'), cell: (difference) => <DecisionLink {...difference} /> },
          { key: 'agent', title: s('agent'), cell: ({ agent }) => visibleText(agent) },
          { key: 'action', title: s('action'), cell: ({ action }) => <code>{visibleText(action)}</code> },
          { key: 'was', title: t('before'), cell: ({ before }) => word(before) },
          { key: 'is', title: t('after'), cell: ({ after }) => <strong>{word(after)}</strong> },
          { key: 'why', title: t('because'), cell: ({ reason }) => <p className="because">{visibleText(reason)}</p> },
        ]}
      />
    </div>
  )
}
