import type { JsonObject, JsonValue } from '@preceptor/client'

/** One argument of proposals that are read side by side. */
export interface BatchColumn {
  readonly name: string
  /** By proposal, in their order; undefined where one does not have it. */
  readonly values: readonly (JsonValue | undefined)[]
  /** Whether a value stands out from the others. */
  readonly outliers: readonly boolean[]
}

/** Beyond this a number stands out. Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993. */
const MOST_MODIFIED_Z = 3.5
/** 0.6745 is the 0.75 quantile of the normal distribution: it makes the deviation one of a normal distribution. */
const QUANTILE = 0.6745
/** Where the median deviation is 0, the mean one takes its place, with its own constant (same source). */
const MEAN_FACTOR = 1.253314
/** A value is usual when at least this share has it. */
const USUAL_SHARE = 0.6
const LEAST_ROWS = 4

/** Every argument as a column, in the order in which they come first. */
export function batchColumns(all: readonly JsonObject[]): readonly BatchColumn[] {
  const names = [...new Set(all.flatMap((args) => Object.keys(args)))]
  return names.map((name) => {
    const values = all.map((args) => (Object.hasOwn(args, name) ? args[name] : undefined))
    return { name, values, outliers: outliersOf(values) }
  })
}

/** Which values stand out; none do among fewer than four. */
export function outliersOf(values: readonly (JsonValue | undefined)[]): readonly boolean[] {
  if (values.length < LEAST_ROWS) return values.map(() => false)
  const numbers = values.filter((value) => typeof value === 'number')
  return numbers.length === values.length ? numericOutliers(numbers) : rareValues(values)
}

function numericOutliers(numbers: readonly number[]): readonly boolean[] {
  const middle = median(numbers)
  const deviations = numbers.map((value) => Math.abs(value - middle))
  const spread = median(deviations)
  const mean = deviations.reduce((sum, value) => sum + value, 0) / deviations.length
  if (mean === 0) return numbers.map(() => false)
  const scale = spread > 0 ? spread / QUANTILE : mean * MEAN_FACTOR
  return deviations.map((value) => value / scale > MOST_MODIFIED_Z)
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const half = Math.floor(sorted.length / 2)
  const upper = sorted[half] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2
}

function rareValues(values: readonly (JsonValue | undefined)[]): readonly boolean[] {
  const texts = values.map((value) => (value === undefined ? '' : JSON.stringify(value)))
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  const most = Math.max(...counts.values())
  if (most / values.length < USUAL_SHARE) return values.map(() => false)
  return texts.map((text) => counts.get(text) !== most)
}
