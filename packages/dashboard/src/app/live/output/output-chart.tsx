import { visibleText } from '@preceptor/client'
import { scaleBand, scaleLinear } from 'd3-scale'
import { type ReactNode, useState } from 'react'
import { ChartFrame } from '../../charts/chart-frame.tsx'
import { useText } from '../../text/use-text.ts'
import { SelectField } from '../../ui/select-field.tsx'
import { OUTPUT } from './output-messages.ts'
import type { OutputChart } from './read-output.ts'

const WIDTH = 640
const HEIGHT = 220
const LEFT = 52
const BOTTOM = 22
const TOP = 8
const MOST_BARS = 60
const MOST_NAMED = 12
const LONGEST_NAME = 10

interface Point {
  readonly key: string
  readonly label: string
  readonly value: number
}

/** The numbers of an output as bars, one column at a time. */
export function OutputChartView({ chart: { labels, series } }: { readonly chart: OutputChart }): ReactNode {
  const t = useText(OUTPUT)
  const [chosen, setChosen] = useState('0')
  const column = series[Number(chosen)] ?? series[0]
  if (column === undefined) return null
  const points = column.values.flatMap((value, index) =>
    value === null ? [] : [{ key: String(index), label: visibleText(labels[index] ?? ''), value }],
  )
  const name = visibleText(column.name)
  const [least, most] = [Math.min(...points.map(({ value }) => value)), Math.max(...points.map(({ value }) => value))]
  return (
    <div className="stack">
      {series.length < 2 ? null : (
        <SelectField
          label={t('column')}
          value={chosen}
          options={series.map((one, index) => [String(index), visibleText(one.name)] as const)}
          onChange={setChosen}
        />
      )}
      <ChartFrame<Point>
        title={t('chartTitle', { column: name })}
        summary={t('range', { least, most, count: points.length })}
        columns={[
          { key: 'label', title: t('row'), cell: ({ label }) => label },
          { key: 'value', title: name, isNumber: true, cell: ({ value }) => value },
        ]}
        rows={points}
        keyOf={({ key }) => key}
        legend={points.length > MOST_BARS ? <p className="muted small">{t('tooMany', { count: MOST_BARS })}</p> : null}
      >
        <Bars points={points.slice(0, MOST_BARS)} />
      </ChartFrame>
    </div>
  )
}

function Bars({ points }: { readonly points: readonly Point[] }): ReactNode {
  const t = useText(OUTPUT)
  const values = points.map(({ value }) => value)
  const x = scaleBand<string>(
    points.map(({ key }) => key),
    [LEFT, WIDTH],
  ).padding(0.25)
  const y = scaleLinear([Math.min(0, ...values), Math.max(0, ...values)], [HEIGHT - BOTTOM, TOP]).nice()
  const zero = y(0)
  const isNamed = points.length <= MOST_NAMED
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: the frame of the chart has its title, and each point its name
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="output-chart">
      {y.ticks(4).map((tick) => (
        <g key={tick}>
          <line className="axis" x1={LEFT} x2={WIDTH} y1={y(tick)} y2={y(tick)} />
          <text x={LEFT - 8} y={y(tick) + 4} textAnchor="end">
            {y.tickFormat(4, '~s')(tick)}
          </text>
        </g>
      ))}
      {points.map(({ key, label, value }) => {
        const left = x(key) ?? 0
        return (
          <g key={key}>
            {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: each point is reached and says its value */}
            <g role="img" tabIndex={0} aria-label={t('point', { label, value })}>
              <rect
                className="bar-rect"
                x={left}
                width={x.bandwidth()}
                y={Math.min(y(value), zero)}
                height={Math.max(Math.abs(y(value) - zero), 1)}
                rx={2}
              />
            </g>
            {isNamed ? (
              <text x={left + x.bandwidth() / 2} y={HEIGHT - 6} textAnchor="middle">
                {shortened(label)}
              </text>
            ) : null}
          </g>
        )
      })}
    </svg>
  )
}

/** The axis has little room; the name of the bar and the table have the whole of it. */
function shortened(label: string): string {
  return label.length <= LONGEST_NAME ? label : `${label.slice(0, LONGEST_NAME - 1)}…`
}
