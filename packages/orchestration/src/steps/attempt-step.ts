import {
  ERROR_CODES,
  type ExecutedResult,
  GovernanceError,
  type GuardCall,
  type GuardResult,
  type JsonValue,
  type ReplayedResult,
  redactText,
  type StoredOutcome,
  type Trigger,
  type WithheldResult,
} from '@preceptor/client'
import { type ActionSpecification, inWorkspace, isoTime, principalNamed, storableText } from '@preceptor/core/plugin'
import { boundedOutput } from '../executors/bounded-output.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import { actorFor } from './engine-actor.ts'
import { HOLD_MS } from './hold.ts'
import { keyOfTry } from './key-of-try.ts'
import { type FailedTry, retryAfter } from './retry-rule.ts'
import { withinTime } from './run-executor.ts'
import type { AttemptingStep, StepFailure, TryResult } from './step.ts'
import { beginWaited, keepStep } from './step-store.ts'

const IN_PROGRESS_MS = 2_000
const NO_EXECUTOR_MS = 5_000
const QUEUED_MS = 10_000
// Also what nobody decides on is looked at again, once it has expired.
const SLACK_MS = 1_000
const LONGEST_MESSAGE = 1_000

/** A step in the hands of this process. */
export interface HeldStep {
  readonly workspace: string
  readonly step: AttemptingStep
  /** Aborted when the step is cancelled, or somebody else claims it. */
  readonly signal: AbortSignal
}

/** Tries a step once: asks the gate, and runs the executor where it lets it. */
export async function attemptStep(ports: EnginePorts, held: HeldStep): Promise<TryResult> {
  const { step, workspace, signal } = held
  const { trigger } = step
  const found = ports.gate.findAction(workspace, trigger.action, trigger.digest)
  if (found.found !== 'one') return { state: 'later', note: 'ACTION_UNKNOWN', afterMs: NO_EXECUTOR_MS }
  const { action } = found
  const execute = action.asksPeople ? answerOf : action.execute
  // Another process of the plane has it.
  if (execute === null) return { state: 'later', note: 'NO_EXECUTOR', afterMs: NO_EXECUTOR_MS }
  const begun: { call: GuardCall | null } = { call: null }
  const run = async (call: GuardCall): Promise<JsonValue> => {
    begun.call = call
    await noteBegin(ports, held)
    // Whoever takes the effect recognises every try of the step as the same.
    const asked = { ...call, idempotencyKey: step.id }
    return boundedOutput('The step', await withinTime(asked, execute, step.settings.timeoutMs))
  }
  const { question } = step.settings
  const asker = actorFor(workspace, principalNamed(step.askedBy), trigger.agent)
  try {
    const options = { signal, ...(question && { question }) }
    const result = await ports.gate.guard(asker, triggerOf(step), run, options)
    return readResult(ports, { step, action, result })
  } catch (error) {
    // Who cancelled it, or took it over, says what becomes of it.
    if (signal.aborted) return { state: 'lost' }
    return readError({ step, action, error, call: begun.call })
  }
}

/** Nothing begins that was cancelled, or that somebody else claimed; what was waited for is not waited for any more. */
async function noteBegin(ports: EnginePorts, { workspace, step }: HeldStep): Promise<void> {
  const { context, owners } = ports
  const until = isoTime(context.clock.now() + HOLD_MS)
  const isHeld = await inWorkspace(context.database, { workspace }, async (tx) => {
    if (step.state !== 'waiting') return keepStep(tx, step, until)
    const owner = owners[step.owner.kind]
    if (!(await owner.hold(tx, step.owner.id)) || !(await beginWaited(tx, step))) return false
    await owner.moved(tx, step.owner.id)
    return true
  })
  if (!isHeld) throw new GovernanceError('RUN_ABORTED', { message: 'The step is in other hands, or was cancelled.' })
}

/** A question has no effect of its own: what people approved is the answer. */
function answerOf({ args, decision }: GuardCall): JsonValue {
  const approval = decision.route === 'execution' ? decision.approval : undefined
  if (approval === undefined) throw new GovernanceError('APPROVAL_REQUIRED')
  return { approved: true, data: args.data ?? {}, decidedBy: [...approval.decidedBy], version: approval.version }
}

function triggerOf({ id, attempts, trigger, owner }: AttemptingStep): Trigger {
  const { agent, action, digest, args, startsRun, delegation = [] } = trigger
  return {
    agent,
    action,
    args,
    idempotencyKey: keyOfTry({ id, attempts }),
    context: { [owner.kind]: owner.id },
    ...(digest === undefined ? {} : { digest }),
    ...(startsRun ? { type: 'workflow_trigger' } : {}),
    ...(delegation.length === 0 ? {} : { delegation }),
  }
}

interface Answered<Result> {
  readonly step: AttemptingStep
  readonly action: ActionSpecification
  readonly result: Result
}

function readResult(ports: EnginePorts, answered: Answered<GuardResult<JsonValue>>): TryResult {
  const { result } = answered
  switch (result.status) {
    case 'executed':
      return succeeded(result)
    case 'replayed':
      return readReplay({ ...answered, result })
    case 'withheld':
      return readWithheld(ports, { ...answered, result })
    default:
      return result satisfies never
  }
}

function succeeded({ value }: ExecutedResult<JsonValue>): TryResult {
  return { state: 'succeeded', output: value }
}

