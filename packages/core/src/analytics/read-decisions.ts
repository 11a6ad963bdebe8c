import type { AnalyticsDecisions, AnalyticsQuery } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { analysisOf, bucketsOf } from './analysis.ts'
import { countDecisions } from './decision-count-store.ts'
import { countOutcomes } from './outcomes.ts'
import { countSettled } from './proposal-count-store.ts'

/** @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readDecisions(
  context: GovernorContext,
  actor: Actor,
  query: AnalyticsQuery,
): Promise<AnalyticsDecisions> {
  const analysis = analysisOf(context, actor, { operation: 'analytics.decisions', query })
  const counted = await inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => ({
    decisions: await countDecisions(tx, analysis),
    settled: await countSettled(tx, analysis),
  }))
  return { range: analysis.range, ...countOutcomes(bucketsOf(analysis.range), counted) }
}
