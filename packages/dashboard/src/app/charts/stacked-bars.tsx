import type { ReactNode } from 'react'
import { columnsOf, MARGIN, mostOf } from './chart-geometry.ts'
import { patternAddress } from './patterns.tsx'
import { type Drawing, TimeChart, type TimeChartProps } from './time-chart.tsx'

/** Numbers over time as columns of parts that stand on each other. */
export function StackedBars<Key extends string>(props: TimeChartProps<Key>): ReactNode {
  const keys = props.series.map(({ key }) => key)
  return (
    <TimeChart
      {...props}
      most={mostOf(keys, props.rows)}
      draw={(drawing) => <Columns {...props} drawing={drawing} />}
    />
  )
}

function Columns<Key extends string>(props: TimeChartProps<Key> & { readonly drawing: Drawing }): ReactNode {
  const { series, rows, drawing } = props
  const { size, points, prefix } = drawing
  const columns = columnsOf(
    series.map(({ key }) => key),
    rows,
    size,
  )
  return columns.map(({ x, width, parts }, index) => (
    <g key={rows[index]?.at ?? index} data-point="" className="chart-point" {...points.of(index)}>
      <rect
        className="chart-hit"
        x={x}
        y={MARGIN.top}
        width={width}
        height={size.height - MARGIN.top - MARGIN.bottom}
      />
      {parts.map(({ key, y, height }) => {
        const { tone, pattern } = series.find((one) => one.key === key) ?? { tone: 'slate', pattern: 'plain' }
        const box = { x, y, width, height }
        return (
          <g key={key}>
            <rect {...box} className={`fill-${tone}`} />
            {pattern === 'plain' ? null : <rect {...box} fill={patternAddress(prefix, pattern)} />}
          </g>
        )
      })}
    </g>
  ))
}
