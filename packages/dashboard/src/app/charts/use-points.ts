import { type KeyboardEvent, useState } from 'react'

/** What makes a part of a drawing reachable by keyboard and pointer. */
interface PointProps {
  readonly role: 'img'
  readonly tabIndex: 0 | -1
  readonly 'aria-label': string
  readonly onFocus: () => void
  readonly onPointerEnter: () => void
  readonly onKeyDown: (event: KeyboardEvent<SVGElement>) => void
}

/** The points of a drawing: one of them is in the order of Tab, the arrow keys go to the others. */
export interface Points {
  /** What the chosen point says; undefined while none was chosen. */
  readonly chosen: string | undefined
  of(index: number): PointProps
}

/** Lets the points of a drawing be gone through; each has a name that says what it shows. */
export function usePoints(names: readonly string[]): Points {
  const [at, setAt] = useState<number | null>(null)
  const present = Math.min(at ?? names.length - 1, names.length - 1)
  return {
    chosen: at === null ? undefined : names[present],
    of: (index) => ({
      role: 'img',
      tabIndex: index === present ? 0 : -1,
      'aria-label': names[index] ?? '',
      onFocus: () => setAt(index),
      onPointerEnter: () => setAt(index),
      onKeyDown(event) {
        const next = nextPoint(event.key, index, names.length)
        if (next === undefined) return
        event.preventDefault()
        const points = event.currentTarget.ownerSVGElement?.querySelectorAll<SVGElement>('[data-point]')
        points?.[next]?.focus()
      },
    }),
  }
}

/** Which point a key leads to; undefined for a key that leads nowhere. */
export function nextPoint(key: string, index: number, count: number): number | undefined {
  const to: Readonly<Record<string, number>> = {
    ArrowRight: index + 1,
    ArrowLeft: index - 1,
    Home: 0,
    End: count - 1,
  }
  const next = to[key]
  return next === undefined ? undefined : Math.min(Math.max(next, 0), count - 1)
}
