import { scaleLinear } from 'd3-scale'
import { line } from 'd3-shape'
import type { ReactNode } from 'react'

/** A point of a line over time. */
export interface LinePoint {
  readonly id: string
  /** What the point says, for those who do not see it. */
  readonly name: string
  readonly value: number
}

const WIDTH = 640
const HEIGHT = 170
const EDGE = { left: 40, right: 12, top: 12, bottom: 14 } as const

/** Values in their order, with nought marked; every point is reached by the keyboard and has a name. */
export function LineChart({ points }: { readonly points: readonly LinePoint[] }): ReactNode {
  const values = points.map(({ value }) => value)
  const y = scaleLinear()
    .domain([Math.min(0, ...values), Math.max(1, ...values)])
    .nice(4)
    .range([HEIGHT - EDGE.bottom, EDGE.top])
  const x = scaleLinear()
    .domain([0, Math.max(points.length - 1, 1)])
    .range([EDGE.left + 6, WIDTH - EDGE.right])
  const path = line<LinePoint>(
    (_, index) => x(index),
    ({ value }) => y(value),
  )(points)
  return (
    // Its points have names; the figure around it has one as well.
    // biome-ignore lint/a11y/noSvgWithoutTitle: see above
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`}>
      {y.ticks(4).map((tick) => (
        <g key={tick}>
          <line x1={EDGE.left} x2={WIDTH - EDGE.right} y1={y(tick)} y2={y(tick)} className="axis" />
          <text x={EDGE.left - 6} y={y(tick) + 4} textAnchor="end">
            {tick}
          </text>
        </g>
      ))}
      <path d={path ?? ''} className="lr-line" />
      {points.map(({ id, name, value }, index) => (
        // A point is read by the keyboard as by the pointer.
        // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it has the focus to be read, and does nothing
        <circle
          key={id}
          cx={x(index)}
          cy={y(value)}
          r={4.5}
          className="lr-point"
          role="img"
          aria-label={name}
          tabIndex={0}
        >
          <title>{name}</title>
        </circle>
      ))}
    </svg>
  )
}
