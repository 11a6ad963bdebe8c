import type { JsonValue, Proposal, ProposalRejection, ProposalResponse } from '@preceptor/client'
import { z } from 'zod'
import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import type { Tx } from '../database/transaction.ts'
import { redactText } from '../journal/redact-text.ts'
import { isoTime } from '../kernel/clock.ts'
import { assertJsonObject } from '../kernel/json-guard.ts'
import type { Gate } from '../routing/gate.ts'
import { endProposal, insertReview } from './approval-store.ts'
import { decidedVia } from './decided-via.ts'
import { noteRejection } from './note-proposal.ts'
import { decided, type HeldReview, reviewProposal, type Spend } from './review-proposal.ts'
import { rejectionCategory, reviewedVersion, reviewReason } from './review-schemas.ts'

const rejectionInput = z.strictObject({ ...reviewedVersion, category: rejectionCategory, reason: reviewReason })
const responseInput = z.strictObject({ ...reviewedVersion, response: z.json(), reason: reviewReason.optional() })

/**
 * Rejects a proposal for good: one rejection outweighs every approval before it.
 *
 * @throws GovernanceError `PROPOSAL_DECIDED`, `PROPOSAL_CHANGED`, `PERMISSION_DENIED`, `NOT_FOUND`, `INPUT_INVALID`.
 */
export async function rejectProposal(
  gate: Gate,
  actor: Actor,
  {
    id,
    rejection,
    batch,
    spend,
  }: {
    readonly id: string
    readonly rejection: ProposalRejection
    readonly batch?: true
    readonly spend?: Spend
  },
): Promise<Proposal> {
  authorize(actor, 'proposals.reject')
  const { version, actionHash, category, reason } = parseInput(rejectionInput, rejection, 'rejection')
  const request = { operation: 'proposals.reject', id, reviewed: { version, actionHash }, spend } as const
  return reviewProposal(gate, actor, request, (tx, held) =>
    endByReview(gate, tx, { held, verdict: 'reject', category, reason, ...(batch && { batch }) }),
  )
}

/**
 * Answers in the place of the action, which then never runs.
 *
 * @throws GovernanceError as `rejectProposal`, and `BODY_TOO_LARGE` for an answer of more than 64 kB.
 */
export async function respondToProposal(
  gate: Gate,
  actor: Actor,
  { id, answer }: { readonly id: string; readonly answer: ProposalResponse },
): Promise<Proposal> {
  authorize(actor, 'proposals.respond')
  const { version, actionHash, reason } = parseInput(responseInput, answer, 'response')
  const { response } = assertJsonObject({ response: answer.response }, { name: 'response' })
  const request = { operation: 'proposals.respond', id, reviewed: { version, actionHash } } as const
  return reviewProposal(gate, actor, request, (tx, held) =>
    endByReview(gate, tx, { held, verdict: 'respond', ...(reason && { reason }), response: response ?? null }),
  )
}

/** A review that ends the proposal that is held. */
export interface EndingReview {
  readonly held: HeldReview
  readonly verdict: 'reject' | 'respond'
  readonly category?: string
  readonly reason?: string
  readonly response?: JsonValue
  /** Whether it was one of several at once. */
  readonly batch?: true
}

const ENDS = { reject: 'rejected', respond: 'responded' } as const

/** Ends a pending proposal by a review. */
export async function endByReview(gate: Gate, tx: Tx, { held, verdict, batch, ...said }: EndingReview): Promise<null> {
  const { proposal, epochs, reviewer, credential } = held
  const { clock, ids, journal } = gate.context
  const { id, version, actionHash } = proposal
  const at = isoTime(clock.now())
  const { category = null, reason = null } = said
  await insertReview(tx, {
    id: ids.next('rev'),
    proposal: id,
    version,
    reviewer,
    verdict,
    category,
    reason,
    actionHash,
    epochs,
    credential,
    at,
  })
  const ended = await endProposal(tx, { id, from: ['pending'], to: ENDS[verdict], decidedBy: [reviewer], at, ...said })
  if (!ended) throw decided(proposal)
  const body = {
    actor: reviewer,
    version,
    actionHash,
    category,
    reason: reason && redactText(reason),
    ...(batch && { batch }),
    ...decidedVia(held.via),
  }
  await journal.append(tx, { kind: `proposal.${ENDS[verdict]}`, subject: id, agent: proposal.agent, body })
  // An answer in the place of the action says nothing of the agent.
  if (verdict === 'reject') await noteRejection(gate.context, tx, { id, promotion: held.facts.policy.promotion })
  return null
}
