import type { AnalyticsOperations } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import { readDecisions } from './read-decisions.ts'
import { readMaturity } from './read-maturity.ts'
import { readReviewerLoad } from './read-reviewers.ts'
import { readRouting } from './read-routing.ts'
import { readSummary } from './read-summary.ts'
import { readSupervision } from './read-supervision.ts'
import { readSystem } from './read-system.ts'
import { readTraining } from './read-training.ts'

/** The analyses, bound to an actor. */
export function analyticsOperations(context: GovernorContext, actor: Actor): AnalyticsOperations {
  return {
    summary: (query = {}) => readSummary(context, actor, query),
    decisions: (query = {}) => readDecisions(context, actor, query),
    routing: (query = {}) => readRouting(context, actor, query),
    maturity: (query = {}) => readMaturity(context, actor, query),
    reviewers: (query = {}) => readReviewerLoad(context, actor, query),
    training: (query = {}) => readTraining(context, actor, query),
    supervision: (query = {}) => readSupervision(context, actor, query),
    system: (query = {}) => readSystem(context, actor, query),
  }
}
