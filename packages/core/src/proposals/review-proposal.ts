import { GovernanceError, type Proposal, type ReviewedVersion, type Surface } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize, mayRead } from '../access/authorize.ts'
import type { Operation } from '../access/permissions.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import { hasHadHandIn } from '../agents/store.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import type { AgentEpoch } from '../routing/consequences.ts'
import { factsAbout } from '../routing/current-facts.ts'
import type { AgentFacts, Facts } from '../routing/facts.ts'
import type { Gate } from '../routing/gate.ts'
import { type BoundProposal, findBoundProposal, lockProposal } from './approval-store.ts'
import { surfaceOf } from './decided-via.ts'
import { findProposal } from './store.ts'
import { visibleProposal } from './visible-proposal.ts'

/** A pending version, held by the reviewer who decides on it. */
export interface HeldReview {
  readonly proposal: BoundProposal
  readonly agent: AgentFacts
  /** The agent and those that it acts for, as they are now. */
  readonly epochs: readonly AgentEpoch[]
  readonly facts: Facts
  /** Name of the reviewer. */
  readonly reviewer: string
  /** The key or token of the reviewer. */
  readonly credential: string | null
  /** What the review came by. */
  readonly via: Surface
}

/** A proposal that somebody does something with. */
export interface ProposalRequest {
  readonly operation: Operation
  readonly id: string
}

/** What a decision uses up, in its transaction; what it throws lets nothing be decided. */
export type Spend = (tx: Tx, held: HeldReview) => Promise<void>

/** What a reviewer wants to decide on. */
export interface ReviewRequest extends ProposalRequest {
  readonly reviewed: ReviewedVersion
  readonly spend?: Spend | undefined
}

/**
 * Lets a reviewer act on the version that was shown, while nobody else can: the first decision stands. Where acting gives
 * a version that took the place of that one, the reviewer is told of it and decides on it.
 *
 * @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`, `PROPOSAL_DECIDED`, `PROPOSAL_CHANGED`.
 */
export async function reviewProposal(
  gate: Gate,
  actor: Actor,
  request: ReviewRequest,
  act: (tx: Tx, held: HeldReview) => Promise<BoundProposal | null>,
): Promise<Proposal> {
  authorize(actor, request.operation)
  // People wait longer than actions do.
  const scope = { workspace: actor.workspace, retry: true, named: true }
  const acted = await inWorkspace(gate.context.database, scope, async (tx) => {
    const held = await holdProposal(gate, tx, { actor, request })
    assertPending(held.proposal, gate.context.clock.now())
    assertReviewed(held.proposal, request.reviewed)
    await assertNotInvolved(tx, actor, held)
    await request.spend?.(tx, held)
    const replacement = await act(tx, held)
    return { replacement, proposal: await getProposal(tx, actor, request) }
  })
  // Once it is committed: an error inside would take the version back.
  if (acted.replacement !== null) throw changed(acted.replacement)
  return acted.proposal
}

/**
 * Holds a proposal, and what is known of its agents, until the transaction ends.
 *
 * @throws GovernanceError `NOT_FOUND`, also for what the caller may not see.
 */
export async function holdProposal(
  gate: Gate,
  tx: Tx,
  { actor, request }: { readonly actor: Actor; readonly request: ProposalRequest },
): Promise<HeldReview> {
  // Before the lock: who asked, and for whom, is the same in every version.
  const [seen, asked] = await Promise.all([
    getProposal(tx, actor, request),
    findBoundProposal(tx, { by: 'id', id: request.id }),
  ])
  const facts = await factsAbout(gate, tx, { agents: [seen.agent, ...(asked?.delegation ?? [])] })
  const proposal = await lockProposal(tx, request.id)
  const agent = facts.agents.get(seen.agent)
  if (proposal === undefined || agent === undefined) throw new GovernanceError('FACT_INVALID')
  const epochs = [...facts.agents.values()].map(({ id, epoch }) => ({ agent: id, epoch }))
  const credential = actor.principal.credential ?? null
  return { proposal, agent, epochs, facts, reviewer: actorName(actor), credential, via: surfaceOf(actor) }
}

/** @throws GovernanceError `NOT_FOUND`, also for what the caller may not see. */
export async function getProposal(
  tx: Tx,
  actor: Actor,
  { operation, id }: { readonly operation: Operation; readonly id: string },
): Promise<Proposal> {
  const proposal = await findProposal(tx, id)
  if (proposal === undefined || !mayRead(actor, operation, proposal)) throw recordNotFound('proposal', id)
  return visibleProposal(actor, operation, proposal)
}

/** @throws GovernanceError `PROPOSAL_DECIDED` when it is decided, or over. */
export function assertPending({ id, state, decidedBy, expiresAt }: BoundProposal, now: number): void {
  const isOver = Date.parse(expiresAt) <= now
  if (state === 'pending' && !isOver) return
  throw decided({ id, state: state === 'pending' ? 'expired' : state, decidedBy })
}

/** The answer to whoever comes second: it says who came first. */
export function decided({ id, state, decidedBy }: Pick<Proposal, 'id' | 'state' | 'decidedBy'>): GovernanceError {
  const who = decidedBy.length === 0 ? '' : ` by ${decidedBy.join(', ')}`
  return new GovernanceError('PROPOSAL_DECIDED', {
    message: `The proposal ${id} is ${state}${who}.`,
    details: { state, decidedBy },
  })
}

/** The answer to whoever approves a version twice. */
export function approvedAlready(reviewer: string): GovernanceError {
  return new GovernanceError('PROPOSAL_DECIDED', { message: `${reviewer} has approved this version already.` })
}

function assertReviewed(proposal: BoundProposal, { version, actionHash }: ReviewedVersion): void {
  if (proposal.version !== version || proposal.actionHash !== actionHash) throw changed(proposal)
}

/** The answer to whoever acts on a version that is not the present one. */
export function changed({ id, version, actionHash }: BoundProposal): GovernanceError {
  return new GovernanceError('PROPOSAL_CHANGED', {
    message: `The proposal ${id} is at version ${version}, which is not what was decided on.`,
    details: { version, actionHash },
  })
}

/**
 * Who asked, and who owns the agent, do not decide. A workspace may allow it, but never for critical actions.
 *
 * @throws GovernanceError `PERMISSION_DENIED`.
 */
export async function assertNotInvolved(
  tx: Tx,
  actor: Actor,
  {
    proposal,
    agent,
    facts,
  }: Pick<HeldReview, 'agent' | 'facts'> & {
    /** Nobody asked yet for what is approved ahead of time. */
    readonly proposal: Pick<BoundProposal, 'risk'> & { readonly proposedBy: string | null }
  },
): Promise<void> {
  if (!facts.policy.separationOfDuties && proposal.risk !== 'critical') return
  const { kind, id } = actor.principal
  // Who hands an agent over does not become its judge by that.
  const isOwner = kind === 'user' && (await hasHadHandIn(tx, agent.id, id))
  if (!isOwner && proposal.proposedBy !== actorName(actor)) return
  throw new GovernanceError('PERMISSION_DENIED', {
    message: `${actorName(actor)} ${isOwner ? 'owns the agent, has owned it or has handed it over' : 'asked for the action'} and cannot decide on it.`,
    hint: 'Let somebody else decide.',
  })
}
