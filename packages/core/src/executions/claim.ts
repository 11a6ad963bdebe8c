import { actorName } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { ClaimResult, RuledAttempt } from '../routing/consequences.ts'
import { claimExecution, findExecution } from './store.ts'

/** Claims an attempt for the caller, or says why it cannot be claimed; in the transaction that decides it. */
export async function claim(context: GovernorContext, tx: Tx, ruled: RuledAttempt): Promise<ClaimResult> {
  const { attempt, action, argsHash, agent } = ruled
  const now = context.clock.now()
  const claimed = await claimExecution(tx, {
    id: context.ids.next('exe'),
    agent: agent.id,
    idempotencyKey: attempt.idempotencyKey,
    action: action.name,
    digest: action.digest,
    argsHash,
    idempotent: action.idempotent,
    decisionId: attempt.decisionId,
    sessionId: ruled.sessionId,
    claimant: actorName(attempt.actor),
    at: isoTime(now),
    leaseExpiresAt: isoTime(now + context.settings.claimLeaseMs),
  })
  if (claimed === undefined) return whyNot(tx, ruled)
  await context.failpoint('claim.before_commit')
  const { id: executionId, fence } = claimed
  const { idempotencyKey } = attempt
  return {
    result: 'claimed',
    claim: { executionId, fence, attempt: claimed.attempt, idempotencyKey, epoch: agent.epoch },
  }
}

async function whyNot(tx: Tx, { attempt, agent, argsHash, action }: RuledAttempt): Promise<ClaimResult> {
  const known = await findExecution(tx, { agent: agent.id, idempotencyKey: attempt.idempotencyKey })
  if (known === undefined) return { result: 'in_progress' }
  if (known.argsHash !== argsHash || known.action !== action.name) return { result: 'other_args' }
  if (known.state === 'outcome_unknown') return { result: 'unknown' }
  if (known.outcome === null) return { result: 'in_progress' }
  return { result: 'settled', decisionId: known.decisionId, outcome: known.outcome }
}
