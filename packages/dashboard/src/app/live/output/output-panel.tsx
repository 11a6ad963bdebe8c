import { Tabs } from '@base-ui/react/tabs'
import { visibleJson, visibleText } from '@preceptor/client'
import { type ReactNode, useMemo, useState } from 'react'
import { useText } from '../../text/use-text.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { Panel } from '../../ui/page.tsx'
import { SelectField } from '../../ui/select-field.tsx'
import type { OutputView } from '../session/session-search.ts'
import { useSessionSearch } from '../session/use-session-search.ts'
import { OutputChartView } from './output-chart.tsx'
import { OUTPUT } from './output-messages.ts'
import { type OutputReading, type OutputTable, readOutput } from './read-output.ts'

const NEWEST = 'newest'

/** What the run put out, in each way in which it can be read. */
export function OutputPanel({ outputs }: { readonly outputs: readonly string[] }): ReactNode {
  const t = useText(OUTPUT)
  const [which, setWhich] = useState(NEWEST)
  const text = (which === NEWEST ? outputs.at(-1) : outputs[Number(which)]) ?? ''
  const reading = useMemo(() => readOutput(text), [text])
  if (outputs.length === 0) {
    return (
      <Panel title={t('title')}>
        <p className="muted">{t('nothing')}</p>
      </Panel>
    )
  }
  const older = outputs.slice(0, -1).map((_, index) => [String(index), t('one', { number: index + 1 })] as const)
  return (
    <Panel
      title={t('title')}
      actions={
        <span className="line">
          {older.length === 0 ? null : (
            <SelectField
              label={t('which')}
              isLabelHidden
              value={which}
              options={[[NEWEST, t('newest', { number: outputs.length })], ...older.toReversed()]}
              onChange={setWhich}
            />
          )}
          <CopyButton text={text} label={t('copy')} />
        </span>
      }
    >
      <Views reading={reading} />
    </Panel>
  )
}

function Views({ reading }: { readonly reading: OutputReading }): ReactNode {
  const t = useText(OUTPUT)
  const [search, change] = useSessionSearch()
  const { text, json, table, chart } = reading
  const views: readonly OutputView[] = [
    ...(table === undefined ? [] : (['table'] as const)),
    ...(chart === undefined ? [] : (['chart'] as const)),
    ...(json === undefined ? [] : (['json'] as const)),
    'text',
  ]
  const view = views.find((one) => one === search.output) ?? views[0] ?? 'text'
  return (
    <Tabs.Root value={view} onValueChange={(output: OutputView) => change({ output })}>
      <Tabs.List className="tabs" aria-label={t('view')}>
        {views.map((one) => (
          <Tabs.Tab key={one} value={one} className="tab">
            {t(one)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={view} className="tab-panel" tabIndex={-1}>
        {view === 'json' && json !== undefined ? <JsonView value={json} /> : null}
        {view === 'text' ? <pre className="json">{visibleText(text)}</pre> : null}
        {view === 'table' && table !== undefined ? <TableView table={table} /> : null}
        {view === 'chart' && chart !== undefined ? <OutputChartView chart={chart} /> : null}
      </Tabs.Panel>
    </Tabs.Root>
  )
}

interface TableRow {
  readonly key: string
  readonly cells: OutputTable['rows'][number]
}

function TableView({ table: { columns, rows } }: { readonly table: OutputTable }): ReactNode {
  const t = useText(OUTPUT)
  const numbered = rows.map((cells, index) => ({ key: String(index), cells }))
  return (
    <>
      <DataTable<TableRow>
        caption={t('title')}
        className="output-table"
        rows={numbered}
        keyOf={({ key }) => key}
        columns={columns.map((name, index) => ({
          key: `${index} ${name}`,
          title: visibleText(name),
          isNumber: rows.every((row) => typeof row[index] === 'number' || row[index] === null),
          cell: ({ cells }) => {
            const value = cells[index] ?? null
            return value === null ? '' : typeof value === 'string' ? visibleText(value) : visibleJson(value)
          },
        }))}
      />
      <p className="muted small">{t('rows', { count: rows.length })}</p>
    </>
  )
}
