import type { MetricFamily, MetricSample } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import type { GovernorContext } from '../context.ts'
import { withDeadline } from '../kernel/deadline.ts'
import { createSingleFlight } from '../kernel/single-flight.ts'
import { type Gauges, readGauges } from './gauges.ts'
import { COUNTERS, type CounterName, GAUGES, HISTOGRAMS, type HistogramName } from './metric-families.ts'

/** What there is to be measured of a governor. */
export interface Metrics {
  /** Everything that this process did and what stands in the database, over all workspaces: for who runs the process. */
  readAll(): Promise<readonly MetricFamily[]>
  /**
   * The same of the workspace of the caller.
   *
   * @throws GovernanceError `PERMISSION_DENIED`
   */
  read(actor: Actor): Promise<readonly MetricFamily[]>
}

/** Who scrapes waits ten seconds or so; what the database does not say by then is left out. */
const WITHIN_MS = 2_000
/** Several scrapers ask the database once in this time. */
const KEPT_MS = 5_000
const NOTHING_READ = { up: 0 } as const

/** Makes what reads the metrics of a governor; `isReady` says whether its gate can decide. */
export function createMetrics(context: GovernorContext, { isReady }: { readonly isReady: () => boolean }): Metrics {
  const { clock, meter } = context
  const flights = createSingleFlight<Gauges>()
  const kept = new Map<string, { readonly gauges: Gauges; readonly readAt: number }>()

  /** Null when the database did not answer in time: then nothing is said of what stands in it. */
  async function gaugesOf(workspace: string): Promise<Gauges | null> {
    const known = kept.get(workspace)
    if (known !== undefined && clock.monotonic() - known.readAt < KEPT_MS) return known.gauges
    const reading = flights.run(workspace, async () => {
      const readAt = clock.monotonic()
      const gauges = await readGauges(context, { workspace, withinMs: WITHIN_MS })
      kept.set(workspace, { gauges, readAt })
      return gauges
    })
    try {
      return await withDeadline(reading, { milliseconds: WITHIN_MS })
    } catch {
      kept.delete(workspace)
      return null
    }
  }

  async function readOf(workspace: string): Promise<readonly MetricFamily[]> {
    const gauges = await gaugesOf(workspace)
    const up = gauges !== null && isReady() ? { up: 1 } : NOTHING_READ
    return [
      ...gaugeFamilies({ ...gauges, up: [{ labels: {}, value: up.up }] }),
      ...(Object.keys(COUNTERS) as CounterName[]).map(
        (name): MetricFamily => ({ ...COUNTERS[name], type: 'counter', samples: meter.samples(name, workspace) }),
      ),
      ...(Object.keys(HISTOGRAMS) as HistogramName[]).map(
        (name): MetricFamily => ({
          ...HISTOGRAMS[name],
          type: 'histogram',
          samples: [meter.distribution(name, workspace)],
        }),
      ),
    ]
  }

  return {
    readAll: () => readOf('*'),
    async read(actor) {
      authorize(actor, 'metrics.read')
      return readOf(actor.workspace)
    },
  }
}

function gaugeFamilies(gauges: Partial<Gauges> & { readonly up: readonly MetricSample[] }): readonly MetricFamily[] {
  return (Object.keys(GAUGES) as (keyof typeof GAUGES)[]).map((name) => ({
    ...GAUGES[name],
    type: 'gauge',
    samples: gauges[name] ?? [],
  }))
}
