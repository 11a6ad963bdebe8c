import { type AgentReview, GovernanceError } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { addApproval } from '../proposals/approve-proposal.ts'
import { endByReview } from '../proposals/end-proposal.ts'
import { prepareVersion } from '../proposals/prepare-version.ts'
import { whatIsOver } from '../proposals/renew-version.ts'
import { assertPending, type HeldReview, holdProposal } from '../proposals/review-proposal.ts'
import { settleActor } from '../settle-actor.ts'
import { applySuggestion } from './apply-suggestion.ts'
import { limitReached } from './approval-limits.ts'
import type { Said } from './ask-reviewer.ts'
import type { AskedReview } from './begin-review.ts'
import { isCanaryOverdue } from './canary-due.ts'
import { endReview } from './end-review.ts'
import { isForReviewers } from './is-for-reviewers.ts'
import { isSampled } from './is-sampled.ts'
import { readCandidates } from './read-candidates.ts'
import type { ReviewDependencies } from './review-dependencies.ts'
import { isShownWhole } from './review-question.ts'
import { type SaidWithSuggestion, withSuggestion } from './review-suggestion.ts'
import { holdReviews } from './reviewer-store.ts'
import { selectReviewer } from './select-reviewer.ts'

/** Whether something follows from a verdict, or why nothing does. */
type Consequence = { readonly effect: 'approved' | 'rejected' } | { readonly note: string; readonly isSampled?: true }

/**
 * Records what a reviewer said and lets follow from it what may: the last word is had here, by code, in the transaction
 * that decides. Whatever goes wrong leaves the proposal to people.
 */
export async function completeReview(
  dependencies: ReviewDependencies,
  { workspace, asked, said }: { readonly workspace: string; readonly asked: AskedReview; readonly said: Said },
): Promise<AgentReview> {
  const checked = await withSuggestion(dependencies, { workspace, facts: asked.facts, said })
  const review = await completeChecked(dependencies, { workspace, asked, said: checked })
  await applySuggestion(dependencies, { workspace, asked, review })
  return review
}

async function completeChecked(
  dependencies: ReviewDependencies,
  {
    workspace,
    asked,
    said,
  }: { readonly workspace: string; readonly asked: AskedReview; readonly said: SaidWithSuggestion },
): Promise<AgentReview> {
  const { context } = dependencies
  const actor = settleActor({ workspace, principal: { kind: 'system', id: 'reviewer', roles: [] } })
  const scope = { workspace, retry: true }
  try {
    const resolution = await prepareVersion(dependencies.gate, actor, { id: asked.facts.proposal.id })
    return await inWorkspace(context.database, scope, (tx) =>
      decide(dependencies, tx, { actor, asked, said, resolution }),
    )
  } catch (error) {
    const note = `It could not be applied: ${GovernanceError.isInstance(error) ? error.code : 'INTERNAL'}.`
    if (!GovernanceError.isInstance(error)) {
      context.report({
        level: 'warn',
        code: 'NOTICE',
        message: `The review of ${asked.facts.proposal.id}: ${String(error)}`,
      })
    }
    return inWorkspace(context.database, scope, (tx) =>
      complete(dependencies, tx, { asked, said, consequence: { note } }),
    )
  }
}

interface Decision {
  readonly actor: Actor
  readonly asked: AskedReview
  readonly said: SaidWithSuggestion
  readonly resolution: Awaited<ReturnType<typeof prepareVersion>>
}

async function decide(dependencies: ReviewDependencies, tx: Tx, input: Decision): Promise<AgentReview> {
  const { gate } = dependencies
  const { actor, asked, said } = input
  await holdReviews(tx)
  const { id } = asked.facts.proposal
  const seen = await holdProposal(gate, tx, { actor, request: { operation: 'proposals.review', id } })
  const held: HeldReview = { ...seen, reviewer: `agent:${asked.reviewer.agent.id}`, credential: null, via: 'host' }
  const consequence = await consequenceOf(dependencies, tx, { ...input, held })
  const review = await complete(dependencies, tx, { asked, said, consequence })
  const reason = said.reasons.join(' ').slice(0, 1_000)
  if ('note' in consequence) return review
  if (consequence.effect === 'approved') await addApproval(gate, tx, { held, verdict: 'approve', reason })
  else await endByReview(gate, tx, { held, verdict: 'reject', category: 'other', reason })
  return review
}

