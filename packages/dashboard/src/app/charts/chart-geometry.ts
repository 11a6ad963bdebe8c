import { scaleBand, scaleLinear } from 'd3-scale'
import { area, curveStepAfter, line, stack } from 'd3-shape'

/** The size of a drawing in its own units, which are pixels where it is shown. */
export interface ChartSize {
  readonly width: number
  readonly height: number
}

/** Room for the numbers beside the drawing and the times below it. */
export const MARGIN = { top: 10, right: 8, bottom: 22, left: 40 } as const

/** Numbers at one time, by the key of their series. */
export interface ChartRow<Key extends string> {
  /** ISO 8601. */
  readonly at: string
  readonly values: Readonly<Record<Key, number>>
}

/** One part of a column: where it begins and ends. */
export interface ChartPart<Key extends string> {
  readonly key: Key
  readonly y: number
  readonly height: number
}

/** One column of a chart of bars. */
export interface ChartColumn<Key extends string> {
  readonly x: number
  readonly width: number
  readonly parts: readonly ChartPart<Key>[]
}

/** A line across the drawing at a round number. */
export interface ChartTick {
  readonly value: number
  readonly y: number
}

const MOST_TICKS = 4

/** Round numbers from nothing up to what is the most; a chart of nothing has one line. */
export function ticksOf(most: number, { height }: ChartSize): readonly ChartTick[] {
  const y = scaleY(most, height)
  return y.ticks(Math.min(MOST_TICKS, Math.max(1, Math.ceil(most)))).map((value) => ({ value, y: y(value) }))
}

function scaleY(most: number, height: number) {
  return scaleLinear()
    .domain([0, Math.max(most, 1)])
    .nice(MOST_TICKS)
    .range([height - MARGIN.bottom, MARGIN.top])
}

function bandsOf(count: number, width: number, gap: number) {
  return scaleBand<number>()
    .domain(Array.from({ length: count }, (_, index) => index))
    .range([MARGIN.left, width - MARGIN.right])
    .paddingInner(gap)
}

/** The highest sum of a row. */
export function mostOf<Key extends string>(keys: readonly Key[], rows: readonly ChartRow<Key>[]): number {
  return Math.max(0, ...rows.map(({ values }) => keys.reduce((sum, key) => sum + values[key], 0)))
}

/** Columns of parts that stand on each other, in the order of the keys from the ground up; what is 0 has no part. */
export function columnsOf<Key extends string>(
  keys: readonly Key[],
  rows: readonly ChartRow<Key>[],
  size: ChartSize,
): readonly ChartColumn<Key>[] {
  const y = scaleY(mostOf(keys, rows), size.height)
  const bands = bandsOf(rows.length, size.width, 0.25)
  const layers = stackOf(keys, rows)
  return rows.map((_, index) => ({
    x: bands(index) ?? 0,
    width: bands.bandwidth(),
    parts: layers.flatMap((layer) => {
      const [from, to] = layer[index] ?? [0, 0]
      return from === to ? [] : [{ key: layer.key, y: y(to), height: y(from) - y(to) }]
    }),
  }))
}

function stackOf<Key extends string>(keys: readonly Key[], rows: readonly ChartRow<Key>[]) {
  return stack<ChartRow<Key>, Key>()
    .keys(keys)
    .value(({ values }, key) => values[key])([...rows])
}

/** The outline of each series, standing on those before it; each value lasts until the next one. */
export function areasOf<Key extends string>(
  keys: readonly Key[],
  rows: readonly ChartRow<Key>[],
  size: ChartSize,
): readonly { readonly key: Key; readonly path: string }[] {
  const y = scaleY(mostOf(keys, rows), size.height)
  const edges = edgesOf(rows.length, size.width)
  return stackOf(keys, rows).map((layer) => {
    // The last value lasts to the end of its own place.
    const spans = [...layer, layer.at(-1) ?? [0, 0]]
    const path = area<readonly [number, number] | (typeof layer)[number]>()
      .x((_, index) => edges[index] ?? 0)
      .y0((span) => y(span[0] ?? 0))
      .y1((span) => y(span[1] ?? 0))
      .curve(curveStepAfter)(spans as (typeof layer)[number][])
    return { key: layer.key, path: path ?? '' }
  })
}

/** Where the place of each row begins, and where the last one ends. */
export function edgesOf(count: number, width: number): readonly number[] {
  const step = (width - MARGIN.left - MARGIN.right) / Math.max(count, 1)
  return Array.from({ length: count + 1 }, (_, index) => MARGIN.left + index * step)
}

/** A point of a line. */
export interface ChartPoint {
  readonly x: number
  readonly y: number
}

/** The points of one series, in the middle of their places. */
export function pointsOf(values: readonly number[], most: number, size: ChartSize): readonly ChartPoint[] {
  const y = scaleY(most, size.height)
  const edges = edgesOf(values.length, size.width)
  return values.map((value, index) => ({ x: ((edges[index] ?? 0) + (edges[index + 1] ?? 0)) / 2, y: y(value) }))
}

/** The path through points. */
export function pathOf(points: readonly ChartPoint[]): string {
  return (
    line<ChartPoint>()
      .x(({ x }) => x)
      .y(({ y }) => y)([...points]) ?? ''
  )
}

/** The path of a line without axes that fills its box. */
export function sparkOf(values: readonly number[], { width, height }: ChartSize): string {
  const y = scaleLinear()
    .domain([0, Math.max(...values, 1)])
    .range([height - 1.5, 1.5])
  const x = scaleLinear()
    .domain([0, Math.max(values.length - 1, 1)])
    .range([1, width - 1])
  return pathOf(values.map((value, index) => ({ x: x(index), y: y(value) })))
}

/** How dark the cell of a value is, from 0 for nothing to 4 for the most. */
export function heatOf(value: number, most: number): 0 | 1 | 2 | 3 | 4 {
  if (value <= 0 || most <= 0) return 0
  const step = Math.ceil((value / most) * 4)
  return step >= 4 ? 4 : step === 3 ? 3 : step === 2 ? 2 : 1
}

const LABEL_WIDTH = 64

/** Which rows have their time written below them: as many as there is room for, the first one among them. */
export function labelledRows(count: number, width: number): readonly number[] {
  const room = Math.max(1, Math.floor((width - MARGIN.left - MARGIN.right) / LABEL_WIDTH))
  const step = Math.max(1, Math.ceil(count / room))
  return Array.from({ length: Math.ceil(count / step) }, (_, index) => index * step)
}
