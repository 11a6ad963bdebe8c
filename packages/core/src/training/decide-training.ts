import { GovernanceError, type TrainingApproval, type TrainingProposal } from '@preceptor/client'
import { z } from 'zod'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import { parseReason } from '../access/parse-reason.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import { getAgent } from '../agents/get-agent.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { redactText } from '../journal/redact-text.ts'
import { isoTime } from '../kernel/clock.ts'
import { assertNotInvolved } from './assert-not-involved.ts'
import { decideTrainingProposal, findTrainingProposal } from './proposal-store.ts'
import { scheduleSession } from './schedule-session.ts'
import type { TrainingDependencies } from './training-dependencies.ts'

const input = z.strictObject({
  durationHours: z.number().gt(0).max(400).exactOptional(),
  hoursPerDay: z.number().gt(0).max(24).exactOptional(),
})

/**
 * Approves a course and schedules its session.
 *
 * @throws GovernanceError `CONFLICT` when it was decided or the agent is retired, `PERMISSION_DENIED`, `NOT_FOUND`,
 * `INPUT_INVALID`, or the code of a fault.
 */
export async function approveTraining(
  dependencies: TrainingDependencies,
  actor: Actor,
  request: { readonly id: string; readonly approval: TrainingApproval },
): Promise<TrainingProposal> {
  authorize(actor, 'training_proposals.approve')
  const approval = parseInput(input, request.approval, 'approval')
  const { context } = dependencies
  return inWorkspace(context.database, { workspace: actor.workspace, retry: true }, async (tx) => {
    const proposal = await decide(context, tx, { actor, id: request.id, to: 'approved', reason: null })
    const agent = await getAgent(tx, proposal.agent)
    if (agent.lifecycle === 'retired') {
      throw new GovernanceError('CONFLICT', { message: `The agent "${agent.id}" is retired and learns no more.` })
    }
    const by = actorName(actor)
    const session = await scheduleSession(dependencies, tx, { proposal, agent, approval, by })
    await context.journal.append(tx, {
      kind: 'training_proposal.approved',
      subject: proposal.id,
      agent: agent.id,
      body: { actor: by, session },
    })
    return getTrainingProposal(tx, proposal.id)
  })
}

/**
 * Rejects a course for good.
 *
 * @throws GovernanceError `CONFLICT` when it was decided, `PERMISSION_DENIED`, `NOT_FOUND`, `INPUT_INVALID`, or the code of
 * a fault.
 */
export async function rejectTraining(
  context: GovernorContext,
  actor: Actor,
  request: { readonly id: string; readonly reason: string },
): Promise<TrainingProposal> {
  authorize(actor, 'training_proposals.reject')
  const reason = parseReason(request.reason)
  return inWorkspace(context.database, { workspace: actor.workspace, retry: true }, async (tx) => {
    const proposal = await decide(context, tx, { actor, id: request.id, to: 'rejected', reason })
    await context.journal.append(tx, {
      kind: 'training_proposal.rejected',
      subject: proposal.id,
      agent: proposal.agent,
      body: { actor: actorName(actor), reason: redactText(reason) },
    })
    return proposal
  })
}

async function decide(
  context: GovernorContext,
  tx: Tx,
  request: {
    readonly actor: Actor
    readonly id: string
    readonly to: 'approved' | 'rejected'
    readonly reason: string | null
  },
): Promise<TrainingProposal> {
  const { actor, id, to, reason } = request
  const before = await getTrainingProposal(tx, id)
  await assertNotInvolved(tx, actor, { agent: before.agent, isScore: false })
  const at = isoTime(context.clock.now())
  const isFirst = await decideTrainingProposal(tx, { id, to, decidedBy: actorName(actor), reason, at })
  const proposal = await getTrainingProposal(tx, id)
  if (isFirst) return proposal
  throw trainingDecided(proposal)
}

/** The answer to whoever comes after the decision on a course. */
export function trainingDecided({ id, state, decidedBy }: TrainingProposal): GovernanceError {
  return new GovernanceError('CONFLICT', {
    message: `The training proposal ${id} was ${state} by ${decidedBy ?? 'nobody'}.`,
    details: { state, decidedBy },
  })
}

/** @throws GovernanceError `NOT_FOUND`, also for a course of another workspace. */
export async function getTrainingProposal(tx: Tx, id: string): Promise<TrainingProposal> {
  const proposal = await findTrainingProposal(tx, id)
  if (proposal === undefined) throw recordNotFound('training proposal', id)
  return proposal
}
