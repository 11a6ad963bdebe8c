import { type AgentReview, GovernanceError } from '@preceptor/client'
import { getAgent } from '../agents/get-agent.ts'
import { listAgents } from '../agents/store.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { type ReviewFacts, readReviewFacts } from '../meta-agent/review-facts.ts'
import type { ChatMessage } from '../models/chat-model.ts'
import { assertPending } from '../proposals/review-proposal.ts'
import { factsAbout } from '../routing/current-facts.ts'
import { canaryOf } from './canaries.ts'
import { isCanaryDue } from './canary-due.ts'
import { type KnownCandidate, readCandidates } from './read-candidates.ts'
import { ASKED_BY, type ReviewDependencies } from './review-dependencies.ts'
import { messagesOf, questionAbout } from './review-question.ts'
import {
  countReviewsOf,
  findReviewOf,
  insertAgentReview,
  listEditors,
  MOST_VERSIONS,
  type NewReview,
} from './review-store.ts'
import { whyNotAsked } from './reviewer-budget.ts'
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

/** A test of a reviewer that is begun. */
export interface BegunTest {
  readonly reviewId: string
  readonly reviewer: KnownCandidate
  readonly actionHash: string
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
    const isDue = isCanaryDue({ ...reviewer.shown, by: reviewer.bound.by }, context.clock.now())
    if (isDue && !request.tested.has(reviewer.agent.id)) return beginTest(dependencies, tx, reviewer)
    const messages = messagesOf(questionAbout(facts, policy), nonceOf(dependencies))
    const { version, agent, action, resource, risk, actionHash } = proposal
    const begun = await insertAsked(dependencies, tx, {
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

/** Notes a test in the transaction that counts: what is tested at the same time elsewhere counts, too. */
async function beginTest(dependencies: ReviewDependencies, tx: Tx, reviewer: KnownCandidate): Promise<Begun> {
  const { agent } = reviewer
  const reviewId = dependencies.context.ids.next('rvw')
  const { action, risk, question } = canaryOf(reviewId, agent)
  const { actionHash } = question
  const messages = messagesOf(question, nonceOf(dependencies))
  const about = { kind: 'canary', proposalId: null, version: null, resource: null, action, risk, actionHash } as const
  const input = { reviewId, reviewer, messages, about: { ...about, agent: agent.id }, askedBy: ASKED_BY }
  const begun = await insertAsked(dependencies, tx, input)
  return typeof begun === 'string'
    ? { result: 'untested', reviewId, reviewer, actionHash, messages }
    : { result: 'refused', error: begun }
}

interface Asked {
  readonly reviewId?: string
  readonly reviewer: KnownCandidate
  readonly messages: readonly ChatMessage[] | undefined
  readonly about: Omit<NewReview, 'id' | 'reviewer' | 'by' | 'askedBy' | 'characters' | 'at'>
  readonly askedBy: string
}

/** The id of the review, or why the reviewer is not asked now. */
async function insertAsked(
  { context }: Pick<ReviewDependencies, 'context'>,
  tx: Tx,
  { reviewer, messages, about, askedBy, reviewId = context.ids.next('rvw') }: Asked,
): Promise<string | GovernanceError> {
  const { agent, bound } = reviewer
  const characters = charactersOf(reviewer, messages)
  const refusal = await whyNotAsked(context, tx, { reviewer, characters })
  if (refusal !== null) return refusal
  const at = isoTime(context.clock.now())
  await insertAgentReview(tx, { ...about, id: reviewId, reviewer: agent.id, by: bound.by, askedBy, characters, at })
  return reviewId
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

/** What no text in the question could hold. */
function nonceOf({ context }: Pick<ReviewDependencies, 'context'>): string {
  return Buffer.from(context.randomBytes(16)).toString('hex')
}

/** Length of what a reviewer is asked; rules are asked nothing. */
function charactersOf({ bound }: Pick<KnownCandidate, 'bound'>, messages: readonly ChatMessage[] | undefined): number {
  if (bound.model === null) return 0
  return (messages ?? []).reduce((sum, { content }) => sum + content.length, 0)
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
