import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { ChartFrame } from './chart-frame.tsx'
import { edgesOf, heatOf, labelledRows, MARGIN } from './chart-geometry.ts'
import { CHARTS } from './chart-messages.ts'
import { DrawingGround, UNHEARD } from './drawing.tsx'
import { useChartWidth } from './use-chart-width.ts'
import { usePoints } from './use-points.ts'

interface HeatCell {
  readonly at: string
  readonly value: number
}

interface HeatStripProps {
  readonly title: string
  readonly summary?: string
  readonly cells: readonly HeatCell[]
  readonly nameOf: (at: string) => string
  /** What a value says, such as `3 blocked`. */
  readonly say: (value: number) => string
}

const HEIGHT = 64

/** One number over time as a row of cells: the darker, the more. */
export function HeatStrip({ title, summary, cells, nameOf, say }: HeatStripProps): ReactNode {
  const t = useText(CHARTS)
  const isNothing = cells.every(({ value }) => value === 0)
  return (
    <ChartFrame
      title={title}
      {...(summary === undefined ? {} : { summary })}
      rows={isNothing ? [] : cells}
      keyOf={({ at }) => at}
      columns={[
        { key: 'at', title: t('time'), cell: ({ at }) => nameOf(at) },
        { key: 'value', title: t('number'), isNumber: true, cell: ({ value }) => value },
      ]}
    >
      <Strip title={title} cells={cells} nameOf={nameOf} say={say} />
    </ChartFrame>
  )
}

function Strip({ title, cells, nameOf, say }: Omit<HeatStripProps, 'summary'>): ReactNode {
  const t = useText(CHARTS)
  const [place, width] = useChartWidth()
  const edges = edgesOf(cells.length, width)
  const most = Math.max(...cells.map(({ value }) => value))
  const points = usePoints(cells.map(({ at, value }) => `${nameOf(at)}: ${say(value)}`))
  return (
    <div ref={place} className="chart-canvas">
      <DrawingGround title={title} width={width} height={HEIGHT}>
        {cells.map(({ at, value }, index) => {
          const [x, end] = [edges[index] ?? 0, edges[index + 1] ?? 0]
          return (
            <g key={at} data-point="" className="chart-point" {...points.of(index)}>
              <rect
                x={x + 1}
                y="2"
                width={Math.max(end - x - 2, 1)}
                height="34"
                rx="3"
                className={`heat heat-${heatOf(value, most)}`}
              />
              {end - x < 22 || value === 0 ? null : (
                <text x={(x + end) / 2} y="23" textAnchor="middle" className={`heat-text-${heatOf(value, most)}`}>
                  {value}
                </text>
              )}
            </g>
          )
        })}
        {labelledRows(cells.length, width).map((index) => (
          <text key={index} x={edges[index] ?? MARGIN.left} y={HEIGHT - 10} {...UNHEARD}>
            {nameOf(cells[index]?.at ?? '')}
          </text>
        ))}
      </DrawingGround>
      <p className="chart-readout small" aria-hidden="true">
        {points.chosen ?? t('choose')}
      </p>
    </div>
  )
}
