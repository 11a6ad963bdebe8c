import { GovernanceError, type Proposal } from '@preceptor/client'
import { type Actor, inWorkspace, parseInput, recordNotFound } from '@preceptor/core/plugin'
import { z } from 'zod'
import type { ApprovalAnswer } from '../client/workflows.ts'
import type { RunPorts } from '../ports/run-ports.ts'
import { findApprovalStep } from '../steps/step-store.ts'

const answerInput = z.strictObject({
  approved: z.boolean(),
  version: z.int().min(1),
  actionHash: z.string().length(64),
  comment: z.string().min(1).max(2_000).optional(),
  data: z.record(z.string(), z.unknown()).optional(),
})

/**
 * Answers an approval step, as a decision on its proposal: the same rules, and the same record.
 *
 * @throws GovernanceError `NOT_FOUND` for what is no approval step, `INPUT_INVALID` where a rejection says nothing,
 * `PROPOSAL_DECIDED`, `PROPOSAL_CHANGED`, `PROPOSAL_EXPIRED`, `PERMISSION_DENIED`.
 */
export async function answerApproval(
  { authorizer, context, gate }: RunPorts,
  actor: Actor,
  request: { readonly proposal: string; readonly answer: ApprovalAnswer },
): Promise<Proposal> {
  authorizer.authorize(actor, 'orchestration.runs.answer')
  const { approved, version, actionHash, comment, data } = parseInput(answerInput, request.answer, 'answer')
  const id = String(request.proposal)
  const asked = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) => findApprovalStep(tx, id))
  if (asked === undefined) throw recordNotFound('approval', id)
  if (approved) {
    // What is not named in an edit stays: the question is that of the workflow.
    const args = data === undefined ? {} : { args: { ...asked.trigger?.args, data: request.answer.data ?? {} } }
    return gate.approve(actor, id, {
      version,
      actionHash,
      ...args,
      ...(comment === undefined ? {} : { reason: comment }),
    })
  }
  if (comment === undefined) {
    throw new GovernanceError('INPUT_INVALID', { message: 'answer.comment: a rejection says why.' })
  }
  return gate.reject(actor, id, { version, actionHash, category: 'other', reason: comment })
}
