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
import type { Claim, PriorAttempt, StepBegin, SupervisorAnswer } from './consequences.ts'
import { currentFacts } from './current-facts.ts'
import { decideByPrior } from './decide-by-prior.ts'
import type { Decided } from './decided.ts'
import type { Facts } from './facts.ts'
import type { Gate } from './gate.ts'
import { decisionDraft } from './journal-decision.ts'
import { checkLimits, consumeLimits } from './limits.ts'
import { decisionFacts, deniedDecision, queueDecision } from './make-decision.ts'
import { answerToClaim } from './record-decision.ts'
import { resolveAction } from './resolve-action.ts'
import { ruledAttempt } from './ruled-attempt.ts'
import { type Ruling, ruleOn } from './ruling.ts'

/** What waiting for a supervisor ends in. */
export type SupervisionWait =
  | {
      readonly result: 'watched'
      readonly claim: Claim
      /** The attempt with the args that it runs with. */
      readonly attempt: Attempt
      readonly guidance: readonly string[]
      /** Milliseconds since the epoch. */
      readonly watchedUntil: number
      /** The decision, with what a supervisor made of the args. */
      readonly decision: SupervisionDecision
    }
  | { readonly result: 'replay'; readonly decision: Decision; readonly outcome: StoredOutcome }
  | { readonly result: 'withheld'; readonly decision: Exclude<Decision, ExecutionDecision> }

/** A claim that came too early: what was looked at before it is no longer so. */
type SupervisionTry = SupervisionWait | { readonly result: 'again' }

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
  const signal = typeof options.signal === 'function' ? options.signal() : options.signal
  for (;;) {
    const answer = await gate.consequences.awaitSupervisor({
      workspace: attempt.actor.workspace,
      sessionId: decision.session.id,
      stepId: decision.id,
      withinMs: options.attachWithinMs ?? settings.attachWithinMs,
      patient: true,
      signal,
    })
    const gaveUp = signal?.aborted === true
    if (answer.result === 'watched') await gate.context.failpoint('supervisor.lease_lost')
    const waited = await claimInTime(gate, { attempt, decision, answer, gaveUp })
    if (waited.result === 'again') continue
    if (waited.result === 'watched') await gate.context.failpoint('step.after_commit')
    return waited
  }
}

function withResolution(attempt: Decided['attempt']): Attempt {
  if (attempt.resolution === null) throw new GovernanceError('INTERNAL')
  return { ...attempt, resolution: attempt.resolution }
}

/** A run that was decided to be watched, once the wait for a supervisor is over. */
export interface ClaimInput {
  readonly attempt: Attempt
  readonly decision: SupervisionDecision
  readonly answer: SupervisorAnswer
  /** Whether the caller does not wait any more: then nothing is left behind that somebody could let run. */
  readonly gaveUp: boolean
}

