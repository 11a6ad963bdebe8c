import { GovernanceError, type Proposal } from '@preceptor/client'
import { z } from 'zod'
import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import { findMember } from '../access/store.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import type { EventKind } from '../journal/event-kinds.ts'
import { isoTime } from '../kernel/clock.ts'
import type { Gate } from '../routing/gate.ts'
import { acknowledgePending, assignPending, snoozePending } from './attention-store.ts'
import {
  assertNotInvolved,
  assertPending,
  decided,
  getProposal,
  type HeldReview,
  holdProposal,
  type ProposalRequest,
} from './review-proposal.ts'
import { reviewTime } from './review-schemas.ts'

const assignee = z.string().min(1).max(200).nullable()

/**
 * Says who is to decide on a pending proposal; null leaves it to everybody who may.
 *
 * @throws GovernanceError `INPUT_INVALID` for somebody who may not decide on it, `PROPOSAL_DECIDED`, `PERMISSION_DENIED`,
 * `NOT_FOUND`, or the code of a fault.
 */
export async function assignProposal(
  gate: Gate,
  actor: Actor,
  { id, to }: { readonly id: string; readonly to: string | null },
): Promise<Proposal> {
  authorize(actor, 'proposals.assign')
  const value = parseInput(assignee, to, 'to')
  return attend(gate, actor, { operation: 'proposals.assign', id }, async (tx, held) => {
    if (value !== null) await assertMayDecide(tx, actor, { held, to: value })
    const was = held.proposal.assignedTo
    if (was === value) return null
    const done = await assignPending(tx, { id, value, at: isoTime(gate.context.clock.now()) })
    return { done, kind: 'proposal.assigned', body: { to: value, was } }
  })
}

/**
 * Says that the caller is looking at a pending proposal: escalation stops, its expiry stays.
 *
 * @throws GovernanceError `PROPOSAL_DECIDED`, `PERMISSION_DENIED`, `NOT_FOUND`, or the code of a fault.
 */
export async function acknowledgeProposal(gate: Gate, actor: Actor, id: string): Promise<Proposal> {
  authorize(actor, 'proposals.acknowledge')
  return attend(gate, actor, { operation: 'proposals.acknowledge', id }, async (tx, held) => {
    await assertNotInvolved(tx, actor, held)
    if (held.proposal.acknowledgedBy === held.reviewer) return null
    const done = await acknowledgePending(tx, { id, value: held.reviewer, at: isoTime(gate.context.clock.now()) })
    return { done, kind: 'proposal.acknowledged', body: {} }
  })
}

/**
 * Lets the escalation of a pending proposal wait, until its expiry at most.
 *
 * @throws GovernanceError `INPUT_INVALID`, `PROPOSAL_DECIDED`, `PERMISSION_DENIED`, `NOT_FOUND`, or the code of a fault.
 */
export async function snoozeProposal(
  gate: Gate,
  actor: Actor,
  request: { readonly id: string; readonly until: string },
): Promise<Proposal> {
  authorize(actor, 'proposals.snooze')
  const { id } = request
  const until = isoTime(Date.parse(parseInput(reviewTime, request.until, 'until')))
  return attend(gate, actor, { operation: 'proposals.snooze', id }, async (tx, held) => {
    await assertNotInvolved(tx, actor, held)
    const at = isoTime(gate.context.clock.now())
    if (until <= at || until > held.proposal.expiresAt) {
      throw new GovernanceError('INPUT_INVALID', {
        message: `until: a time to come, and at most ${held.proposal.expiresAt}, is needed.`,
      })
    }
    return { done: await snoozePending(tx, { id, value: until, at }), kind: 'proposal.snoozed', body: { until } }
  })
}

interface Attended {
  readonly done: boolean
  readonly kind: EventKind
  readonly body: Readonly<Record<string, string | null>>
}

/** Does something with a pending proposal that decides nothing; null where there was nothing to do. */
async function attend(
  gate: Gate,
  actor: Actor,
  request: ProposalRequest,
  act: (tx: Tx, held: HeldReview) => Promise<Attended | null>,
): Promise<Proposal> {
  const { database, journal, clock } = gate.context
  return inWorkspace(database, { workspace: actor.workspace, retry: true }, async (tx) => {
    const held = await holdProposal(gate, tx, { actor, request })
    const { id, agent, version } = held.proposal
    assertPending(held.proposal, clock.now())
    const attended = await act(tx, held)
    if (attended?.done === false) throw decided(held.proposal)
    if (attended !== null) {
      const { kind, body } = attended
      await journal.append(tx, { kind, subject: id, agent, body: { actor: held.reviewer, version, ...body } })
    }
    return getProposal(tx, actor, request)
  })
}

/** What is assigned to somebody who may not decide would stay undecided. */
async function assertMayDecide(
  tx: Tx,
  { workspace }: Actor,
  { held, to }: { readonly held: HeldReview; readonly to: string },
): Promise<void> {
  const { roles = [] } = (await findMember(tx, to)) ?? {}
  if (!roles.includes('supervisor') && !roles.includes('admin')) {
    throw new GovernanceError('INPUT_INVALID', {
      message: 'to: a supervisor or administrator of the workspace is needed.',
    })
  }
  const decider: Actor = { workspace, principal: { kind: 'user', id: to, roles }, source: 'manual' }
  await assertNotInvolved(tx, decider, held)
}