const LEFT = { note: 'The reviewer left it to people.' } as const

/** What may follow, from what is certain to what is measured. */
async function consequenceOf(
  dependencies: ReviewDependencies,
  tx: Tx,
  { asked, said, held, resolution }: Decision & { readonly held: HeldReview },
): Promise<Consequence> {
  if (said.verdict === 'escalate') return LEFT
  const { context } = dependencies
  const { proposal, facts } = held
  const { version, actionHash } = asked.facts.proposal
  assertPending(proposal, context.clock.now())
  if (proposal.version !== version || proposal.actionHash !== actionHash)
    return { note: 'It is another version by now.' }
  const { risk } = proposal
  if (!isForReviewers(risk)) return { note: `It is of ${risk} risk: that is for people to decide.` }
  if (proposal.requiredApprovals > 1) return { note: 'It needs more than one approval: that is for people to decide.' }
  const only = asked.reviewer.agent.id
  const [reviewer] = await readCandidates(dependencies, tx, { stops: facts.stops, only })
  if (reviewer === undefined || selectReviewer([reviewer], asked.reviewed, Number.POSITIVE_INFINITY) === undefined) {
    return { note: 'The reviewer may not review this any more.' }
  }
  if (reviewer.bound.by !== asked.reviewer.bound.by || !reviewer.standing.record.counts[risk]) {
    return { note: 'The reviewer has not shown enough yet: this is advice.' }
  }
  const tested = { ...reviewer.shown, by: reviewer.bound.by }
  if (isCanaryOverdue(tested, { now: context.clock.now(), atOnce: context.settings.reviewsPerReviewer })) {
    return { note: 'The reviewer gave no verdict when it was tested: this is advice.' }
  }
  const over = await whatIsOver(tx, { held, resolution })
  if (over !== null) return { note: over }
  if (said.verdict === 'deny') return { effect: 'rejected' }
  if (reviewer.bound.model !== null && !isShownWhole(proposal))
    return { note: 'It holds values that the reviewer was not shown.' }
  const { review } = facts.policy
  const limits = { now: context.clock.now(), settings: context.settings, limits: review.limits }
  const reached = await limitReached(tx, proposal, limits)
  if (reached !== null) return { note: reached }
  if (isSampled(asked.reviewId, review.sample))
    return { note: 'It is left to people to measure the reviewer.', isSampled: true }
  return { effect: 'approved' }
}

/** Writes how the review ended, with its journal row. */
async function complete(
  { context }: ReviewDependencies,
  tx: Tx,
  {
    asked,
    said,
    consequence,
  }: { readonly asked: AskedReview; readonly said: SaidWithSuggestion; readonly consequence: Consequence },
): Promise<AgentReview> {
  const { proposal } = asked.facts
  const isEffective = 'effect' in consequence
  const review = await endReview(context, tx, {
    ...said,
    id: asked.reviewId,
    effect: isEffective ? consequence.effect : 'none',
    note: isEffective ? null : consequence.note,
    isSampled: !isEffective && consequence.isSampled === true,
    at: isoTime(context.clock.now()),
  })
  if (review === undefined)
    throw new GovernanceError('CONFLICT', { message: `The review ${asked.reviewId} is completed.` })
  // What it says stays with the review: agents may read of the journal.
  const body = {
    actor: `agent:${review.reviewer}`,
    reviewId: review.id,
    version: proposal.version,
    actionHash: proposal.actionHash,
    by: review.by,
    effect: review.effect,
  }
  await context.journal.append(tx, { kind: 'review.completed', subject: proposal.id, agent: proposal.agent, body })
  return review
}
