import { type AgentReview, GovernanceError } from '@preceptor/client'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { readReviewFacts } from '../meta-agent/review-facts.ts'
import { addApproval } from '../proposals/approve-proposal.ts'
import { editProposal } from '../proposals/edit-proposal.ts'
import { prepareVersion } from '../proposals/prepare-version.ts'
import { whatIsOver } from '../proposals/renew-version.ts'
import { assertPending, type HeldReview, holdProposal } from '../proposals/review-proposal.ts'
import { settleActor } from '../settle-actor.ts'
import { limitReached } from './approval-limits.ts'
import { verdictByRules } from './ask-reviewer.ts'
import type { AskedReview } from './begin-review.ts'
import { isCanaryOverdue } from './canary-due.ts'
import { endReview } from './end-review.ts'
import { isSampled } from './is-sampled.ts'
import { type KnownCandidate, readCandidates } from './read-candidates.ts'
import type { ReviewDependencies } from './review-dependencies.ts'
import { insertAgentReview, listEditors } from './review-store.ts'
import { holdReviews } from './reviewer-store.ts'
import { selectReviewer } from './select-reviewer.ts'

/** A completed review that suggests other args. */
export interface Suggested {
  readonly workspace: string
  readonly asked: AskedReview
  readonly review: AgentReview
}

/**
 * Makes what a reviewer suggested for a safe action the next version, approved, as a whole or not at all: another agent,
 * which reviews by rules, must approve of the new args. Where that cannot be, the suggestion is for people.
 */
export async function applySuggestion(dependencies: ReviewDependencies, suggested: Suggested): Promise<void> {
  const { context, gate } = dependencies
  const { workspace, asked, review } = suggested
  if (review.suggestedArgs === null || review.risk !== 'safe') return
  const { id } = asked.facts.proposal
  const editor = settleActor({ workspace, principal: { kind: 'agent', id: review.reviewer, roles: [] } })
  const system = settleActor({ workspace, principal: { kind: 'system', id: 'reviewer', roles: [] } })
  try {
    const resolution = await prepareVersion(gate, editor, { id, sent: review.suggestedArgs })
    await inWorkspace(context.database, { workspace, retry: true }, async (tx) => {
      await holdReviews(tx)
      const seen = await holdProposal(gate, tx, { actor: system, request: { operation: 'proposals.review', id } })
      assertApplies(context.clock.now(), seen, review)
      // One edit by a reviewer is enough: another one would be an argument between machines.
      if ((await listEditors(tx, id)).length > 0) throw left('A reviewer has edited it before.')
      const checker = await checkerOf(dependencies, tx, { suggested, held: seen })
      const over = await whatIsOver(tx, { held: seen, resolution })
      if (over !== null) throw left(over)
      const proposal = await editProposal(gate, tx, { actor: editor, held: seen, resolution })
      const held = { ...seen, proposal, reviewer: `agent:${checker.agent.id}`, credential: null, via: 'host' as const }
      await approveEdited(dependencies, tx, { held, checker })
    })
  } catch (error) {
    // The transaction took all of it back.
    if (GovernanceError.isInstance(error)) return
    const message = `What was suggested for ${id} was not applied: ${String(error)}`
    context.report({ level: 'warn', code: 'NOTICE', message })
  }
}

function assertApplies(now: number, { proposal }: HeldReview, { version, actionHash }: AgentReview): void {
  assertPending(proposal, now)
  if (proposal.version !== version || proposal.actionHash !== actionHash) throw left('It is another version by now.')
  assertSafe(proposal)
}

function assertSafe({ risk, requiredApprovals }: HeldReview['proposal']): void {
  if (risk !== 'safe' || requiredApprovals > 1) throw left('It is not safe.')
}

/** Another agent than the one that suggested, which may review this by rules; and that one must still be let decide. */
async function checkerOf(
  dependencies: ReviewDependencies,
  tx: Tx,
  { suggested: { asked }, held }: { readonly suggested: Suggested; readonly held: HeldReview },
): Promise<KnownCandidate> {
  const { clock, settings } = dependencies.context
  const candidates = await readCandidates(dependencies, tx, { stops: held.facts.stops })
  const editor = candidates.find(({ agent }) => agent.id === asked.reviewer.agent.id)
  if (editor === undefined || editor.bound.by !== asked.reviewer.bound.by)
    throw left('The reviewer is bound to another.')
  const tested = { ...editor.shown, by: editor.bound.by }
  const mayEdit =
    selectReviewer([editor], asked.reviewed, Number.POSITIVE_INFINITY) !== undefined &&
    editor.standing.record.counts.safe &&
    !isCanaryOverdue(tested, { now: clock.now(), atOnce: settings.reviewsPerReviewer })
  if (!mayEdit) throw left('The reviewer may only advise.')
  const reviewed = { ...asked.reviewed, agents: [...asked.reviewed.agents, editor.agent.id] }
  const byRules = candidates.filter(({ bound }) => bound.model === null)
  const chosen = selectReviewer(byRules, reviewed, settings.reviewsPerReviewer)
  const checker = byRules.find(({ agent }) => agent.id === chosen?.agent.id)
  if (checker === undefined) throw left('Nobody else reviews it by rules here.')
  return checker
}

/** Reviews the new version by rules and within the limits, and approves it. */
async function approveEdited(
  dependencies: ReviewDependencies,
  tx: Tx,
  { held, checker }: { readonly held: HeldReview; readonly checker: KnownCandidate },
): Promise<void> {
  const { context, gate } = dependencies
  const { proposal, facts } = held
  assertSafe(proposal)
  const said = verdictByRules(await readReviewFacts(tx, proposal.id))
  if (said.verdict !== 'approve') throw left('The rules do not approve of it.')
  const now = context.clock.now()
  const { limits, sample } = facts.policy.review
  const reached = await limitReached(tx, proposal, { now, settings: context.settings, limits })
  if (reached !== null) throw left(reached)
  const id = context.ids.next('rvw')
  if (isSampled(id, sample)) throw left('It is left to people to measure the reviewers.')
  const { id: proposalId, version, agent, action, resource, risk, actionHash } = proposal
  const { by } = checker.bound
  const reviewer = checker.agent.id
  const at = isoTime(now)
  await insertAgentReview(tx, {
    ...{ id, kind: 'proposal', proposalId, version, agent, action, resource, risk, actionHash },
    ...{ reviewer, by, askedBy: proposal.versionBy, characters: 0, at },
  })
  const end = { ...said, id, effect: 'approved', note: null, isSampled: false, at } as const
  if ((await endReview(context, tx, end)) === undefined) throw left('It was reviewed before.')
  const body = { actor: `agent:${reviewer}`, reviewId: id, version, actionHash, by, effect: 'approved' }
  await context.journal.append(tx, { kind: 'review.completed', subject: proposalId, agent, body })
  await addApproval(gate, tx, { held, verdict: 'approve', reason: said.reasons.join(' ').slice(0, 1_000) })
}

function left(message: string): GovernanceError {
  return new GovernanceError('CONFLICT', { message })
}
