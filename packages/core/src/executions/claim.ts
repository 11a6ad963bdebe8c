import { actorName } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { Claim, ClaimRequest, ClaimResult, RepeatedAnswer, RuledAttempt } from '../routing/consequences.ts'
import { answerTo } from './answer-to.ts'
import { earnsAt } from './earns-at.ts'
import { type ClaimedRow, claimExecution, findExecution } from './store.ts'

/** Claims an attempt for the caller, or says why it cannot be claimed; in the transaction that decides it. */
export async function claim(context: GovernorContext, tx: Tx, { ruled, claimFor }: ClaimRequest): Promise<ClaimResult> {
  const { attempt, action, argsHash, agent } = ruled
  const { claimLeaseMs, reportWithinMs } = context.settings
  // A guard renews its claim; whoever claims with a decision only comes back with the outcome.
  const reported = claimFor === 'caller'
  const claimedAt = context.clock.monotonic()
  const now = context.clock.now()
  const claimed = await claimExecution(tx, {
    id: context.ids.next('exe'),
    agent: agent.id,
    idempotencyKey: attempt.idempotencyKey,
    askedKey: attempt.askedKey ?? null,
    action: action.name,
    digest: action.digest,
    argsHash,
    idempotent: action.idempotent,
    decisionId: attempt.decisionId,
    sessionId: ruled.sessionId,
    proposalId: ruled.proposalId,
    grantId: ruled.grantId,
    queueEntryId: ruled.queueEntryId,
    earns: earnsAt(ruled),
    claimant: actorName(attempt.actor),
    reported,
    at: isoTime(now),
    leaseExpiresAt: isoTime(now + (reported ? reportWithinMs : claimLeaseMs)),
  })
  if (claimed === undefined) return whyNot(tx, ruled)
  await journalClaim(context, tx, { ruled, claimed })
  await context.failpoint('claim.before_commit')
  const { id: executionId, fence } = claimed
  const { idempotencyKey } = attempt
  return {
    result: 'claimed',
    claim: { executionId, fence, attempt: claimed.attempt, idempotencyKey, claimedAt, epochs: epochsOf(ruled) },
  }
}

/** What runs, under which right, and for whom; the row of its end has the same subject. */
async function journalClaim(
  context: GovernorContext,
  tx: Tx,
  { ruled, claimed }: { readonly ruled: RuledAttempt; readonly claimed: ClaimedRow },
): Promise<void> {
  const { attempt, action, argsHash, agent, sessionId, proposalId, grantId, queueEntryId } = ruled
  const under = { sessionId, proposalId, grantId, queueEntryId }
  const { id, attempt: count, fence } = claimed
  const body = { actor: actorName(attempt.actor), decisionId: attempt.decisionId, action: action.name, argsHash }
  await context.journal.append(tx, {
    kind: 'run.started',
    subject: id,
    agent: agent.id,
    body: { ...body, ...under, attempt: count, fence },
  })
}

function epochsOf({ agents }: RuledAttempt): Claim['epochs'] {
  return agents.map(({ id: agent, epoch }) => ({ agent, epoch }))
}

async function whyNot(tx: Tx, { attempt, agent, argsHash, action }: RuledAttempt): Promise<RepeatedAnswer> {
  const known = await findExecution(tx, { agent: agent.id, idempotencyKey: attempt.idempotencyKey })
  if (known === undefined) return { result: 'in_progress' }
  const asked = { action: action.name, argsHash, idempotent: action.idempotent, at: attempt.decidedAt }
  return answerTo(known, asked) ?? { result: 'in_progress' }
}
