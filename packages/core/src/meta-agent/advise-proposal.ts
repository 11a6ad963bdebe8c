import type { Advice, Page, PageQuery } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { cursorTimePlace, pageOf, parseLimit } from '../kernel/pagination.ts'
import { insertAdvice, listAdvices } from '../proposals/advice-store.ts'
import { findBoundProposal } from '../proposals/approval-store.ts'
import { assertPending, changed, getProposal } from '../proposals/review-proposal.ts'
import type { MetaAgentDependencies } from './meta-agent-dependencies.ts'
import { type ReviewFacts, readReviewFacts } from './review-facts.ts'
import { reviewVersion } from './review-version.ts'

/**
 * Asks the meta-agent for advice on the present version of a pending proposal. Nothing follows from what it says.
 *
 * @throws GovernanceError `PROPOSAL_DECIDED`, `PROPOSAL_CHANGED` when it changed while it was reviewed,
 * `PERMISSION_DENIED`, `NOT_FOUND`, or the code of a fault.
 */
export async function adviseOnProposal(dependencies: MetaAgentDependencies, actor: Actor, id: string): Promise<Advice> {
  authorize(actor, 'proposals.advise')
  const { context } = dependencies.training
  const { workspace } = actor
  const facts = await inWorkspace(context.database, { workspace }, async (tx) => {
    await getProposal(tx, actor, { operation: 'proposals.advise', id })
    return readReviewFacts(tx, id)
  })
  assertPending(facts.proposal, context.clock.now())
  const advice = await advise(dependencies, { workspace, facts, askedBy: actorName(actor), attempt: null })
  if (advice !== null) return advice
  const proposal = await inWorkspace(context.database, { workspace }, (tx) => findBoundProposal(tx, { by: 'id', id }))
  if (proposal === undefined) throw recordNotFound('proposal', id)
  assertPending(proposal, context.clock.now())
  throw changed(proposal)
}

/** A review that is to be made. */
export interface AdviceRequest {
  readonly workspace: string
  readonly facts: ReviewFacts
  readonly askedBy: string
  /** From 1 where nobody asked for it; else null. */
  readonly attempt: number | null
}

/** Reviews a version, holding nothing meanwhile, and writes the advice; null when the version is not pending any more. */
export async function advise(dependencies: MetaAgentDependencies, request: AdviceRequest): Promise<Advice | null> {
  const { context } = dependencies.training
  const { workspace, facts, askedBy, attempt } = request
  const { id: proposalId, version, actionHash, agent } = facts.proposal
  const { isOutage, ...verdict } = await reviewVersion(dependencies, workspace, facts)
  return inWorkspace(context.database, { workspace, retry: true }, async (tx) => {
    const createdAt = isoTime(context.clock.now())
    const advice: Advice = { id: context.ids.next('adv'), proposalId, version, actionHash, ...verdict, createdAt }
    if (!(await insertAdvice(tx, { ...advice, isOutage, askedBy, attempt }))) return null
    // What it says stays with the proposal: agents may read of the journal.
    const body = { actor: askedBy, adviceId: advice.id, version, actionHash, by: advice.by }
    await context.journal.append(tx, { kind: 'proposal.advised', subject: proposalId, agent, body })
    return advice
  })
}

/** @throws GovernanceError `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readAdvices(
  context: GovernorContext,
  actor: Actor,
  request: PageQuery & { readonly id: string },
): Promise<Page<Advice>> {
  authorize(actor, 'proposals.advices')
  const { id: proposal } = request
  const limit = parseLimit(request.limit)
  const before = cursorTimePlace(request.cursor)
  const advices = await inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    await getProposal(tx, actor, { operation: 'proposals.advices', id: proposal })
    return listAdvices(tx, { proposal, before, limit })
  })
  return pageOf(advices, limit, ({ createdAt, id }) => [createdAt, id])
}