/** Past the deadline the attempt is denied; a claim that still comes through afterwards is released. */
export async function claimInTime(gate: Gate, input: ClaimInput): Promise<SupervisionTry> {
  const { settings, database } = gate.context
  const attempt = await correctedAttempt(gate, input)
  const options = { workspace: attempt.actor.workspace, deadlineMs: settings.deadlineMs, retry: true, named: true }
  const once = (): Promise<SupervisionTry> =>
    inWorkspace(database, options, (tx) => claimUnderWatch(gate, tx, { ...input, attempt }))
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

/** The attempt with the args that a supervisor gave it, parsed by the schema of the action as any others are. */
export async function correctedAttempt(
  gate: Gate,
  { attempt, answer }: Pick<ClaimInput, 'attempt' | 'answer'>,
): Promise<Attempt> {
  if (answer.result !== 'watched' || answer.correction.args === null) return attempt
  const { trigger, actor } = attempt
  const { args } = answer.correction
  if (trigger.fixedArgs === true) {
    const reason = 'A supervisor gave it other args, and this request cannot run with them.'
    return { ...attempt, resolution: { status: 'unresolved', code: 'ARGS_EDITED', reason } }
  }
  const digest = attempt.resolution.status === 'resolved' ? { digest: attempt.resolution.action.digest } : {}
  return {
    ...attempt,
    resolution: await resolveAction(gate.registry, actor.workspace, { ...trigger, ...digest, args }),
  }
}

async function claimUnderWatch(gate: Gate, tx: Tx, input: ClaimInput): Promise<SupervisionTry> {
  const { attempt, decision } = input
  const facts = await currentFacts(gate, tx, attempt)
  // Minutes may have passed: what was decided then is ruled on again before anything runs.
  const limits = await checkLimits(tx, { context: gate.context, attempt, policy: facts.policy })
  const ruling = ruleOn(attempt, facts, limits)
  const stated = decisionFacts(attempt, ruling, facts.policy.version)
  if (ruling.route !== 'supervision' && ruling.route !== 'execution') {
    const reason = `The decision no longer holds: ${ruling.reason}`
    return withhold(gate, tx, { ...input, ruling, final: deniedDecision(stated, ruling.code ?? 'CONFLICT', reason) })
  }
  if (input.gaveUp) {
    const reason = 'The caller stopped to wait for a supervisor.'
    return withhold(gate, tx, { ...input, ruling, final: deniedDecision(stated, 'RUN_ABORTED', reason) })
  }
  const prior = attempt.keyed ? await gate.consequences.findPrior(tx, attempt) : undefined
  const answered = isAnswered(prior) ? decideByPrior({ attempt: asAsked(input), ruling, prior, facts }).decision : null
  const queueEntryId = answered?.route === 'queue' ? await holdQueued(gate, tx, answered.queueEntry.id) : null
  if (answered !== null && queueEntryId === null) return answerAgain(gate, tx, { decision, answered })
  const begun = await beginStep(gate, tx, { ...input, ruling })
  switch (begun.result) {
    case 'changed':
      return { result: 'again' }
    case 'objected': {
      await dropQueued(gate, tx, { id: queueEntryId, reason: `${begun.by} objected to the run.` })
      const final = deniedDecision(stated, 'STEP_OBJECTED', `${begun.by} objected to the step.`)
      return withhold(gate, tx, { ...input, ruling, final, endsSession: attempt.trigger.run === undefined })
    }
    case 'terminated': {
      await dropQueued(gate, tx, { id: queueEntryId, reason: 'A supervisor terminated the run.' })
      const final = deniedDecision(stated, 'RUN_TERMINATED', 'A supervisor terminated the run.')
      return withhold(gate, tx, { ...input, ruling, final })
    }
    case 'unwatched': {
      if (answered !== null) return answerAgain(gate, tx, { decision, answered })
      const ruled = ruledAttempt(attempt, ruling, facts)
      const queueEntry = await gate.consequences.enqueue(tx, { ruled, isAwaited: true })
      const reason = 'Nobody watched the run in time.'
      return withhold(gate, tx, { ...input, ruling, final: queueDecision({ ...stated, reason }, queueEntry) })
    }
    case 'begun':
      return claimStep(gate, tx, { ...input, ruling, facts, queueEntryId, watchedUntil: begun.watchedUntil })
    default:
      return begun satisfies never
  }
}

/** What those who watch did not let begin does not wait for others. */
async function dropQueued(
  gate: Gate,
  tx: Tx,
  { id, reason }: { readonly id: string | null; readonly reason: string },
): Promise<void> {
  if (id !== null) await gate.consequences.dropQueued(tx, { id, reason })
}

/** The attempt as it was made: what a supervisor made of its args does not make it another one. */
function asAsked({ attempt, decision }: ClaimInput): Attempt {
  const { resolution } = attempt
  if (resolution.status !== 'resolved' || decision.argsHash === null) return attempt
  return { ...attempt, resolution: { ...resolution, argsHash: decision.argsHash } }
}

/** What the same attempt led to before is its answer; its step never begins. */
async function answerAgain(
  gate: Gate,
  tx: Tx,
  {
    decision,
    answered,
  }: { readonly decision: SupervisionDecision; readonly answered: Exclude<Decision, ExecutionDecision> },
): Promise<SupervisionTry> {
  await gate.consequences.withholdStep(tx, decision.id)
  await endSession(gate, tx, { decision, reason: answered.reason })
  return { result: 'withheld', decision: answered }
}

function beginStep(
  gate: Gate,
  tx: Tx,
  { decision, answer, ruling }: ClaimInput & { readonly ruling: Ruling },
): Promise<StepBegin> {
  // A step that nobody looked at begins under no correction.
  const corrections = answer.result === 'watched' ? answer.correction.corrections : -1
  const risk = ruling.risk ?? 'critical'
  return gate.consequences.beginStep(tx, { sessionId: decision.session.id, stepId: decision.id, corrections, risk })
}

async function claimStep(
  gate: Gate,
  tx: Tx,
  input: ClaimInput & {
    readonly ruling: Ruling
    readonly facts: Facts
    /** The queue entry that it is the run of, if it is. */
    readonly queueEntryId: string | null
    readonly watchedUntil: number
  },
): Promise<SupervisionWait> {
  const { attempt, decision, ruling, facts, queueEntryId, watchedUntil } = input
  const sessionId = decision.session.id
  const ruled = { ...ruledAttempt(attempt, ruling, facts), sessionId, queueEntryId }
  const result = await gate.consequences.claim(tx, { ruled, claimFor: 'guard' })
  if (result.result === 'claimed') {
    await consumeLimits(tx, { context: gate.context, attempt, rule: ruling.rule, claim: result.claim })
    const guidance = await gate.consequences.takeGuidance(tx, { sessionId, stepId: decision.id })
    const { claim } = result
    if (queueEntryId !== null) await gate.consequences.startQueued(tx, { id: queueEntryId, sessionId, claim, attempt })
    return { result: 'watched', claim, attempt, guidance, watchedUntil, decision: correctedDecision(input) }
  }
  const answer = answerToClaim(result, decisionFacts(attempt, ruling, facts.policy.version))
  // A step that is repeated does not end the run that it belongs to.
  const endsSession = attempt.trigger.run === undefined
  await gate.consequences.endStep(tx, decision.id)
  const withheld = await withhold(gate, tx, { ...input, ruling, final: answer.decision, endsSession })
  return answer.replay === null ? withheld : { ...withheld, result: 'replay', outcome: answer.replay }
}

function correctedDecision({ decision, answer }: ClaimInput): SupervisionDecision {
  if (answer.result !== 'watched' || answer.correction.args === null) return decision
  return { ...decision, edited: answer.correction.edited }
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
  await gate.consequences.withholdStep(tx, decision.id)
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
