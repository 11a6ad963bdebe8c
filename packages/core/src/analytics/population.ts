import type { AnalyticsPopulation, Maturity } from '@preceptor/client'
import type { PopulationChange } from './stay-store.ts'

/** Adds changes up: how many agents stood at each level at the end of each bucket. */
export function populationOf(
  begins: readonly string[],
  changes: readonly PopulationChange[],
): readonly AnalyticsPopulation[] {
  const agents: Record<Maturity, number> = { student: 0, intern: 0, supervised: 0, autonomous: 0 }
  const apply = (at: string | null): void => {
    for (const change of changes) if (change.at === at) agents[change.maturity] += change.change
  }
  apply(null)
  return begins.map((at) => {
    apply(at)
    return { at, agents: { ...agents } }
  })
}
