import type { MetricDistribution, MetricSample } from '@preceptor/client'
import { COUNTERS, type CounterName, HISTOGRAMS, type HistogramName } from './metric-families.ts'

/** One text for each name. */
type TextsFor<Names extends readonly string[]> = { readonly [Index in keyof Names]: string }

/** The values of the labels of a counter, in the order in which it names them. */
type LabelsOf<Name extends CounterName> = TextsFor<(typeof COUNTERS)[Name]['labelNames']>

/** Counts what happens in one workspace. */
export interface WorkspaceMeter {
  count<Name extends CounterName>(name: Name, ...labels: LabelsOf<Name>): void
  observe(name: HistogramName, value: number): void
}

/** Counts what this process does. It costs lookups and an addition, and asks nobody anything. */
export interface Meter {
  of(workspace: string): WorkspaceMeter
  /** What was counted in one workspace, or in all together. */
  samples(name: CounterName, workspace: string | '*'): readonly MetricSample[]
  distribution(name: HistogramName, workspace: string | '*'): MetricDistribution
}

/** Counts by label: a tree, so that no key is put together for each count. */
type Counts = Map<string, Counts | number>

interface Distribution {
  /** Observations in each bucket alone. */
  readonly counts: number[]
  sum: number
}

interface Books {
  readonly meter: WorkspaceMeter
  readonly counters: Readonly<Record<CounterName, Counts>>
  readonly histograms: Readonly<Record<HistogramName, Distribution>>
}

/** Makes a meter at which nothing has happened yet. */
export function createMeter(): Meter {
  const workspaces = new Map<string, Books>()
  const asked = (workspace: string): readonly Books[] => {
    if (workspace === '*') return [...workspaces.values()]
    const books = workspaces.get(workspace)
    return books === undefined ? [] : [books]
  }
  return {
    of(workspace) {
      const known = workspaces.get(workspace)
      if (known !== undefined) return known.meter
      const books = openBooks()
      workspaces.set(workspace, books)
      return books.meter
    },
    samples(name, workspace) {
      const total: Counts = new Map()
      for (const { counters } of asked(workspace)) {
        for (const { path, value } of leavesOf(counters[name], [])) add(total, path, value)
      }
      const { labelNames } = COUNTERS[name]
      // What has no labels is zero until it happens; of the others nobody knows which there will be.
      if (labelNames.length === 0) return [{ labels: {}, value: valueAt(total) }]
      return leavesOf(total, []).map(({ path, value }) => ({
        labels: Object.fromEntries(labelNames.map((label, index) => [label, path[index] ?? ''])),
        value,
      }))
    },
    distribution(name, workspace) {
      const all = asked(workspace).map(({ histograms }) => histograms[name])
      let upTo = 0
      const counts = emptyCounts(name).map((_, index) => {
        for (const one of all) upTo += one.counts[index] ?? 0
        return upTo
      })
      return { labels: {}, counts, sum: all.reduce((sum, one) => sum + one.sum, 0) }
    },
  }
}

const NO_LABEL = ['']

function openBooks(): Books {
  const counters = Object.fromEntries(Object.keys(COUNTERS).map((name) => [name, new Map()])) as Books['counters']
  const histograms = Object.fromEntries(
    (Object.keys(HISTOGRAMS) as HistogramName[]).map((name) => [name, { counts: emptyCounts(name), sum: 0 }]),
  ) as Books['histograms']
  const meter: WorkspaceMeter = {
    count: (name, ...labels) => add(counters[name], labels.length === 0 ? NO_LABEL : labels, 1),
    observe(name, value) {
      const { counts } = histograms[name]
      const { bounds } = HISTOGRAMS[name]
      let index = 0
      while (index < bounds.length && value > (bounds[index] ?? 0)) index += 1
      counts[index] = (counts[index] ?? 0) + 1
      histograms[name].sum += value
    },
  }
  return { meter, counters, histograms }
}

function emptyCounts(name: HistogramName): number[] {
  return Array.from({ length: HISTOGRAMS[name].bounds.length + 1 }, () => 0)
}

function add(counts: Counts, path: readonly string[], value: number): void {
  let place = counts
  const last = path.length - 1
  for (let index = 0; index < last; index += 1) {
    const label = path[index] ?? ''
    let next = place.get(label)
    if (!(next instanceof Map)) {
      next = new Map()
      place.set(label, next)
    }
    place = next
  }
  const label = path[last] ?? ''
  const known = place.get(label)
  place.set(label, (typeof known === 'number' ? known : 0) + value)
}

function valueAt(counts: Counts): number {
  const value = counts.get('')
  return typeof value === 'number' ? value : 0
}

function leavesOf(
  counts: Counts,
  path: readonly string[],
): readonly { readonly path: readonly string[]; readonly value: number }[] {
  return [...counts].flatMap(([label, value]) =>
    typeof value === 'number' ? [{ path: [...path, label], value }] : leavesOf(value, [...path, label]),
  )
}
