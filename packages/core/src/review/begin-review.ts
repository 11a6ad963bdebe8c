import { type AgentReview, GovernanceError } from '@preceptor/client'
import { getAgent } from '../agents/get-agent.ts'
import { listAgents } from '../agents/store.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { type ReviewFacts, readReviewFacts } from '../meta-agent/review-facts.ts'
import type { ChatMessage } from '../models/chat-model.ts'
import { assertPending } from '../proposals/review-proposal.ts'
import { factsAbout } from '../routing/current-facts.ts'
import { type BegunTest, beginTest, isTestDue, nonceOf, noteQuestion } from './note-question.ts'
import { type KnownCandidate, readCandidates } from './read-candidates.ts'
import type { ReviewDependencies } from './review-dependencies.ts'
import { messagesOf, questionAbout } from './review-question.ts'
import { countReviewsOf, findReviewOf, listEditors, MOST_VERSIONS } from './review-store.ts'
import { holdReviews } from './reviewer-store.ts'
import { type Reviewed, selectReviewer } from './select-reviewer.ts'

/** A review that is to be made of the present version of a proposal. */
export interface ReviewRequest {
  readonly workspace: string
  readonly id: string
  readonly askedBy: string
  /** Reviewers that were tested just now. */
  readonly tested: ReadonlySet<string>
}

/** A reviewer that was chosen, and what it is asked. */
export interface AskedReview {
  readonly reviewId: string
  readonly reviewer: KnownCandidate
  readonly facts: ReviewFacts
  readonly reviewed: Reviewed
  /** Undefined where it is too much to be looked at as a whole. */
  readonly messages: readonly ChatMessage[] | undefined
}

/** What came of beginning. */
export type Begun =
  | ({ readonly result: 'asked' } & AskedReview)
  /** It was reviewed before. */
  | { readonly result: 'reviewed'; readonly review: AgentReview }
  /** The reviewer that is next is to be tested first. */
  | ({ readonly result: 'untested' } & BegunTest)
  | { readonly result: 'refused'; readonly error: GovernanceError }

/** Chooses the reviewer of a version and notes that it is asked; only one is, ever. */
export function beginReview(dependencies: ReviewDependencies, request: ReviewRequest): Promise<Begun> {
  const { context, gate } = dependencies
  const { workspace, id } = request
  return inWorkspace(context.database, { workspace, retry: true }, async (tx) => {
    await holdReviews(tx)
    const facts = await readReviewFacts(tx, id)
    const { proposal } = facts
    assertPending(proposal, context.clock.now())
    const before = await findReviewOf(tx, proposal)
    if (before !== undefined) return { result: 'reviewed', review: before }
    if ((await countReviewsOf(tx, id)) >= MOST_VERSIONS) return { result: 'refused', error: reviewedOften(id) }
    const { stops, policy } = await factsAbout(gate, tx, { agents: [proposal.agent], hold: false })
    const reviewed = await reviewedOf(tx, facts)
    const candidates = await readCandidates(dependencies, tx, { stops })
    const chosen = selectReviewer(candidates, reviewed, context.settings.reviewsPerReviewer)
    const reviewer = candidates.find(({ agent }) => agent.id === chosen?.agent.id)
    if (reviewer === undefined) return { result: 'refused', error: noReviewer(id) }
    if (isTestDue(dependencies, reviewer) && !request.tested.has(reviewer.agent.id)) {
      const test = await beginTest(dependencies, tx, reviewer)
      return GovernanceError.isInstance(test) ? { result: 'refused', error: test } : { result: 'untested', ...test }
    }
    const messages = messagesOf(questionAbout(facts, policy), nonceOf(dependencies))
    const { version, agent, action, resource, risk, actionHash } = proposal
    const begun = await noteQuestion(dependencies, tx, {
      reviewer,
      messages,
      about: { kind: 'proposal', proposalId: id, version, agent, action, resource, risk, actionHash },
      askedBy: request.askedBy,
    })
    return typeof begun === 'string'
      ? { result: 'asked', reviewId: begun, reviewer, facts, reviewed, messages }
      : { result: 'refused', error: begun }
  })
}

/** Who may not review it, and what a reviewer of it must know. */
async function reviewedOf(tx: Tx, { proposal, action }: ReviewFacts): Promise<Reviewed> {
  const { delegation } = proposal
  return {
    agents: [proposal.agent, ...delegation, ...(await listEditors(tx, proposal.id))],
    proposedBy: proposal.proposedBy,
    agent: await getAgent(tx, proposal.agent),
    delegation: await listAgents(tx, { only: delegation, after: '', limit: delegation.length }),
    capability: action?.capability ?? '',
  }
}

function reviewedOften(id: string): GovernanceError {
  return new GovernanceError('CONFLICT', {
    message: `Reviewers have looked at ${MOST_VERSIONS} versions of ${id}: it is for people now.`,
    hint: 'Decide yourself.',
  })
}

function noReviewer(id: string): GovernanceError {
  return new GovernanceError('CONFLICT', {
    message: `There is no autonomous reviewer that may look at ${id} here.`,
    hint: 'Decide yourself, or register one: autonomous, of the same category or with the capability, and of another build or owner.',
  })
}