/** It ran before, and whoever ran it could not say so here any more. */
function readReplay({ step, action, result }: Answered<ReplayedResult>): TryResult {
  const { answer, outcome } = result
  if (answer !== undefined && action.asksPeople) {
    // An answer in words is no approval.
    const said = redactText(JSON.stringify(answer))
    return fail('PROPOSAL_RESPONDED', `Instead of approving, the reviewer answered: ${said}`)
  }
  if (outcome.status === 'failed') return readFailedOutcome({ step, action, result: outcome })
  if (outcome.stored) return { state: 'succeeded', output: outcome.value }
  return fail('STEP_FAILED', 'It succeeded, and its output was too large to be kept.')
}

function readFailedOutcome({
  step,
  action,
  result,
}: Answered<Extract<StoredOutcome, { status: 'failed' }>>): TryResult {
  const failure = failureOf('STEP_FAILED', result.message)
  // How it failed is not kept: it may have timed out. Where a person found out, that is known.
  if (!isRepeatable(action) && step.state !== 'outcome_unknown') return { state: 'outcome_unknown', failure }
  return againOrNot(step, failure, {
    code: 'STEP_FAILED',
    ran: true,
    // What ran under an approval is not known any more; the answer is the safe one.
    wasLookedAt: step.proposalId !== null || step.queueEntryId !== null,
    isRepeatable: isRepeatable(action),
    // Nor is whether it took effect: what could do it twice is not tried again by itself.
    isRetryable: isRepeatable(action) ? null : false,
    retryAfterMs: null,
    tries: step.attempts + 1,
  })
}

function readWithheld({ context }: EnginePorts, { step, action, result }: Answered<WithheldResult>): TryResult {
  const { decision } = result
  switch (decision.route) {
    case 'proposal': {
      const { id, expiresAt, runnableAt } = decision.proposal
      const afterMs = Date.parse(runnableAt ?? expiresAt) - context.clock.now() + SLACK_MS
      return { state: 'waiting', proposalId: id, queueEntryId: null, afterMs: Math.max(SLACK_MS, afterMs) }
    }
    case 'queue':
      return { state: 'waiting', proposalId: null, queueEntryId: decision.queueEntry.id, afterMs: QUEUED_MS }
    case 'training':
      return fail('TRAINING_REQUIRED', decision.reason)
    case 'supervision':
      return { state: 'later', note: null, afterMs: IN_PROGRESS_MS }
    case 'denied':
      break
    default:
      return decision satisfies never
  }
  const { code, reason } = decision
  // Nothing began: another process goes on with it.
  if (code === 'GOVERNOR_CLOSED') return { state: 'later', note: null, afterMs: 0 }
  if (code === 'EXECUTION_IN_PROGRESS') return { state: 'later', note: code, afterMs: IN_PROGRESS_MS }
  if (code === 'OUTCOME_UNKNOWN') return { state: 'outcome_unknown', failure: failureOf(code, reason) }
  return againOrNot(step, failureOf(code, reason), {
    code,
    ran: false,
    wasLookedAt: false,
    isRepeatable: isRepeatable(action),
    isRetryable: null,
    retryAfterMs: null,
    tries: step.attempts + 1,
  })
}

function readError({
  step,
  action,
  error,
  call,
}: {
  readonly step: AttemptingStep
  readonly action: ActionSpecification
  readonly error: unknown
  readonly call: GuardCall | null
}): TryResult {
  const code = GovernanceError.isInstance(error) ? error.code : 'STEP_FAILED'
  const failure = failureOf(code, error instanceof Error ? error.message : String(error))
  const said = saidBy(error)
  const isClosed = call?.signal.aborted === true && isClosing(call.signal.reason)
  if (isClosed && isRepeatable(action)) return { state: 'again', failure, afterMs: 0 }
  const isUnknown = said.isEffectUnknown || code === 'STEP_TIMED_OUT' || isClosed
  if (call !== null && isUnknown && !isRepeatable(action)) return { state: 'outcome_unknown', failure }
  return againOrNot(step, failure, {
    code,
    ran: call !== null,
    wasLookedAt: call !== null && (call.decision.route !== 'execution' || call.decision.approval !== undefined),
    isRepeatable: isRepeatable(action),
    ...said,
    tries: step.attempts + 1,
  })
}

function isClosing(reason: unknown): boolean {
  return GovernanceError.isInstance(reason) && reason.code === 'GOVERNOR_CLOSED'
}

function againOrNot(step: AttemptingStep, failure: StepFailure, failed: FailedTry): TryResult {
  const afterMs = retryAfter(failed, step.settings)
  return afterMs === null ? { state: 'failed', failure } : { state: 'again', failure, afterMs }
}

function isRepeatable({ risk, idempotent }: ActionSpecification): boolean {
  return risk === 'safe' || idempotent
}

/** What an error says of trying again, whichever copy of the package it is of. */
function saidBy(
  error: unknown,
): Pick<FailedTry, 'isRetryable' | 'retryAfterMs'> & { readonly isEffectUnknown: boolean } {
  const said: Partial<Record<'isRetryable' | 'retryAfterMs' | 'isEffectUnknown', unknown>> =
    typeof error === 'object' && error !== null ? error : {}
  return {
    isRetryable: typeof said.isRetryable === 'boolean' ? said.isRetryable : null,
    retryAfterMs: typeof said.retryAfterMs === 'number' ? said.retryAfterMs : null,
    isEffectUnknown: said.isEffectUnknown === true,
  }
}

function fail(code: StepFailure['code'], message: string): TryResult {
  return { state: 'failed', failure: failureOf(code, message) }
}

function failureOf(code: StepFailure['code'], message: string): StepFailure {
  return { code, message: storableText(redactText(message), LONGEST_MESSAGE) || ERROR_CODES[code].summary }
}
