import '../styles/analytics.css'
import '../styles/charts.css'
import type { JsonValue } from '@preceptor/client'
import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { type ComponentType, type ReactNode, useEffect, useRef } from 'react'
import { saveText } from '../data/save-text.ts'
import { useKeys } from '../keys/use-keys.ts'
import { NotFound } from '../shell/not-found.tsx'
import { useText } from '../text/use-text.ts'
import { useAnnounce } from '../ui/announcer.tsx'
import { Button } from '../ui/button.tsx'
import { Page, PageTabs } from '../ui/page.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { ANALYTICS } from './analytics-messages.ts'
import { type AnalyticsSearch, RANGES, readAnalyticsSearch, VIEWS, type ViewName } from './analytics-search.ts'
import { ApprovalsView } from './approvals-view.tsx'
import { MaturityView } from './maturity-view.tsx'
import { csvOf, measuresOf } from './measures.ts'
import { OverviewView } from './overview-view.tsx'
import { SupervisionView } from './supervision-view.tsx'
import { SystemView } from './system-view.tsx'
import { TrainingView } from './training-view.tsx'

const PARTS: Readonly<Record<ViewName, ComponentType>> = {
  overview: OverviewView,
  approvals: ApprovalsView,
  maturity: MaturityView,
  supervision: SupervisionView,
  training: TrainingView,
  system: SystemView,
}

/** How decisions, agents, reviewers and training do. */
export function AnalyticsPage(): ReactNode {
  const t = useText(ANALYTICS)
  const { view } = useParams({ from: '/analytics/$view' })
  const search = useSearch({ from: '/analytics/$view' })
  const name = VIEWS.find((known) => known === view)
  if (name === undefined) return <NotFound />
  const View = PARTS[name]
  return (
    <Page title={t('title')} actions={<Controls view={name} search={search} />} tabs={<Tabs search={search} />}>
      <View />
    </Page>
  )
}

function Tabs({ search }: { readonly search: AnalyticsSearch }): ReactNode {
  const t = useText(ANALYTICS)
  return (
    <PageTabs label={t('views')}>
      {VIEWS.map((view) => (
        <Link key={view} to="/analytics/$view" params={{ view }} search={search}>
          {t(view)}
        </Link>
      ))}
    </PageTabs>
  )
}

interface ControlsProps {
  readonly view: ViewName
  readonly search: AnalyticsSearch
}

function Controls({ view, search }: ControlsProps): ReactNode {
  const t = useText(ANALYTICS)
  const navigate = useNavigate()
  const agent = useRef<HTMLInputElement>(null)
  useKeys({ '/': () => agent.current?.focus() })
  // Whoever types goes on typing; what else changed the address is shown.
  useEffect(() => {
    const input = agent.current
    if (input !== null && input !== document.activeElement) input.value = search.agent ?? ''
  }, [search.agent])
  const change = (part: Readonly<Record<string, string>>): void =>
    void navigate({
      to: '/analytics/$view',
      params: { view },
      search: readAnalyticsSearch({ ...search, ...part }),
      replace: true,
    })
  return (
    <>
      {view === 'system' ? null : (
        <SelectField
          label={t('range')}
          isLabelHidden
          value={search.range ?? '30d'}
          options={RANGES.map((range) => [range, t(range)] as const)}
          onChange={(range) => change({ range })}
        />
      )}
      <form
        className="filter"
        onSubmit={(event) => {
          event.preventDefault()
          change({ agent: agent.current?.value.trim() ?? '' })
        }}
      >
        <input
          ref={agent}
          defaultValue={search.agent ?? ''}
          aria-label={t('agent')}
          placeholder={t('anyAgent')}
          spellCheck={false}
          onBlur={(event) => {
            if (event.target.value.trim() !== (search.agent ?? '')) change({ agent: event.target.value.trim() })
          }}
        />
      </form>
      <Export view={view} search={search} />
    </>
  )
}

/** What each part is made from, as the queries name it. */
const SOURCES: Readonly<Record<ViewName, readonly string[]>> = {
  overview: ['summary', 'decisions', 'routing'],
  approvals: ['summary', 'decisions', 'reviewers'],
  maturity: ['maturity'],
  supervision: ['supervision'],
  training: ['training'],
  system: ['system'],
}

function Export({ view, search: { range = '30d', agent = '' } }: ControlsProps): ReactNode {
  const t = useText(ANALYTICS)
  const client = useQueryClient()
  const announce = useAnnounce()
  const save = (format: 'json' | 'csv'): void => {
    const found = SOURCES[view].flatMap((source): [string, JsonValue][] => {
      const data = client.getQueryData<JsonValue>(['analytics', source, range, agent])
      return data === undefined ? [] : [[source, data]]
    })
    const name = `analytics-${view}-${range}.${format}`
    if (format === 'json') {
      saveText([`${JSON.stringify(Object.fromEntries(found), null, 2)}\n`], { name, type: 'application/json' })
    } else {
      saveText([csvOf(found.flatMap(([source, data]) => measuresOf(source, data)))], { name, type: 'text/csv' })
    }
    announce(t('exported'))
  }
  return (
    <>
      <Button onClick={() => save('csv')}>{t('exportCsv')}</Button>
      <Button onClick={() => save('json')}>{t('exportJson')}</Button>
    </>
  )
}
