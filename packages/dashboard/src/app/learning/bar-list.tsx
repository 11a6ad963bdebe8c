import type { ReactNode } from 'react'

/** A bar with its name and number. */
export interface Bar {
  readonly id: string
  readonly name: string
  readonly value: number
  readonly text: string
}

interface BarListProps {
  readonly bars: readonly Bar[]
  /** What a bar as wide as there is room stands for; default: the most of them. */
  readonly whole?: number
}

/** Bars below each other; names and numbers stand beside them. */
export function BarList({ bars, whole }: BarListProps): ReactNode {
  const most = whole ?? Math.max(1, ...bars.map(({ value }) => value))
  return (
    <ul className="lr-bars">
      {bars.map(({ id, name, value, text }) => (
        <li key={id} className="lr-bar">
          <span>{name}</span>
          <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
            <rect width={(value / most) * 100} height={10} />
          </svg>
          <span className="lr-bar-text">{text}</span>
        </li>
      ))}
    </ul>
  )
}
