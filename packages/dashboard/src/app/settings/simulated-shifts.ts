import type { SimulatedRoute, SimulatedShift } from '@preceptor/client'
import type { SeriesPattern, SeriesTone } from '../charts/series.ts'
import { RULED_ROUTES } from './ruled-order.ts'

/** Which way an attempt would go: with less of a look at it, with more, or as it went. */
export type ShiftWay = 'looser' | 'stricter' | 'same'

/** Which way a shift goes. */
export function wayOf({ before, after }: Pick<SimulatedShift, 'before' | 'after'>): ShiftWay {
  const place = (route: SimulatedRoute): number => RULED_ROUTES.indexOf(route)
  if (place(after) === place(before)) return 'same'
  return place(after) < place(before) ? 'looser' : 'stricter'
}

const LOOKS: Readonly<Record<ShiftWay, { readonly tone: SeriesTone; readonly pattern: SeriesPattern }>> = {
  looser: { tone: 'orange', pattern: 'hatch' },
  stricter: { tone: 'blue', pattern: 'dots' },
  same: { tone: 'slate', pattern: 'plain' },
}

/** How a way is drawn. */
export const lookOf = (way: ShiftWay) => LOOKS[way]

/** A row of a table: what shifted, from where to where. */
export type NamedShift = SimulatedShift & { readonly name: string }

/** Shifts in the order in which they are read: what is looser first, then the most frequent. */
export function inReadingOrder<Shift extends SimulatedShift>(shifts: readonly Shift[]): readonly Shift[] {
  const rank = (shift: Shift): number => ['looser', 'stricter', 'same'].indexOf(wayOf(shift))
  return shifts.toSorted((a, b) => rank(a) - rank(b) || b.count - a.count)
}
