import type { SupervisionDecision } from '@preceptor/client'
import { actorName } from '../access/actor.ts'
import type { ActionSpecification } from '../actions/registered-action.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { hiddenValues } from '../journal/hide-values.ts'
import { isoTime } from '../kernel/clock.ts'
import type { Attempt } from '../routing/attempt.ts'
import { correctedAttempt } from '../routing/await-supervision.ts'
import type { RepeatedAnswer, StepBegin, StepCorrection } from '../routing/consequences.ts'
import { currentFacts } from '../routing/current-facts.ts'
import type { Facts } from '../routing/facts.ts'
import type { Gate } from '../routing/gate.ts'
import type { PermittedCall } from '../routing/guard.ts'
import { decisionDraft } from '../routing/journal-decision.ts'
import { checkLimits, consumeLimits } from '../routing/limits.ts'
import { decisionFacts, supervisionDecision } from '../routing/make-decision.ts'
import { assertResolved } from '../routing/resolve-action.ts'
import { ruledAttempt } from '../routing/ruled-attempt.ts'
import { type Ruling, ruleOn } from '../routing/ruling.ts'
import { traceDecision } from '../telemetry/decision-span.ts'
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
  const { workspace, entry } = request
  const { sessionId, stepId } = entry
  if (sessionId === null || stepId === null) return null
  const wait = { workspace, sessionId, stepId, withinMs: 1, patient: false, signal: undefined }
  const answer = await gate.consequences.awaitSupervisor(wait)
  // Paused or announced: the next turn looks again, and nothing is held until then.
  if (answer.result !== 'watched') return null
  const { correction } = answer
  const scope = { workspace, deadlineMs: gate.context.settings.deadlineMs, retry: true, named: true }
  // Who watches has come: from here on nobody is waited for.
  const call = await traceDecision(async (traceparent) => {
    const asked = { ...queuedAttempt(gate, request), ...(traceparent !== null && { traceparent }) }
    const attempt = await correctedAttempt(gate, { attempt: asked, answer })
    const held = { ...request, attempt, correction, sessionId, stepId }
    return inWorkspace(gate.context.database, scope, (tx) => claimIn(gate, tx, held))
  })
  if (call !== null) await gate.context.failpoint('queue.after_commit')
  return call
}

interface HeldClaim extends ClaimEntryRequest {
  /** With what a supervisor made of its args. */
  readonly attempt: Attempt
  readonly correction: StepCorrection
  readonly sessionId: string
  readonly stepId: string
}

async function claimIn(gate: Gate, tx: Tx, held: HeldClaim): Promise<PermittedCall | null> {
  const { entry, attempt, correction, sessionId, stepId } = held
  const { id, agent } = entry
  const facts = await currentFacts(gate, tx, attempt)
  const claimable = await lockClaimable(tx, { id, at: isoTime(gate.context.clock.now()) })
  if (claimable?.sessionId !== sessionId) return null
  const limits = await checkLimits(tx, { context: gate.context, attempt, policy: facts.policy })
  const ruling = ruleOn(attempt, facts, limits)
  if (!isRunnable(ruling)) {
    await putBack(gate.context, tx, { id, agent, sessionId, ...refusalOf(ruling) })
    return null
  }
  const { corrections } = correction
  const risk = ruling.risk ?? 'critical'
  const begun = await gate.consequences.beginStep(tx, { sessionId, stepId, corrections, risk })
  if (begun.result !== 'begun') {
    const ended = endOf(begun)
    if (ended !== null) await putBack(gate.context, tx, { id, agent, sessionId, ...ended })
    return null
  }
  const ruled = { ...ruledAttempt(attempt, ruling, facts), sessionId, queueEntryId: id }
  const result = await gate.consequences.claim(tx, { ruled, claimFor: 'guard' })
  if (result.result !== 'claimed') {
    await gate.consequences.endStep(tx, stepId)
    await putBack(gate.context, tx, { id, agent, sessionId, ...settledElsewhere(result) })
    return null
  }
  const { claim } = result
  await gate.consequences.startQueued(tx, { id, sessionId, claim, attempt })
  await consumeLimits(tx, { context: gate.context, attempt, rule: ruling.rule, claim })
  const guidance = await gate.consequences.takeGuidance(tx, { sessionId, stepId })
  const decision = decisionOn(held, { ruling, facts })
  await gate.context.journal.append(tx, decisionDraft(attempt, decision, ruling.agent))
  const { actor, trigger, idempotencyKey } = attempt
  const { watchedUntil } = begun
  const { args } = ruled
  const hidden = hiddenValues({ args, sensitive: assertResolved(attempt.resolution).action.sensitivePaths })
  const traced = { traceparent: attempt.traceparent ?? null, asked: { kind: 'queue_entry', id } } as const
  return { actor, trigger, decision, args, hidden, claim, sessionId, idempotencyKey, guidance, watchedUntil, ...traced }
}

function decisionOn(
  { entry, attempt, correction, sessionId }: HeldClaim,
  { ruling, facts }: { readonly ruling: Ruling; readonly facts: Facts },
): SupervisionDecision {
  const reason = `The queued run ${entry.id} of ${actorName(attempt.actor)} is watched now.`
  const decision = supervisionDecision(decisionFacts(attempt, { ...ruling, reason }, facts.policy.version), sessionId)
  return correction.args === null ? decision : { ...decision, edited: correction.edited }
}

/** What those who watch decided about a run that has not begun; null where it only waits on. */
function endOf(
  begun: Exclude<StepBegin, { result: 'begun' }>,
): { readonly reason: string; readonly forGood: true } | null {
  switch (begun.result) {
    case 'objected':
      return { reason: `${begun.by} objected to the run.`, forGood: true }
    case 'terminated':
      return { reason: 'A supervisor terminated the run.', forGood: true }
    case 'changed':
    case 'unwatched':
      return null
    default:
      return begun satisfies never
  }
}

/** The same attempt ran, or runs, past the queue. */
function settledElsewhere({ result }: RepeatedAnswer): { readonly reason: string; readonly forGood: boolean } {
  const reason = `The same attempt was made elsewhere: ${result.replaceAll('_', ' ')}.`
  return { reason, forGood: result !== 'in_progress' }
}
