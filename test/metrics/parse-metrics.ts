import parse from 'parse-prometheus-text-format'

/** What a scrape says of one family. */
export interface Scraped {
  readonly type: string
  readonly help: string
  /** Numbers by the values of their labels; of a histogram its observations. */
  readonly numbers: Readonly<Record<string, number>>
  /** Of a histogram: observations up to each bound. */
  readonly buckets: Readonly<Record<string, number>>
  readonly sum: number
}

/** Reads the text format with a parser that is not ours. */
export function parseMetrics(text: string): ReadonlyMap<string, Scraped> {
  return new Map(
    parse(text).map(({ name, type, help, metrics }) => {
      const numbers = metrics.map(({ labels = {}, value, count }) => [
        Object.values(labels).join(' '),
        Number(value ?? count),
      ])
      const [first] = metrics
      const buckets = Object.entries(first?.buckets ?? {}).map(([bound, count]) => [bound, Number(count)])
      return [
        name,
        {
          type,
          help,
          numbers: Object.fromEntries(numbers),
          buckets: Object.fromEntries(buckets),
          sum: Number(first?.sum ?? 0),
        },
      ] as const
    }),
  )
}
