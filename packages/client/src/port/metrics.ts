/** What one number of a metric says. */
export interface MetricSample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** How long something took, or how much it was: observations in buckets. */
export interface MetricDistribution {
  readonly labels: Readonly<Record<string, string>>
  /** Observations up to each bound of the family, each bucket with those before it; the last one has no bound. */
  readonly counts: readonly number[]
  readonly sum: number
}

interface Described {
  /** As Prometheus names it, such as `governance_decisions_total`. */
  readonly name: string
  readonly help: string
  readonly labelNames: readonly string[]
}

/** A metric with all that is known of it: what this process did, or what stands in the database. */
export type MetricFamily =
  | (Described & { readonly type: 'counter' | 'gauge'; readonly samples: readonly MetricSample[] })
  | (Described & {
      readonly type: 'histogram'
      /** Upper bounds of the buckets, ascending. */
      readonly bounds: readonly number[]
      readonly samples: readonly MetricDistribution[]
    })
