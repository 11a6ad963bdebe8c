import type { ReactNode } from 'react'
import { sparkOf } from './chart-geometry.ts'

const SIZE = { width: 96, height: 26 }

/** A line without axes beside a number; its name says what it shows. */
export function Sparkline({
  label,
  values,
}: {
  readonly label: string
  readonly values: readonly number[]
}): ReactNode {
  return (
    <svg viewBox={`0 0 ${SIZE.width} ${SIZE.height}`} className="sparkline" role="img" aria-label={label}>
      <path d={sparkOf(values, SIZE)} className="chart-line stroke-accent" />
    </svg>
  )
}
