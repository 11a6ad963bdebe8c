import { type AnalyticsMaturity, type AnalyticsQuery, MATURITIES } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { analysisOf, bucketsOf } from './analysis.ts'
import { populationOf } from './population.ts'
import { countTransitions, measureStays, readPopulationChanges } from './stay-store.ts'

const NO_STAYS = { ended: 0, meanDays: null, medianDays: null, staying: 0, stayingMeanDays: null }

/** @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readMaturity(
  context: GovernorContext,
  actor: Actor,
  query: AnalyticsQuery,
): Promise<AnalyticsMaturity> {
  const analysis = analysisOf(context, actor, { operation: 'analytics.maturity', query })
  const { range } = analysis
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const changes = await readPopulationChanges(tx, analysis)
    const transitions = await countTransitions(tx, analysis)
    const times = await measureStays(tx, analysis)
    const stays = MATURITIES.map(
      (maturity) => times.find((one) => one.maturity === maturity) ?? { maturity, ...NO_STAYS },
    )
    return { range, population: populationOf(bucketsOf(range), changes), transitions, stays }
  })
}
