import type { ReactNode } from 'react'
import { areasOf, edgesOf, MARGIN, mostOf } from './chart-geometry.ts'
import { UNHEARD } from './drawing.tsx'
import { patternAddress } from './patterns.tsx'
import { type Drawing, TimeChart, type TimeChartProps } from './time-chart.tsx'

/** How many of each there were over time, one standing on the other. */
export function StackedArea<Key extends string>(props: TimeChartProps<Key>): ReactNode {
  const keys = props.series.map(({ key }) => key)
  return (
    <TimeChart {...props} most={mostOf(keys, props.rows)} draw={(drawing) => <Areas {...props} drawing={drawing} />} />
  )
}

function Areas<Key extends string>(props: TimeChartProps<Key> & { readonly drawing: Drawing }): ReactNode {
  const { series, rows, drawing } = props
  const { size, points, prefix } = drawing
  const keys = series.map(({ key }) => key)
  const edges = edgesOf(rows.length, size.width)
  return (
    <>
      {areasOf(keys, rows, size).map(({ key, path }) => {
        const { tone, pattern } = series.find((one) => one.key === key) ?? { tone: 'slate', pattern: 'plain' }
        return (
          <g key={key} {...UNHEARD}>
            <path d={path} className={`area fill-${tone}`} />
            {pattern === 'plain' ? null : <path d={path} fill={patternAddress(prefix, pattern)} />}
          </g>
        )
      })}
      {rows.map(({ at }, index) => (
        <rect
          key={at}
          data-point=""
          className="chart-point chart-hit"
          x={edges[index]}
          y={MARGIN.top}
          width={(edges[index + 1] ?? 0) - (edges[index] ?? 0)}
          height={size.height - MARGIN.top - MARGIN.bottom}
          {...points.of(index)}
        />
      ))}
    </>
  )
}
