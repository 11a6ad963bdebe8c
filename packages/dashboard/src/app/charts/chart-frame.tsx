import { type ReactNode, useId, useState } from 'react'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { UI } from '../ui/ui-messages.ts'

interface ChartFrameProps<Row> {
  readonly title: string
  /** What the chart says, in a sentence. */
  readonly summary?: string
  /** The same as a table. */
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
  readonly legend?: ReactNode
  /** The drawing. */
  readonly children: ReactNode
}

/** A chart with its twin: whatever is drawn can be read as a table. */
export function ChartFrame<Row>(props: ChartFrameProps<Row>): ReactNode {
  const { title, summary, columns, rows, keyOf, legend, children } = props
  const t = useText(UI)
  const id = useId()
  const [isTable, setTable] = useState(false)
  return (
    <figure className="chart" aria-labelledby={id}>
      <figcaption className="chart-head">
        <span id={id} className="chart-title">
          {title}
        </span>
        {rows.length === 0 ? null : (
          <Button kind="quiet" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
            {t(isTable ? 'chart' : 'table')}
            <span className="visually-hidden">: {title}</span>
          </Button>
        )}
      </figcaption>
      {summary === undefined ? null : <p className="muted small">{summary}</p>}
      {rows.length === 0 ? <p className="muted waiting">{t('noData')}</p> : null}
      {rows.length > 0 && isTable ? <DataTable caption={title} columns={columns} rows={rows} keyOf={keyOf} /> : null}
      {rows.length > 0 && !isTable ? (
        <>
          {children}
          {legend}
        </>
      ) : null}
    </figure>
  )
}
