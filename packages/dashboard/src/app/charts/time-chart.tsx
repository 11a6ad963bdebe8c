import { type ReactNode, useId } from 'react'
import { useText } from '../text/use-text.ts'
import { ChartFrame } from './chart-frame.tsx'
import { type ChartRow, type ChartSize, labelledRows, MARGIN, ticksOf } from './chart-geometry.ts'
import { CHARTS } from './chart-messages.ts'
import { DrawingGround, UNHEARD } from './drawing.tsx'
import { ChartLegend, Patterns } from './patterns.tsx'
import type { Series } from './series.ts'
import { useChartWidth } from './use-chart-width.ts'
import { type Points, usePoints } from './use-points.ts'

/** What a chart over time is made from. */
export interface TimeChartProps<Key extends string> {
  readonly title: string
  readonly summary?: string
  readonly series: readonly Series<Key>[]
  readonly rows: readonly ChartRow<Key>[]
  /** What a time is called, such as a day. */
  readonly nameOf: (at: string) => string
  /** What a number is called; default: as it is. */
  readonly numberOf?: (value: number) => string
}

/** What is drawn in the frame of a chart over time. */
export interface Drawing {
  readonly size: ChartSize
  readonly points: Points
  readonly prefix: string
}

interface FramedProps<Key extends string> extends TimeChartProps<Key> {
  /** The highest number that is drawn. */
  readonly most: number
  readonly isOfLines?: boolean
  readonly draw: (drawing: Drawing) => ReactNode
}

const HEIGHT = 220

/** The frame that charts over time share: numbers, times, what the chosen point says, legend and table. */
export function TimeChart<Key extends string>(props: FramedProps<Key>): ReactNode {
  const { title, summary, series, rows, nameOf, numberOf = String } = props
  const t = useText(CHARTS)
  const prefix = useId().replaceAll(/\W/g, '')
  const isNothing = props.most === 0
  return (
    <ChartFrame
      title={title}
      {...(summary === undefined ? {} : { summary })}
      rows={isNothing ? [] : rows}
      keyOf={({ at }) => at}
      columns={[
        { key: 'at', title: t('time'), cell: ({ at }) => nameOf(at) },
        ...series.map(({ key, label }) => ({
          key,
          title: label,
          isNumber: true,
          cell: ({ values }: ChartRow<Key>) => numberOf(values[key]),
        })),
      ]}
      legend={<ChartLegend series={series} prefix={prefix} isOfLines={props.isOfLines ?? false} />}
    >
      <Canvas {...props} prefix={prefix} />
    </ChartFrame>
  )
}

function Canvas<Key extends string>(props: FramedProps<Key> & { readonly prefix: string }): ReactNode {
  const { title, series, rows, nameOf, numberOf = String, most, draw, prefix } = props
  const t = useText(CHARTS)
  const [place, width] = useChartWidth()
  const size = { width, height: HEIGHT }
  const names = rows.map(({ at, values }) => {
    const parts = series
      .filter(({ key }) => values[key] !== 0)
      .map(({ key, label }) => `${label} ${numberOf(values[key])}`)
    return `${nameOf(at)}: ${parts.length === 0 ? t('nothing') : parts.join(', ')}`
  })
  const points = usePoints(names)
  return (
    <div ref={place} className="chart-canvas">
      <DrawingGround title={title} width={width} height={HEIGHT}>
        <Patterns prefix={prefix} />
        <Axes size={size} most={most} rows={rows} nameOf={nameOf} numberOf={numberOf} />
        {draw({ size, points, prefix })}
      </DrawingGround>
      <p className="chart-readout small" aria-hidden="true">
        {points.chosen ?? t('choose')}
      </p>
    </div>
  )
}

interface AxesProps<Key extends string> extends Pick<TimeChartProps<Key>, 'rows' | 'nameOf'> {
  readonly size: ChartSize
  readonly most: number
  readonly numberOf: (value: number) => string
}

function Axes<Key extends string>({ size, most, rows, nameOf, numberOf }: AxesProps<Key>): ReactNode {
  const step = (size.width - MARGIN.left - MARGIN.right) / Math.max(rows.length, 1)
  return (
    <g {...UNHEARD}>
      {ticksOf(most, size).map(({ value, y }) => (
        <g key={value}>
          <line className="axis" x1={MARGIN.left} x2={size.width - MARGIN.right} y1={y} y2={y} />
          <text x={MARGIN.left - 6} y={y + 4} textAnchor="end">
            {numberOf(value)}
          </text>
        </g>
      ))}
      {labelledRows(rows.length, size.width).map((index) => (
        <text key={index} x={MARGIN.left + index * step} y={size.height - 6}>
          {nameOf(rows[index]?.at ?? '')}
        </text>
      ))}
    </g>
  )
}
