import type { AnalyticsQuery, AnalyticsSupervision } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { analysisOf } from './analysis.ts'
import { countEnded, countInterventions, measureQueue, measureRatings } from './session-count-store.ts'

/** @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readSupervision(
  context: GovernorContext,
  actor: Actor,
  query: AnalyticsQuery,
): Promise<AnalyticsSupervision> {
  const analysis = analysisOf(context, actor, { operation: 'analytics.supervision', query })
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const sessions = { completed: 0, terminated: 0, failed: 0 }
    for (const { state, count } of await countEnded(tx, analysis)) sessions[state] = count
    const interventions = { pause: 0, resume: 0, correct: 0, terminate: 0, object: 0 }
    for (const { type, count } of await countInterventions(tx, analysis)) interventions[type] = count
    const { rated, mean } = await measureRatings(tx, analysis)
    const queue = await measureQueue(tx, analysis)
    return { range: analysis.range, sessions, interventions, rated, meanRating: mean, queue }
  })
}
