import type { GovernanceError } from '@preceptor/client'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { ChatMessage } from '../models/chat-model.ts'
import { canaryOf } from './canaries.ts'
import { isCanaryDue } from './canary-due.ts'
import type { KnownCandidate } from './read-candidates.ts'
import { ASKED_BY, type ReviewDependencies } from './review-dependencies.ts'
import { messagesOf } from './review-question.ts'
import { insertAgentReview, type NewReview } from './review-store.ts'
import { whyNotAsked } from './reviewer-budget.ts'

/** A test of a reviewer that is begun. */
export interface BegunTest {
  readonly reviewId: string
  readonly reviewer: KnownCandidate
  readonly actionHash: string
  readonly messages: readonly ChatMessage[] | undefined
}

/** Whether a reviewer is to be tested before it is asked. */
export function isTestDue({ context }: Pick<ReviewDependencies, 'context'>, reviewer: KnownCandidate): boolean {
  return isCanaryDue({ ...reviewer.shown, by: reviewer.bound.by }, context.clock.now())
}

/** Notes a test in the transaction that counts: what is tested at the same time elsewhere counts, too. */
export async function beginTest(
  dependencies: Pick<ReviewDependencies, 'context'>,
  tx: Tx,
  reviewer: KnownCandidate,
): Promise<BegunTest | GovernanceError> {
  const { agent } = reviewer
  const reviewId = dependencies.context.ids.next('rvw')
  const { action, risk, question } = canaryOf(reviewId, agent)
  const { actionHash } = question
  const messages = messagesOf(question, nonceOf(dependencies))
  const about = { kind: 'canary', proposalId: null, version: null, resource: null, action, risk, actionHash } as const
  const input = { reviewId, reviewer, messages, about: { ...about, agent: agent.id }, askedBy: ASKED_BY }
  const noted = await noteQuestion(dependencies, tx, input)
  return typeof noted === 'string' ? { reviewId, reviewer, actionHash, messages } : noted
}

/** A question that is to be put to a reviewer. */
export interface Question {
  readonly reviewId?: string
  readonly reviewer: KnownCandidate
  readonly messages: readonly ChatMessage[] | undefined
  readonly about: Omit<NewReview, 'id' | 'reviewer' | 'by' | 'askedBy' | 'characters' | 'at'>
  readonly askedBy: string
}

/** Notes a question in the transaction that counts; the id of the review, or why the reviewer is not asked now. */
export async function noteQuestion(
  { context }: Pick<ReviewDependencies, 'context'>,
  tx: Tx,
  { reviewer, messages, about, askedBy, reviewId = context.ids.next('rvw') }: Question,
): Promise<string | GovernanceError> {
  const { agent, bound } = reviewer
  const characters = charactersOf(reviewer, messages)
  const refusal = await whyNotAsked(context, tx, { reviewer, characters })
  if (refusal !== null) return refusal
  const at = isoTime(context.clock.now())
  await insertAgentReview(tx, { ...about, id: reviewId, reviewer: agent.id, by: bound.by, askedBy, characters, at })
  return reviewId
}

/** What no text in a question could hold. */
export function nonceOf({ context }: Pick<ReviewDependencies, 'context'>): string {
  return Buffer.from(context.randomBytes(16)).toString('hex')
}

/** Length of what a reviewer is asked; rules are asked nothing. */
function charactersOf({ bound }: Pick<KnownCandidate, 'bound'>, messages: readonly ChatMessage[] | undefined): number {
  if (bound.model === null) return 0
  return (messages ?? []).reduce((sum, { content }) => sum + content.length, 0)
}
