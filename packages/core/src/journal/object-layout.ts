import { quoted } from './quoted.ts'

/** How objects with the same keys, in the same order, are written. */
export interface ObjectLayout {
  readonly keys: readonly string[]
  /** The keys by UTF-16 code units, as RFC 8785 asks. */
  readonly order: readonly string[]
  /** The same, written as the names of members, each but the first behind a comma. */
  readonly names: readonly string[]
}

// Rows are of few kinds, and agents send objects of any: what is kept has a bound in number and size, and begins anew when full.
const MOST_LAYOUTS = 256
const MOST_BESIDE = 8
const MOST_CHARACTERS = 512
const layouts = new Map<string, ObjectLayout[]>()
const NONE: readonly ObjectLayout[] = []
let kept = 0

/** How objects with these keys are written: sorting and quoting the same few over and over is most of the work. */
export function layoutOf(keys: readonly string[]): ObjectLayout {
  const first = keys[0] ?? ''
  for (const layout of layouts.get(first) ?? NONE) if (isOf(layout, keys)) return layout
  const order = keys.toSorted(byCodeUnits)
  const layout = { keys, order, names: order.map((key, place) => `${place === 0 ? '' : ','}${quoted(key)}:`) }
  keep(first, layout)
  return layout
}

function keep(first: string, layout: ObjectLayout): void {
  let characters = 0
  for (const name of layout.names) characters += name.length
  if (characters > MOST_CHARACTERS) return
  if (kept >= MOST_LAYOUTS) {
    layouts.clear()
    kept = 0
  }
  const beside = layouts.get(first) ?? []
  // The oldest of those that begin alike makes room.
  if (beside.length >= MOST_BESIDE) beside.shift()
  else kept += 1
  beside.push(layout)
  layouts.set(first, beside)
}

function isOf({ keys }: ObjectLayout, others: readonly string[]): boolean {
  if (keys.length !== others.length) return false
  for (let place = 0; place < keys.length; place += 1) if (keys[place] !== others[place]) return false
  return true
}

function byCodeUnits(one: string, other: string): number {
  return one < other ? -1 : 1
}
