import { actorName } from '../access/actor.ts'
import type { ActionSpecification } from '../actions/registered-action.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { Attempt } from '../routing/attempt.ts'
import type { RepeatedAnswer } from '../routing/consequences.ts'
import { currentFacts } from '../routing/current-facts.ts'
import type { Gate } from '../routing/gate.ts'
import type { PermittedCall } from '../routing/guard.ts'
import { decisionDraft } from '../routing/journal-decision.ts'
import { checkLimits, consumeLimits } from '../routing/limits.ts'
import { decisionFacts, supervisionDecision } from '../routing/make-decision.ts'
import { ruledAttempt } from '../routing/ruled-attempt.ts'
import { ruleOn } from '../routing/ruling.ts'
import { lockClaimable } from './claim-store.ts'
import type { RunnableEntry } from './offer-store.ts'
import { isRunnable, putBack, refusalOf } from './put-back.ts'
import { queuedAttempt } from './queued-attempt.ts'

/** An entry whose session is watched, and the action that runs it here. */
export interface ClaimEntryRequest {
  readonly workspace: string
  readonly entry: RunnableEntry
  readonly action: ActionSpecification
}

/**
 * Claims the run of an entry under its watch, in one transaction in which everything it rests on is looked at again; null
 * when another process has it, nobody watches any more, or the rules of now do not let it run.
 *
 * @throws GovernanceError the code of a fault.
 */
export async function claimEntry(gate: Gate, request: ClaimEntryRequest): Promise<PermittedCall | null> {
  const { workspace } = request
  const attempt = queuedAttempt(gate, request)
  const scope = { workspace, deadlineMs: gate.context.settings.deadlineMs, retry: true }
  const call = await inWorkspace(gate.context.database, scope, (tx) => claimIn(gate, tx, { ...request, attempt }))
  if (call !== null) await gate.context.failpoint('claim.after_commit')
  return call
}

async function claimIn(
  gate: Gate,
  tx: Tx,
  { entry: { id, agent }, attempt }: ClaimEntryRequest & { readonly attempt: Attempt },
): Promise<PermittedCall | null> {
  const facts = await currentFacts(gate, tx, attempt)
  const held = await lockClaimable(tx, { id, at: isoTime(gate.context.clock.now()) })
  if (held?.sessionId == null) return null
  const { sessionId } = held
  const ruling = ruleOn(attempt, facts, await checkLimits(tx, attempt, facts.policy))
  if (!isRunnable(ruling)) {
    await putBack(gate.context, tx, { id, agent, sessionId, ...refusalOf(ruling) })
    return null
  }
  if (!(await gate.consequences.holdSession(tx, sessionId))) return null
  const ruled = { ...ruledAttempt(attempt, ruling, facts), sessionId, queueEntryId: id }
  const result = await gate.consequences.claim(tx, { ruled, claimFor: 'guard' })
  if (result.result !== 'claimed') {
    await putBack(gate.context, tx, { id, agent, sessionId, ...settledElsewhere(result) })
    return null
  }
  await gate.consequences.startQueued(tx, { id, sessionId, claim: result.claim, attempt })
  await consumeLimits(tx, attempt, ruling.rule)
  const reason = `The queued run ${id} of ${actorName(attempt.actor)} is watched now.`
  const stated = decisionFacts(attempt, { ...ruling, reason }, facts.policy.version)
  const decision = supervisionDecision(stated, sessionId)
  await gate.context.journal.append(tx, decisionDraft(attempt, decision, ruling.agent))
  const { actor, trigger, idempotencyKey } = attempt
  return { actor, trigger, decision, args: ruled.args, claim: result.claim, sessionId, idempotencyKey }
}

/** The same attempt ran, or runs, past the queue. */
function settledElsewhere({ result }: RepeatedAnswer): { readonly reason: string; readonly forGood: boolean } {
  const reason = `The same attempt was made elsewhere: ${result.replaceAll('_', ' ')}.`
  return { reason, forGood: result !== 'in_progress' }
}
