import type { Trigger } from '@preceptor/client'
import { actorName } from './access/actor.ts'
import type { Tx } from './database/transaction.ts'
import { answerTo, type RepeatedAttempt } from './executions/claim.ts'
import { findExecution } from './executions/store.ts'
import { type BoundProposal, findBoundProposal } from './proposals/approval-store.ts'
import type { Attempt } from './routing/attempt.ts'
import type { PriorAttempt, PriorProposal } from './routing/consequences.ts'
import { findQueueEntryByKey } from './supervision/queue-store.ts'
import { findBlockByKey } from './training/store.ts'

/** A permit that stands for whatever was approved of just these args. */
const MATCHING = 'matching'

/**
 * Finds what an earlier attempt with the same key led to; an execution answers before everything else. One that may run
 * again answers nothing: the rules of now decide whether it does.
 */
export async function findPrior(tx: Tx, attempt: Attempt): Promise<PriorAttempt | undefined> {
  const { trigger } = attempt
  const proposal = await findNamedProposal(tx, attempt)
  if (isNamed(trigger) && !isFor(proposal, attempt)) return { kind: 'refused' }
  const key = { agent: trigger.agent, idempotencyKey: proposal?.idempotencyKey ?? attempt.idempotencyKey }
  const execution = await findExecution(tx, key)
  if (execution !== undefined) {
    const answer = answerTo(execution, asked(attempt, proposal, execution.argsHash))
    if (answer !== null) return { kind: 'execution', answer }
  }
  const known = proposal ?? (await findMatchingProposal(tx, attempt))
  return known === undefined ? findWaiting(tx, key) : priorProposal(known)
}

async function findWaiting(
  tx: Tx,
  key: { readonly agent: string; readonly idempotencyKey: string },
): Promise<PriorAttempt | undefined> {
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

const isNamed = ({ permit }: Trigger): boolean => permit !== undefined && permit !== MATCHING

function findNamedProposal(tx: Tx, { trigger, keyed, idempotencyKey }: Attempt): Promise<BoundProposal | undefined> {
  const { agent, permit } = trigger
  if (permit !== undefined && permit !== MATCHING) return findBoundProposal(tx, { by: 'id', id: permit })
  return keyed ? findBoundProposal(tx, { by: 'key', agent, idempotencyKey }) : Promise.resolve(undefined)
}

function findMatchingProposal(
  tx: Tx,
  { actor, trigger, resolution, decidedAt: at }: Attempt,
): Promise<BoundProposal | undefined> {
  const { agent, action, permit } = trigger
  if (permit !== MATCHING || resolution.status !== 'resolved') return Promise.resolve(undefined)
  const { argsHash } = resolution
  return findBoundProposal(tx, { by: 'args', agent, action, argsHash, proposedBy: actorName(actor), at })
}

/** Whether an approval that was named is one of this caller; of any other not even the outcome is told. */
function isFor(proposal: BoundProposal | undefined, { actor, trigger }: Attempt): boolean {
  return proposal?.agent === trigger.agent && proposal.proposedBy === actorName(actor)
}

/** After an edit the run has other args than those that were asked for; the attempt is the same. */
function asked(attempt: Attempt, proposal: BoundProposal | undefined, ran: string): RepeatedAttempt {
  const { trigger, resolution, decidedAt: at } = attempt
  const isResolved = resolution.status === 'resolved'
  const argsHash = isResolved ? resolution.argsHash : null
  const isSame = proposal !== undefined && argsHash === proposal.requestedHash && proposal.argsHash === ran
  const idempotent = isResolved && resolution.action.idempotent
  return { action: trigger.action, argsHash: isSame ? ran : argsHash, idempotent, at }
}

function priorProposal(proposal: BoundProposal): PriorProposal {
  const { id, version, actionHash, requiredApprovals, expiresAt, decisionId, action, agent, state, response } = proposal
  return {
    kind: 'proposal',
    action,
    agent,
    argsHash: proposal.requestedHash,
    versionHash: proposal.argsHash,
    decisionId,
    state,
    response,
    proposal: { id, version, actionHash, requiredApprovals, expiresAt },
  }
}
