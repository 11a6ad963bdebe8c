import { type JsonObject, type PolicySimulation, type SimulatedDifference, visibleText } from '@preceptor/client'
import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { timeText } from '../data/format.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Panel } from '../ui/page.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { POLICY } from './policy-messages.ts'
import { SETTINGS } from './settings-messages.ts'
import { refusalsOf } from './use-policy-draft.ts'

const SPANS = ['1', '7', '30'] as const

interface PolicySimulationPanelProps {
  /** Null while the text is no document. */
  readonly document: JsonObject | null
  readonly onRefused: (error: unknown) => void
}

/** Tries a document on what was decided in the last days. */
export function PolicySimulationPanel({ document, onRefused }: PolicySimulationPanelProps): ReactNode {
  const t = useText(POLICY)
  const { scope, isOffline } = useSignedIn()
  const [days, setDays] = useState<(typeof SPANS)[number]>('7')
  const tried = useMutation({
    networkMode: 'always',
    mutationFn: (given: JsonObject) => scope.policies.simulate(given, { days: Number(days) }),
    onError: onRefused,
  })
  const isStale = tried.data !== undefined && tried.variables !== document
  return (
    <Panel title={t('simulate')} className="stack">
      <p className="muted">{t('simulateIntro')}</p>
      <form
        className="line"
        onSubmit={(event) => {
          event.preventDefault()
          if (document !== null && !tried.isPending) tried.mutate(document)
        }}
      >
        <SelectField
          label={t('days')}
          value={days}
          options={SPANS.map((span) => [span, t('dayCount', { days: Number(span) })] as const)}
          onChange={setDays}
        />
        <Button type="submit" disabled={document === null || isOffline} className="end">
          {t(tried.isPending ? 'running' : 'run')}
        </Button>
      </form>
      <div role="status">{isStale ? <p className="muted">{t('stale')}</p> : null}</div>
      {tried.isError && refusalsOf(tried.error).length === 0 ? <ProblemNote error={tried.error} /> : null}
      {tried.data === undefined ? null : <SimulationResult result={tried.data} />}
    </Panel>
  )
}

function SimulationResult({ result }: { readonly result: PolicySimulation }): ReactNode {
  const t = useText(POLICY)
  const { differing, judged, total, looked, unjudged, differences } = result
  if (total === 0) return <p>{t('nothingDecided')}</p>
  return (
    <section className="stack" aria-label={t('simulateTitle')}>
      <p role="status">
        <strong>{t('verdict', { differing, judged })}</strong>
      </p>
      <p className="muted small">{t('looked', { total, looked })}</p>
      <RouteTable routes={result.routes} />
      {unjudged.length === 0 ? null : (
        <ul className="small muted" aria-label={t('unjudged')}>
          {unjudged.map(({ reason, count }) => (
            <li key={reason}>
              {t('unjudged')}: {count}, {t(reason)}
            </li>
          ))}
        </ul>
      )}
      {differences.length === 0 ? null : <DifferenceTable differences={differences} />}
    </section>
  )
}

function RouteTable({ routes }: Pick<PolicySimulation, 'routes'>): ReactNode {
  const t = useText(POLICY)
  type Row = PolicySimulation['routes'][number]
  return (
    <DataTable<Row>
      caption={t('routes')}
      rows={routes}
      keyOf={({ before, after }) => `${before}-${after}`}
      columns={[
        { key: 'before', title: t('before'), cell: ({ before }) => before },
        {
          key: 'after',
          title: t('after'),
          cell: ({ before, after }) => (before === after ? after : <strong>→ {after}</strong>),
        },
        { key: 'count', title: t('count'), isNumber: true, cell: ({ count }) => count },
      ]}
    />
  )
}

function DifferenceTable({ differences }: Pick<PolicySimulation, 'differences'>): ReactNode {
  const t = useText(POLICY)
  const s = useText(SETTINGS)
  return (
    <>
      <h3 className="panel-title">{t('differences')}</h3>
      <DataTable<SimulatedDifference>
        caption={t('differences')}
        rows={differences}
        keyOf={({ id }) => id}
        columns={[
          { key: 'when', title: t('decided'), cell: ({ decidedAt }) => timeText(decidedAt) },
          { key: 'agent', title: s('agent'), cell: ({ agent }) => visibleText(agent) },
          { key: 'action', title: s('action'), cell: ({ action }) => <code>{visibleText(action)}</code> },
          { key: 'was', title: t('before'), cell: ({ before }) => before },
          { key: 'is', title: t('after'), cell: ({ after }) => <strong>{after}</strong> },
          { key: 'why', title: t('because'), cell: ({ reason }) => visibleText(reason) },
        ]}
      />
    </>
  )
}
