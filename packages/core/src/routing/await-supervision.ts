import {
  type Decision,
  type ExecutionDecision,
  GovernanceError,
  type GuardOptions,
  type StoredOutcome,
  type SupervisionDecision,
} from '@preceptor/client'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { withDeadline } from '../kernel/deadline.ts'
import type { Attempt } from './attempt.ts'
import type { Claim, PriorAttempt } from './consequences.ts'
import { currentFacts } from './current-facts.ts'
import { decideByPrior } from './decide-by-prior.ts'
import type { Decided } from './decided.ts'
import type { Gate } from './gate.ts'
import { decisionDraft } from './journal-decision.ts'
import { checkLimits, consumeLimits } from './limits.ts'
import { decisionFacts, deniedDecision, queueDecision } from './make-decision.ts'
import { answerToClaim } from './record-decision.ts'
import { ruledAttempt } from './ruled-attempt.ts'
import { type Ruling, ruleOn } from './ruling.ts'

/** What waiting for a supervisor ends in. */
export type SupervisionWait =
  | { readonly result: 'watched'; readonly claim: Claim }
  | { readonly result: 'replay'; readonly decision: Decision; readonly outcome: StoredOutcome }
  | { readonly result: 'withheld'; readonly decision: Exclude<Decision, ExecutionDecision> }

interface WaitInput {
  readonly decided: Decided
  readonly decision: SupervisionDecision
  readonly options: GuardOptions
}

/**
 * Waits until somebody watches the session and claims the run under that watch; without anybody the run goes to the
 * queue. No connection is held while it waits.
 */
export async function awaitSupervision(gate: Gate, input: WaitInput): Promise<SupervisionWait> {
  const { decision, options } = input
  const attempt = withResolution(input.decided.attempt)
  const { settings } = gate.context
  const watched = await gate.consequences.awaitSupervisor({
    workspace: attempt.actor.workspace,
    sessionId: decision.session.id,
    withinMs: options.attachWithinMs ?? settings.attachWithinMs,
    signal: options.signal,
  })
  const gaveUp = options.signal?.aborted === true
  const waited = await claimInTime(gate, { attempt, decision, watched, gaveUp })
  if (waited.result === 'watched') await gate.context.failpoint('claim.after_commit')
  return waited
}

function withResolution(attempt: Decided['attempt']): Attempt {
  if (attempt.resolution === null) throw new GovernanceError('INTERNAL')
  return { ...attempt, resolution: attempt.resolution }
}

/** A run that was decided to be watched, once the wait for a supervisor is over. */
export interface ClaimInput {
  readonly attempt: Attempt
  readonly decision: SupervisionDecision
  readonly watched: boolean
  /** Whether the caller does not wait any more: then nothing is left behind that somebody could let run. */
  readonly gaveUp: boolean
}

/** Past the deadline the attempt is denied; a claim that still comes through afterwards is released. */
export function claimInTime(gate: Gate, input: ClaimInput): Promise<SupervisionWait> {
  const { attempt } = input
  const { settings, database } = gate.context
  const options = { workspace: attempt.actor.workspace, deadlineMs: settings.deadlineMs, retry: true }
  const once = (): Promise<SupervisionWait> => inWorkspace(database, options, (tx) => claimUnderWatch(gate, tx, input))
  // The same key in two transactions at once: the second one starts over and finds what the first one wrote.
  const work = once().catch((error: unknown) => {
    if (GovernanceError.isInstance(error) && error.code === 'IDEMPOTENCY_IN_FLIGHT') return once()
    throw error
  })
  return withDeadline(work, {
    milliseconds: settings.deadlineMs,
    onLate: (late) => late.result === 'watched' && gate.consequences.release(attempt, late.claim),
  })
}

