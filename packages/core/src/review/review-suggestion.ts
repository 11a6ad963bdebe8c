import { GovernanceError } from '@preceptor/client'
import { maskArgs } from '../journal/mask-sensitive.ts'
import { redact } from '../journal/redact.ts'
import { hashCanonical } from '../kernel/canonical-json.ts'
import { withDeadline } from '../kernel/deadline.ts'
import type { ReviewFacts } from '../meta-agent/review-facts.ts'
import { suggestedChanges } from '../meta-agent/suggested-changes.ts'
import { keepMasked } from '../proposals/hidden-args.ts'
import type { Said } from './ask-reviewer.ts'
import { isForReviewers } from './is-for-reviewers.ts'
import type { ReviewDependencies } from './review-dependencies.ts'
import type { ReviewSuggestion } from './review-store.ts'

/** What a reviewer said, with what can be offered of what it suggested. */
export interface SaidWithSuggestion extends Said {
  readonly suggestion: ReviewSuggestion | null
}

/** Checks what a reviewer suggested as the action takes it; what cannot be offered becomes a reason, and nothing else. */
export async function withSuggestion(
  dependencies: Pick<ReviewDependencies, 'context' | 'gate'>,
  { workspace, facts, said }: { readonly workspace: string; readonly facts: ReviewFacts; readonly said: Said },
): Promise<SaidWithSuggestion> {
  const { suggestedArgs } = said
  if (suggestedArgs === undefined) return { ...said, suggestion: null }
  const refused = (why: string): SaidWithSuggestion => ({ ...said, reasons: [...said.reasons, why], suggestion: null })
  const { proposal, action } = facts
  if (!isForReviewers(proposal.risk))
    return refused(`What it suggested cannot be offered: it is of ${proposal.risk} risk.`)
  try {
    // What it was shown masked comes back masked, and is what it was.
    const args = keepMasked(suggestedArgs, proposal)
    const shown = maskArgs(args, proposal.sensitive)
    if (hashCanonical(redact(shown)) !== hashCanonical(shown))
      return refused('What it suggested cannot be offered: it looks as if it held a secret.')
    const milliseconds = dependencies.context.settings.deadlineMs
    const checking = suggestedChanges(dependencies.gate, { workspace, proposal, schema: action?.schema ?? null }, args)
    const checked = await withDeadline(checking, { milliseconds })
    if (checked.result === 'refused') return refused(checked.reason)
    return { ...said, suggestion: { args: shown, changes: checked.changes } }
  } catch (error) {
    const code = GovernanceError.isInstance(error) ? error.code : 'INTERNAL'
    return refused(`What it suggested cannot be offered: ${code}.`)
  }
}
