import type { Advice } from '@preceptor/client'
import { guardReview } from './guard-review.ts'
import type { MetaAgentDependencies } from './meta-agent-dependencies.ts'
import { reviewByModel } from './review-by-model.ts'
import type { ReviewFacts } from './review-facts.ts'
import { reviewByRules } from './review-rules.ts'
import { suggestedChanges } from './suggested-changes.ts'

/** What came of a review, as it is advised. */
export type Verdict = Pick<Advice, 'verdict' | 'reasons' | 'suggestions' | 'by'> & { readonly isOutage: boolean }

/** Reviews a version by the model or by rules; the guard and the schema of the action have the last word. */
export async function reviewVersion(
  { training, model }: Pick<MetaAgentDependencies, 'training' | 'model'>,
  workspace: string,
  facts: ReviewFacts,
): Promise<Verdict> {
  const { settings } = training.context
  const made =
    model === null ? reviewByRules(facts) : await reviewByModel(model, facts, { timeoutMs: settings.modelAnswerMs })
  const { suggested, ...review } = guardReview(made, facts)
  if (review.verdict !== 'modify') return { ...review, suggestions: [] }
  const { proposal, action } = facts
  const asked = { workspace, proposal, schema: action?.schema ?? null }
  const changes = await suggestedChanges(training.gate, asked, suggested ?? proposal.args)
  if (changes.result === 'taken') return { ...review, suggestions: changes.changes }
  return { ...review, verdict: 'escalate', reasons: [changes.reason, ...review.reasons], suggestions: [] }
}