async function claimUnderWatch(gate: Gate, tx: Tx, input: ClaimInput): Promise<SupervisionWait> {
  const { attempt, decision } = input
  const facts = await currentFacts(gate, tx, attempt)
  // Minutes may have passed: what was decided then is ruled on again before anything runs.
  const ruling = ruleOn(attempt, facts, await checkLimits(tx, attempt, facts.policy))
  const stated = decisionFacts(attempt, ruling, facts.policy.version)
  if (ruling.route !== 'supervision' && ruling.route !== 'execution') {
    const reason = `The decision no longer holds: ${ruling.reason}`
    return withhold(gate, tx, { ...input, ruling, final: deniedDecision(stated, ruling.code ?? 'CONFLICT', reason) })
  }
  if (input.gaveUp) {
    const reason = 'The caller stopped to wait for a supervisor.'
    return withhold(gate, tx, { ...input, ruling, final: deniedDecision(stated, 'RUN_ABORTED', reason) })
  }
  const ruled = ruledAttempt(attempt, ruling, facts)
  const prior = attempt.keyed ? await gate.consequences.findPrior(tx, attempt) : undefined
  const answered = isAnswered(prior) ? decideByPrior({ attempt, ruling, prior, facts }).decision : null
  const queueEntryId = answered?.route === 'queue' ? await holdQueued(gate, tx, answered.queueEntry.id) : null
  const isFree = answered === null || queueEntryId !== null
  const isWatched = isFree && input.watched && (await gate.consequences.holdSession(tx, decision.session.id))
  if (answered !== null && !isWatched) {
    await endSession(gate, tx, { decision, reason: answered.reason })
    return { result: 'withheld', decision: answered }
  }
  if (!isWatched) {
    const queueEntry = await gate.consequences.enqueue(tx, { ruled, isAwaited: true })
    const reason = 'Nobody watched the run in time.'
    return withhold(gate, tx, { ...input, ruling, final: queueDecision({ ...stated, reason }, queueEntry) })
  }
  const result = await gate.consequences.claim(tx, {
    ruled: { ...ruled, sessionId: decision.session.id, queueEntryId },
    claimFor: 'guard',
  })
  if (result.result === 'claimed' && queueEntryId !== null) {
    const { claim } = result
    await gate.consequences.startQueued(tx, { id: queueEntryId, sessionId: decision.session.id, claim, attempt })
  }
  if (result.result !== 'claimed') {
    const answer = answerToClaim(result, stated)
    // A step that is repeated does not end the run that it belongs to.
    const endsSession = attempt.trigger.run === undefined
    const withheld = await withhold(gate, tx, { ...input, ruling, final: answer.decision, endsSession })
    return answer.replay === null ? withheld : { ...withheld, result: 'replay', outcome: answer.replay }
  }
  await consumeLimits(tx, attempt, ruling.rule)
  return { result: 'watched', claim: result.claim }
}

type Answered = Exclude<PriorAttempt, { kind: 'execution' }>

function isAnswered(prior: PriorAttempt | undefined): prior is Answered {
  return prior !== undefined && prior.kind !== 'execution'
}

/** The queue entry that the attempt is the run of, once nobody else can claim it meanwhile. */
async function holdQueued(gate: Gate, tx: Tx, id: string): Promise<string | null> {
  return (await gate.consequences.holdQueued(tx, id)) ? id : null
}

async function withhold(
  gate: Gate,
  tx: Tx,
  input: ClaimInput & {
    readonly ruling: Ruling
    readonly final: Exclude<Decision, ExecutionDecision>
    readonly endsSession?: boolean
  },
): Promise<Extract<SupervisionWait, { readonly result: 'withheld' }>> {
  const { attempt, decision, ruling, final, endsSession = true } = input
  if (endsSession) await endSession(gate, tx, { decision, reason: final.reason })
  await gate.context.journal.append(tx, decisionDraft(attempt, final, ruling.agent))
  return { result: 'withheld', decision: final }
}

function endSession(
  gate: Gate,
  tx: Tx,
  { decision, reason }: { readonly decision: SupervisionDecision; readonly reason: string },
): Promise<void> {
  return gate.consequences.endSession(tx, { sessionId: decision.session.id, state: 'failed', reason })
}
