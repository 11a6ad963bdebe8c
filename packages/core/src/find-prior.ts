import { actorName } from './access/actor.ts'
import type { Tx } from './database/transaction.ts'
import { answerTo, type RepeatedAttempt } from './executions/answer-to.ts'
import { findExecution } from './executions/store.ts'
import { type ApprovalKey, type BoundProposal, findBoundProposal } from './proposals/approval-store.ts'
import { findQueueEntryByKey } from './queue/queue-store.ts'
import { type Attempt, MATCHING, namesApproval } from './routing/attempt.ts'
import type { PriorAttempt, PriorProposal, RepeatedAnswer } from './routing/consequences.ts'
import { findBlockByKey } from './training/store.ts'

const USED: readonly BoundProposal['state'][] = ['executing', 'succeeded', 'failed']

/**
 * Finds what an earlier attempt with the same key led to; an execution answers before everything else. One that may run
 * again answers nothing: the rules of now decide whether it does.
 */
export async function findPrior(tx: Tx, attempt: Attempt): Promise<PriorAttempt | undefined> {
  const { trigger } = attempt
  const proposal = await proposalOf(tx, attempt)
  if (namesApproval(trigger) && !isFor(proposal, attempt)) return { kind: 'refused' }
  const own = namesApproval(trigger) ? await answerOfOwnKey(tx, attempt, proposal) : null
  if (own !== null) return { kind: 'execution', answer: own }
  // Nothing was ever written under a key that was made up for this attempt.
  if (proposal === undefined && !attempt.keyed) return undefined
  const key = { agent: trigger.agent, idempotencyKey: proposal?.idempotencyKey ?? attempt.idempotencyKey }
  const execution = await findExecution(tx, key)
  // Under a claim that was given back nothing ran: what is approved now may have other args.
  const isFree = execution?.state === 'released' && proposal !== undefined
  if (execution !== undefined && !isFree) {
    const answer = answerTo(execution, asked(attempt, proposal, execution.argsHash))
    if (answer !== null) return { kind: 'execution', answer }
  }
  if (proposal !== undefined) return priorProposal(proposal)
  const queued = await findQueueEntryByKey(tx, key)
  if (queued !== undefined) {
    const { id, expiresAt, ...entry } = queued
    return { kind: 'queue', ...entry, queueEntry: { id, expiresAt } }
  }
  const blocked = await findBlockByKey(tx, key)
  if (blocked === undefined) return undefined
  const { id, action, argsHash, decisionId, trainingProposal } = blocked
  return { kind: 'training', action, argsHash, decisionId, blockedTrigger: { id }, trainingProposal }
}

/** The proposal of an attempt: what its own key led to comes before an approval of the same args. */
async function proposalOf(tx: Tx, attempt: Attempt): Promise<BoundProposal | undefined> {
  const { trigger, keyed, idempotencyKey } = attempt
  if (keyed && trigger.permit === MATCHING) {
    const own = { agent: trigger.agent, idempotencyKey }
    const proposal = await findBoundProposal(tx, { by: 'key', ...own })
    if (proposal !== undefined || (await findExecution(tx, own)) !== undefined) return proposal
  }
  return findBoundProposal(tx, approvalKey(attempt))
}

/** An approval that is named does not make a key new: what that led to, other than this approval, answers first. */
async function answerOfOwnKey(tx: Tx, attempt: Attempt, named?: BoundProposal): Promise<RepeatedAnswer | null> {
  const { trigger, keyed, idempotencyKey, resolution, decidedAt: at } = attempt
  const { agent, action } = trigger
  if (!keyed || named === undefined || idempotencyKey === named.idempotencyKey) return null
  const other = await findBoundProposal(tx, { by: 'key', agent, idempotencyKey })
  if (other !== undefined && other.id !== named.id) return { result: 'other_args' }
  const execution = await findExecution(tx, { agent, idempotencyKey })
  // Under a claim that was given back nothing ran.
  if (execution === undefined || execution.state === 'released') return null
  const argsHash = resolution.status === 'resolved' ? resolution.argsHash : null
  return answerTo(execution, { action, argsHash, idempotent: false, at })
}

/** Whether an approval that was named is one of this caller; of any other not even the outcome is told. */
function isFor(proposal: BoundProposal | undefined, { actor, trigger }: Attempt): boolean {
  return proposal?.agent === trigger.agent && proposal.proposedBy === actorName(actor)
}

function approvalKey({ actor, trigger, keyed, idempotencyKey, resolution, decidedAt: at }: Attempt): ApprovalKey {
  const { agent, action, permit } = trigger
  if (permit === undefined) return { by: 'key', agent, idempotencyKey }
  if (permit !== MATCHING) return { by: 'id', id: permit }
  const argsHash = resolution.status === 'resolved' ? resolution.argsHash : ''
  // Without a key of its own, a call that is repeated is the same attempt until it ran: who repeats it hears what people
  // said, and does not ask them again.
  return { by: 'args', agent, action, argsHash, proposedBy: actorName(actor), at, isOpenToo: !keyed }
}

/** After an edit the run has other args than those that were asked for; the attempt is the same. */
function asked(attempt: Attempt, proposal: BoundProposal | undefined, ran: string): RepeatedAttempt {
  const { trigger, resolution, decidedAt: at } = attempt
  const isResolved = resolution.status === 'resolved'
  const argsHash = isResolved ? resolution.argsHash : null
  const isSame = proposal !== undefined && argsHash === proposal.requestedHash && proposal.argsHash === ran
  // A run under an approval is not begun again by itself: only its unknown outcome lets the approval be used again.
  const isUsed = proposal !== undefined && USED.includes(proposal.state)
  const idempotent = isResolved && resolution.action.idempotent && !isUsed
  return { action: trigger.action, argsHash: isSame ? ran : argsHash, idempotent, at }
}

function priorProposal(proposal: BoundProposal): PriorProposal {
  const {
    id,
    version,
    actionHash,
    requiredApprovals,
    expiresAt,
    decisionId,
    action,
    agent,
    state,
    response,
    rejection,
    decidedBy,
    runnableAt,
  } = proposal
  return {
    kind: 'proposal',
    action,
    agent,
    argsHash: proposal.requestedHash,
    versionHash: proposal.argsHash,
    args: proposal.args,
    decisionId,
    state,
    response,
    runnableAt,
    rejection,
    decidedBy,
    proposal: { id, version, actionHash, requiredApprovals, expiresAt },
  }
}
