import type { ReactNode } from 'react'
import { intervalScale, signed } from './score-scale.ts'

interface IntervalBarProps {
  readonly label: string
  readonly interval: readonly [low: number, high: number]
  readonly middle: number
  /** All intervals that stand beside each other: they share one scale. */
  readonly among?: readonly (readonly [number, number])[]
}

/** A number with what it lies between, on a line with nought marked; the words stand beside it. */
export function IntervalBar({ label, interval, middle, among }: IntervalBarProps): ReactNode {
  const scale = intervalScale([...(among ?? []), interval])
  const [low, high] = [scale.at(interval[0]), scale.at(interval[1])]
  const nought = scale.at(0)
  return (
    <svg className="lr-interval" viewBox="0 0 100 16" preserveAspectRatio="none" role="img" aria-label={label}>
      <line x1={0} x2={100} y1={8} y2={8} className="lr-interval-line" />
      <line x1={nought} x2={nought} y1={0} y2={16} className="lr-interval-zero" />
      <rect x={low} y={5} width={Math.max(high - low, 0.8)} height={6} className="lr-interval-band" />
      <rect x={scale.at(middle) - 0.6} y={1} width={1.2} height={14} className="lr-interval-mean">
        <title>{signed(middle)}</title>
      </rect>
    </svg>
  )
}
