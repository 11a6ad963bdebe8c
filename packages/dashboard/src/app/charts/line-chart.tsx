import type { ReactNode } from 'react'
import { edgesOf, MARGIN, pathOf, pointsOf } from './chart-geometry.ts'
import { UNHEARD } from './drawing.tsx'
import { dashesOf } from './series.ts'
import { type Drawing, TimeChart, type TimeChartProps } from './time-chart.tsx'

/** Numbers over time as lines, told apart by their dashes as well as by their colour. */
export function LineChart<Key extends string>(props: TimeChartProps<Key>): ReactNode {
  const most = Math.max(0, ...props.rows.flatMap(({ values }) => props.series.map(({ key }) => values[key])))
  return (
    <TimeChart
      {...props}
      isOfLines
      most={most}
      draw={(drawing) => <Lines {...props} most={most} drawing={drawing} />}
    />
  )
}

interface LinesProps<Key extends string> extends TimeChartProps<Key> {
  readonly most: number
  readonly drawing: Drawing
}

function Lines<Key extends string>({ series, rows, most, drawing: { size, points } }: LinesProps<Key>): ReactNode {
  const edges = edgesOf(rows.length, size.width)
  const lines = series.map((one, index) => ({
    ...one,
    dashes: dashesOf(index),
    points: pointsOf(
      rows.map(({ values }) => values[one.key]),
      most,
      size,
    ),
  }))
  return (
    <>
      {lines.map((one) => (
        <path
          key={one.key}
          d={pathOf(one.points)}
          className={`chart-line stroke-${one.tone}`}
          strokeDasharray={one.dashes}
          {...UNHEARD}
        />
      ))}
      {rows.map(({ at }, index) => (
        <g key={at} data-point="" className="chart-point" {...points.of(index)}>
          <rect
            className="chart-hit"
            x={edges[index]}
            y={MARGIN.top}
            width={(edges[index + 1] ?? 0) - (edges[index] ?? 0)}
            height={size.height - MARGIN.top - MARGIN.bottom}
          />
          {lines.map((one) => (
            <circle
              key={one.key}
              cx={one.points[index]?.x}
              cy={one.points[index]?.y}
              r="2.5"
              className={`fill-${one.tone}`}
            />
          ))}
        </g>
      ))}
    </>
  )
}
