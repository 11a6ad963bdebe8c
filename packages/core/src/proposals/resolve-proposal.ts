import { GovernanceError, type Proposal, type ProposalResolution } from '@preceptor/client'
import { z } from 'zod'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import { inWorkspace } from '../database/transaction.ts'
import { resolveExecution } from '../executions/store.ts'
import { redactText } from '../journal/redact-text.ts'
import { isoTime } from '../kernel/clock.ts'
import type { Gate } from '../routing/gate.ts'
import { moveProposal } from './approval-store.ts'
import { noteRun } from './note-proposal.ts'
import { assertNotInvolved, getProposal, holdProposal } from './review-proposal.ts'
import { reviewReason } from './review-schemas.ts'

const input = z.strictObject({ outcome: z.enum(['succeeded', 'failed']), reason: reviewReason })

/**
 * Records what a person found out about a run whose outcome is unknown; nothing runs. Who asked for it, or owns the agent,
 * does not say what came of it.
 *
 * @throws GovernanceError `CONFLICT` when the outcome is known, `PERMISSION_DENIED`, `NOT_FOUND`, `INPUT_INVALID`, or
 * the code of a fault.
 */
export async function resolveProposal(
  gate: Gate,
  actor: Actor,
  { id, resolution }: { readonly id: string; readonly resolution: ProposalResolution },
): Promise<Proposal> {
  authorize(actor, 'proposals.resolve')
  const { outcome, reason } = parseInput(input, resolution, 'resolution')
  const asked = { operation: 'proposals.resolve', id } as const
  const { context } = gate
  return inWorkspace(context.database, { workspace: actor.workspace, retry: true }, async (tx) => {
    const held = await holdProposal(gate, tx, { actor, request: asked })
    await assertNotInvolved(tx, actor, held)
    const { proposal } = held
    const at = isoTime(context.clock.now())
    const moved = await moveProposal(tx, { id, from: ['outcome_unknown'], to: outcome, at })
    const resolved = moved ? await resolveExecution(tx, { of: { proposalId: id }, outcome, reason, at }) : undefined
    if (resolved === undefined) {
      throw new GovernanceError('CONFLICT', {
        message: `The proposal ${id} is ${proposal.state}: there is nothing to find out.`,
        details: { state: proposal.state },
      })
    }
    const body = { actor: actorName(actor), version: proposal.version, outcome, reason: redactText(reason) }
    await context.journal.append(tx, { kind: 'proposal.resolved', subject: id, agent: proposal.agent, body })
    const { earns: capability, claimedAt: beganAt } = resolved
    if (capability !== null) await noteRun(context, tx, id, { capability, outcome, beganAt })
    return getProposal(tx, actor, asked)
  })
}
