import type { AccessContext } from '../access/access-context.ts'
import type { Gate } from '../routing/gate.ts'
import type { ReviewDependencies } from './review-dependencies.ts'
import type { ReviewerBinding } from './reviewer-binding.ts'
import { createReviewers } from './reviewers.ts'

/** What the host brings. */
export interface ReviewersOptions {
  readonly reviewers?: Readonly<Record<string, ReviewerBinding>>
  readonly outbound?: { readonly allow?: readonly string[] }
  readonly workspaces: readonly string[]
}

/** Binds the reviewers of the options in every workspace of this process. */
export function openReviewers(
  { reviewers = {}, outbound, workspaces }: ReviewersOptions,
  { gate, context }: { readonly gate: Gate; readonly context: AccessContext },
): ReviewDependencies {
  const timeoutMs = context.settings.modelAnswerMs
  const registry = createReviewers({ allow: outbound?.allow ?? [], timeoutMs })
  for (const workspace of workspaces) {
    for (const [agent, binding] of Object.entries(reviewers)) registry.register({ workspace, agent }, binding)
  }
  return { context, gate, reviewers: registry, workspaces }
}
