import type { Tx } from './database/transaction.ts'
import { findExecution } from './executions/store.ts'
import { findProposalByKey } from './proposals/store.ts'
import type { Attempt } from './routing/attempt.ts'
import type { PriorAttempt } from './routing/consequences.ts'
import { findQueueEntryByKey } from './supervision/queue-store.ts'
import { findBlockByKey } from './training/store.ts'

/** Finds what an earlier attempt with the same key led to; an execution answers before everything else. */
export async function findPrior(tx: Tx, { trigger, idempotencyKey }: Attempt): Promise<PriorAttempt | undefined> {
  const key = { agent: trigger.agent, idempotencyKey }
  if ((await findExecution(tx, key)) !== undefined) return { kind: 'execution' }
  const known = await findProposalByKey(tx, key)
  if (known !== undefined) {
    const { id, version, actionHash, requiredApprovals, expiresAt, decisionId } = known.proposal
    const proposal = { id, version, actionHash, requiredApprovals, expiresAt }
    return { kind: 'proposal', argsHash: known.argsHash, decisionId, proposal }
  }
  const queued = await findQueueEntryByKey(tx, key)
  if (queued !== undefined) {
    const { id, expiresAt, argsHash, decisionId } = queued
    return { kind: 'queue', argsHash, decisionId, queueEntry: { id, expiresAt } }
  }
  const blocked = await findBlockByKey(tx, key)
  if (blocked === undefined) return undefined
  const { id, argsHash, decisionId, trainingProposal } = blocked
  return { kind: 'training', argsHash, decisionId, blockedTrigger: { id }, trainingProposal }
}
