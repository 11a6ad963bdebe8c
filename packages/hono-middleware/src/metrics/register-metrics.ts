import type { HostPlane, MetricDistribution, MetricFamily } from '@preceptor/client'
import { Counter, Gauge, Histogram, type Registry, register as sharedRegistry } from 'prom-client'
import { readAllFamilies } from './families.ts'

/** Where metrics are registered: a registry of any format. */
export type MetricsRegistry = Pick<Registry, 'registerMetric'>

/** Reads the families as they are now, by name. */
type ReadFamilies = () => Promise<ReadonlyMap<string, MetricFamily>>

/**
 * Registers every metric of a governor, over all workspaces, in a registry of `prom-client`: they are read when it is
 * asked. Without one, in the registry that all share. Once for each governor and registry.
 *
 * @throws Error of `prom-client` when metrics of these names are registered there already.
 * @example
 * ```ts
 * import type { HostPlane } from '@preceptor/client'
 * import { registerMetrics } from '@preceptor/hono-middleware/metrics'
 * import { collectDefaultMetrics, Registry } from 'prom-client'
 *
 * export async function metricsOf(governor: HostPlane): Promise<string> {
 *   const registry = new Registry()
 *   collectDefaultMetrics({ register: registry })
 *   await registerMetrics(governor, registry)
 *   return registry.metrics()
 * }
 * ```
 */
export async function registerMetrics(governor: HostPlane, registry: MetricsRegistry = sharedRegistry): Promise<void> {
  const read = shared(async () => byName(await readAllFamilies(governor)))
  addFamilies(registry, [...(await read()).values()], read)
}

/** Registers families that are read anew for every answer. */
export function addFamilies(registry: MetricsRegistry, families: readonly MetricFamily[], read: ReadFamilies): void {
  for (const family of families) registry.registerMetric(metricOf(family, read))
}

export function byName(families: readonly MetricFamily[]): ReadonlyMap<string, MetricFamily> {
  return new Map(families.map((family) => [family.name, family]))
}

/** All metrics of one answer are asked for at once, and come from one reading. */
function shared(read: ReadFamilies): ReadFamilies {
  let reading: ReturnType<ReadFamilies> | undefined
  return () => {
    reading ??= read().finally(() => {
      reading = undefined
    })
    return reading
  }
}

function metricOf(family: MetricFamily, read: ReadFamilies): Counter | Gauge | Histogram {
  const { name, help, labelNames } = family
  const config = { name, help, labelNames: [...labelNames], registers: [] }
  switch (family.type) {
    case 'counter':
      return new ReadCounter(config, () => simpleValues(name, read))
    case 'gauge':
      return new ReadGauge(config, () => simpleValues(name, read))
    case 'histogram':
      return new ReadHistogram({ ...config, buckets: [...family.bounds] }, () => bucketValues(name, read))
    default:
      return family satisfies never
  }
}

interface Value {
  readonly labels: Record<string, string | number>
  readonly value: number
  readonly metricName?: string
}

// The numbers are kept where things happen, so that nothing is counted twice and deciding waits for no library: these
// take the place of the counts that a metric of `prom-client` keeps itself.

class ReadCounter extends Counter {
  readonly #values: () => Promise<Value[]>

  constructor(config: ConstructorParameters<typeof Counter>[0], values: () => Promise<Value[]>) {
    super(config)
    this.#values = values
  }

  override async get(): ReturnType<Counter['get']> {
    return { ...(await super.get()), values: await this.#values() }
  }
}

class ReadGauge extends Gauge {
  readonly #values: () => Promise<Value[]>

  constructor(config: ConstructorParameters<typeof Gauge>[0], values: () => Promise<Value[]>) {
    super(config)
    this.#values = values
  }

  override async get(): ReturnType<Gauge['get']> {
    return { ...(await super.get()), values: await this.#values() }
  }
}

class ReadHistogram extends Histogram {
  readonly #described: Readonly<Record<'name' | 'help', string>>
  readonly #values: () => Promise<Value[]>

  constructor(config: ConstructorParameters<typeof Histogram>[0], values: () => Promise<Value[]>) {
    super(config)
    this.#described = { name: config.name, help: config.help }
    this.#values = values
  }

  /** From this comes all that a histogram of `prom-client` says, its `get` included. */
  async getForPromString(): Promise<object> {
    return { ...this.#described, type: 'histogram', aggregator: 'sum', values: await this.#values() }
  }
}

async function simpleValues(name: string, read: ReadFamilies): Promise<Value[]> {
  const family = (await read()).get(name)
  if (family === undefined || family.type === 'histogram') return []
  return family.samples.map(({ labels, value }) => ({ labels: { ...labels }, value }))
}

async function bucketValues(name: string, read: ReadFamilies): Promise<Value[]> {
  const family = (await read()).get(name)
  if (family?.type !== 'histogram') return []
  return family.samples.flatMap((sample) => valuesOf(name, family.bounds, sample))
}

function valuesOf(name: string, bounds: readonly number[], { labels, counts, sum }: MetricDistribution): Value[] {
  const buckets = counts.map((value, index) => ({
    labels: { ...labels, le: bounds[index] ?? '+Inf' },
    value,
    metricName: `${name}_bucket`,
  }))
  return [
    ...buckets,
    { labels: { ...labels }, value: sum, metricName: `${name}_sum` },
    { labels: { ...labels }, value: counts.at(-1) ?? 0, metricName: `${name}_count` },
  ]
}
