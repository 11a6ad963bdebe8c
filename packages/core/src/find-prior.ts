import type { Tx } from './database/transaction.ts'
import { answerTo } from './executions/claim.ts'
import { findExecution } from './executions/store.ts'
import { findProposalByKey } from './proposals/store.ts'
import type { Attempt } from './routing/attempt.ts'
import type { PriorAttempt } from './routing/consequences.ts'
import { findQueueEntryByKey } from './supervision/queue-store.ts'
import { findBlockByKey } from './training/store.ts'

/**
 * Finds what an earlier attempt with the same key led to; an execution answers before everything else. One that may run
 * again answers nothing: the rules of now decide whether it does.
 */
export async function findPrior(tx: Tx, attempt: Attempt): Promise<PriorAttempt | undefined> {
  const { trigger, idempotencyKey, resolution, decidedAt: at } = attempt
  const key = { agent: trigger.agent, idempotencyKey }
  const execution = await findExecution(tx, key)
  if (execution !== undefined) {
    const isResolved = resolution.status === 'resolved'
    const argsHash = isResolved ? resolution.argsHash : null
    const idempotent = isResolved && resolution.action.idempotent
    const answer = answerTo(execution, { action: trigger.action, argsHash, idempotent, at })
    if (answer !== null) return { kind: 'execution', answer }
  }
  const known = await findProposalByKey(tx, key)
  if (known !== undefined) {
    const { id, version, actionHash, requiredApprovals, expiresAt, decisionId } = known.proposal
    const proposal = { id, version, actionHash, requiredApprovals, expiresAt }
    return { kind: 'proposal', action: known.proposal.action, argsHash: known.argsHash, decisionId, proposal }
  }
  const queued = await findQueueEntryByKey(tx, key)
  if (queued !== undefined) {
    const { id, expiresAt, action, argsHash, decisionId } = queued
    return { kind: 'queue', action, argsHash, decisionId, queueEntry: { id, expiresAt } }
  }
  const blocked = await findBlockByKey(tx, key)
  if (blocked === undefined) return undefined
  const { id, action, argsHash, decisionId, trainingProposal } = blocked
  return { kind: 'training', action, argsHash, decisionId, blockedTrigger: { id }, trainingProposal }
}
