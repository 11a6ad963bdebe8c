import { type AgentReview, GovernanceError } from '@preceptor/client'
import { getAgent } from '../agents/get-agent.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { type ReviewFacts, readReviewFacts } from '../meta-agent/review-facts.ts'
import type { ChatMessage } from '../models/chat-model.ts'
import { assertPending } from '../proposals/review-proposal.ts'
import { factsAbout } from '../routing/current-facts.ts'
import { type KnownCandidate, readCandidates } from './read-candidates.ts'
import type { ReviewDependencies } from './review-dependencies.ts'
import { messagesOf, questionAbout } from './review-question.ts'
import { findReviewOf, insertAgentReview } from './review-store.ts'
import { holdReviews, readReviewUse } from './reviewer-store.ts'
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
  /** The reviewer that is next must be tested first. */
  | { readonly result: 'untested'; readonly reviewer: KnownCandidate }
  | { readonly result: 'refused'; readonly error: GovernanceError }

const CANARY_EVERY = 20
const CANARY_WITHIN_MS = 86_400_000
const FEWEST_CANARIES = 3

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
    const { stops, policy } = await factsAbout(gate, tx, { agents: [proposal.agent], hold: false })
    const reviewed = await reviewedOf(tx, facts)
    const candidates = await readCandidates(dependencies, tx, { stops })
    const chosen = selectReviewer(candidates, reviewed, context.settings.reviewsPerReviewer)
    const reviewer = candidates.find(({ agent }) => agent.id === chosen?.agent.id)
    if (reviewer === undefined) return { result: 'refused', error: noReviewer(id) }
    const refusal = await refuse(dependencies, tx, reviewer)
    if (refusal !== null) return { result: 'refused', error: refusal }
    if (!request.tested.has(reviewer.agent.id) && isTestDue(reviewer, context.clock.now()))
      return { result: 'untested', reviewer }
    const messages = messagesOf(questionAbout(facts, policy), nonceOf(dependencies))
    const reviewId = context.ids.next('rvw')
    await insertAgentReview(tx, {
      id: reviewId,
      kind: 'proposal',
      proposalId: id,
      version: proposal.version,
      agent: proposal.agent,
      action: proposal.action,
      resource: proposal.resource,
      risk: proposal.risk,
      actionHash: proposal.actionHash,
      reviewer: reviewer.agent.id,
      by: reviewer.bound.by,
      askedBy: request.askedBy,
      characters: charactersOf(reviewer, messages),
      at: isoTime(context.clock.now()),
    })
    return { result: 'asked', reviewId, reviewer, facts, reviewed, messages }
  })
}

/** Who may not review it, and what a reviewer of it must know. */
async function reviewedOf(tx: Tx, { proposal, action }: ReviewFacts): Promise<Reviewed> {
  return {
    agents: [proposal.agent, ...proposal.delegation],
    proposedBy: proposal.proposedBy,
    agent: await getAgent(tx, proposal.agent),
    capability: action?.capability ?? '',
  }
}

/** What no text in the question could hold. */
export function nonceOf({ context }: Pick<ReviewDependencies, 'context'>): string {
  return Buffer.from(context.randomBytes(16)).toString('hex')
}

/** Length of what a reviewer is asked; rules are asked nothing. */
export function charactersOf(
  { bound }: Pick<KnownCandidate, 'bound'>,
  messages: readonly ChatMessage[] | undefined,
): number {
  if (bound.model === null) return 0
  return (messages ?? []).reduce((sum, { content }) => sum + content.length, 0)
}

/** Why reviewers are not asked now: the budget of the workspace, or a model that keeps failing. */
export async function refuse(
  { context }: Pick<ReviewDependencies, 'context'>,
  tx: Tx,
  { agent, bound }: KnownCandidate,
): Promise<GovernanceError | null> {
  // Rules cost nothing and never fail.
  if (bound.model === null) return null
  const { clock, settings } = context
  const now = clock.now()
  const spans = { hourAgo: isoTime(now - 3_600_000), dayAgo: isoTime(now - 86_400_000) }
  const use = await readReviewUse(tx, { reviewer: agent.id, ...spans })
  if (use.asked >= settings.reviewsPerHour || use.characters >= settings.reviewCharactersPerDay) {
    const message = 'The autonomous reviewers of this workspace were asked as much as they may be.'
    return new GovernanceError('LIMIT_EXCEEDED', { message, hint: 'Decide yourself, or try again later.' })
  }
  const isOpen = use.faults >= 5 && use.lastAt !== null && Date.parse(use.lastAt) > now - settings.reviewBreakerMs
  if (!isOpen) return null
  const message = `The reviewer ${agent.id} gave no verdict five times in a row and is left alone for now.`
  return new GovernanceError('LIMIT_EXCEEDED', { message, hint: 'Decide yourself, or try again later.' })
}

/** Whether a reviewer must be tested before it is asked again. */
export function isTestDue({ bound, shown }: Pick<KnownCandidate, 'bound' | 'shown'>, now: number): boolean {
  if (bound.model === null) return false
  const { lastCanaryAt, sinceCanary, caught } = shown
  const isOld = lastCanaryAt === null || Date.parse(lastCanaryAt) <= now - CANARY_WITHIN_MS
  return isOld || caught < FEWEST_CANARIES || sinceCanary >= CANARY_EVERY
}

function noReviewer(id: string): GovernanceError {
  return new GovernanceError('CONFLICT', {
    message: `There is no autonomous reviewer that may look at ${id} here.`,
    hint: 'Decide yourself, or register one: autonomous, of the same category or with the capability, and of another build or owner.',
  })
}
