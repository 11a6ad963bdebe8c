import type { ReactNode } from 'react'

/** What is said by the points of a drawing already, and not said twice. */
export const UNHEARD: Readonly<Record<'aria-hidden', true>> = { 'aria-hidden': true }

interface DrawingProps {
  readonly title: string
  readonly width: number
  readonly height: number
  readonly children: ReactNode
}

/** The ground of a chart: a group of points, each with a name. */
export function DrawingGround({ title, width, height, children }: DrawingProps): ReactNode {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a drawing is no set of fields
    <svg viewBox={`0 0 ${width} ${height}`} role="group" aria-label={title}>
      {children}
    </svg>
  )
}
