import { scaleLinear } from 'd3-scale'
import { curveStepAfter, line } from 'd3-shape'
import type { ReactNode } from 'react'

interface ConfidenceLineProps {
  /** Oldest first. */
  readonly values: readonly number[]
  readonly least: number
  readonly most: number
  /** What it shows, in words. */
  readonly label: string
}

const WIDTH = 72
const HEIGHT = 22
const EDGE = 3

/** A small line that says where the confidence of an agent went; the words say the same. */
export function ConfidenceLine({ values, least, most, label }: ConfidenceLineProps): ReactNode {
  const [low, high] = [Math.max(least, Math.min(...values) - 200), Math.min(most, Math.max(...values) + 200)]
  const x = scaleLinear([0, Math.max(1, values.length - 1)], [EDGE, WIDTH - EDGE])
  const y = scaleLinear([low, high], [HEIGHT - EDGE, EDGE])
  const path = line<number>((_, index) => x(index), y).curve(curveStepAfter)(values) ?? ''
  const last = values.at(-1)
  return (
    <svg className="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img">
      <title>{label}</title>
      <path d={path} />
      {last === undefined ? null : <circle cx={x(values.length - 1)} cy={y(last)} r={2.5} />}
    </svg>
  )
}
