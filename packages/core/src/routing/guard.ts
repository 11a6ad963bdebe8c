import {
  type ExecutionDecision,
  type GovernanceError,
  type GuardCall,
  type GuardOptions,
  type GuardResult,
  type JsonObject,
  replayedResult,
  type SupervisionDecision,
  type Trigger,
  type WithheldResult,
} from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { inWorkspace } from '../database/transaction.ts'
import { hiddenValues } from '../journal/hide-values.ts'
import type { Asked } from '../telemetry/trace-store.ts'
import type { Question } from './attempt.ts'
import { awaitSupervision } from './await-supervision.ts'
import type { Claim } from './consequences.ts'
import { decide } from './decide.ts'
import type { Decided } from './decided.ts'
import type { Gate } from './gate.ts'
import { deniedDecision } from './make-decision.ts'
import { refuseAndRecord } from './record-refusal.ts'
import { assertResolved } from './resolve-action.ts'
import { toFault } from './to-fault.ts'

/** One call that the gate let through, with what proves it. */
export interface PermittedCall {
  readonly actor: Actor
  readonly trigger: Trigger
  readonly decision: ExecutionDecision | SupervisionDecision
  readonly args: JsonObject
  /** Values in the args that the schema hides. */
  readonly hidden: readonly string[]
  /** Null for a safe action: reading twice does no harm. */
  readonly claim: Claim | null
  readonly sessionId: string | null
  readonly idempotencyKey: string
  /** What supervisors said to the run before it. */
  readonly guidance: readonly string[]
  /** Until when somebody is known to watch, in milliseconds since the epoch; null where nobody has to. */
  readonly watchedUntil: number | null
  /** The span of its decision; null where nobody traces. */
  readonly traceparent: string | null
  /** What waited for people before it, where something did. */
  readonly asked: Asked | null
}

/** Runs permitted calls: makes them abortable, renews their claims, records their outcomes. */
export interface Runner {
  /** Listens to what changes from now on, for a call that is decided on next. */
  listen(): ChangesSince
  run<T>(request: RunRequest<T>): Promise<RunResult<T>>
}

/** What changed since a decision began; asked by the runner alone. */
export interface ChangesSince {
  heard(call: {
    readonly workspace: string
    readonly agents: readonly string[]
    readonly sessionId: string | null
  }): boolean
  end(): void
}

/** A permitted call, and what it runs. */
export interface RunRequest<T> extends Omit<GuardRequest<T>, 'trigger' | 'question'> {
  readonly call: PermittedCall
  readonly changes: ChangesSince
}

/** How a permitted call went. */
export type RunResult<T> =
  | { readonly result: 'ran'; readonly value: T; readonly recorded: boolean }
  /** A stop, or the end of the governor, came before it began. */
  | { readonly result: 'refused'; readonly fault: GovernanceError }

/** What one guarded call is made of. */
export interface GuardRequest<T> {
  readonly trigger: Trigger
  readonly run: (call: GuardCall) => T | Promise<T>
  readonly options: GuardOptions
  /** What people are asked, where the action asks them. */
  readonly question?: Question | undefined
}

/**
 * Decides, runs where the decision lets it, and records the outcome: the one enforcement point.
 *
 * @throws GovernanceError `INPUT_INVALID` for a trigger that is not one; and whatever `run` throws, as it is.
 */
export async function guard<T>(
  gate: Gate,
  runner: Runner,
  actor: Actor,
  request: GuardRequest<T>,
): Promise<GuardResult<T>> {
  const changes = runner.listen()
  try {
    const decided = await decide(gate, actor, request.trigger, 'guard', request.question)
    const permitted = await permit(gate, actor, { decided, options: request.options })
    if ('replay' in permitted) return replayedResult(permitted.decision, permitted.replay)
    if (!('call' in permitted)) return { status: 'withheld', decision: permitted.decision }
    const ran = await runner.run({ ...request, call: permitted.call, changes })
    if (ran.result === 'refused') return await withhold(gate, decided, { call: permitted.call, fault: ran.fault })
    return { status: 'executed', decision: permitted.call.decision, value: ran.value, recorded: ran.recorded }
  } finally {
    changes.end()
  }
}

/** What was allowed and did not begin is denied in the end, and on record as that. */
async function withhold(
  gate: Gate,
  { attempt }: Decided,
  { call, fault }: { readonly call: PermittedCall; readonly fault: GovernanceError },
): Promise<WithheldResult> {
  const decision = deniedDecision(call.decision, fault.code, fault.message)
  // Nothing was recorded of it yet, and the time of the decision is over: the record has its own.
  const startedAt = gate.context.clock.monotonic()
  await refuseAndRecord(gate, { ...attempt, startedAt }, { decision, fault })
  return { status: 'withheld', decision }
}

type Permitted =
  | { readonly call: PermittedCall }
  | { readonly replay: NonNullable<Decided['replay']>; readonly decision: Decided['decision'] }
  | { readonly decision: Exclude<Decided['decision'], ExecutionDecision> }

async function permit(
  gate: Gate,
  actor: Actor,
  { decided, options }: { readonly decided: Decided; readonly options: GuardOptions },
): Promise<Permitted> {
  const { decision, replay, claim, attempt } = decided
  if (replay !== null) return { replay, decision }
  if (decision.route === 'supervision') return permitSupervised(gate, actor, { decided, decision, options })
  if (decision.route !== 'execution') return { decision }
  return { call: permittedCall({ actor, attempt, decision, claim, sessionId: null, guidance: [], watchedUntil: null }) }
}

async function permitSupervised(
  gate: Gate,
  actor: Actor,
  input: { readonly decided: Decided; readonly decision: SupervisionDecision; readonly options: GuardOptions },
): Promise<Permitted> {
  const { decision, decided, options } = input
  try {
    const awaited = await awaitSupervision(gate, { decided, decision, options })
    if (awaited.result === 'withheld') return { decision: awaited.decision }
    if (awaited.result === 'replay') return { decision: awaited.decision, replay: awaited.outcome }
    const { attempt, claim, guidance, watchedUntil } = awaited
    const watched = { sessionId: decision.session.id, guidance, watchedUntil }
    return { call: permittedCall({ actor, attempt, decision: awaited.decision, claim, ...watched }) }
  } catch (error) {
    const fault = toFault(error)
    gate.context.report({ level: 'error', code: fault.code, message: `Denied ${decision.id}: ${fault.message}` })
    endSessionLater(gate, decided, { decision, reason: fault.message })
    return { decision: deniedDecision(decision, fault.code, fault.message) }
  }
}

/** The caller has its answer; a session that cannot be ended now is ended by the jobs once it is idle. */
function endSessionLater(
  { context, consequences }: Gate,
  { attempt }: Decided,
  { decision, reason }: { readonly decision: SupervisionDecision; readonly reason: string },
): void {
  if (attempt.trigger.run !== undefined) return
  const options = { workspace: attempt.actor.workspace, deadlineMs: context.settings.deadlineMs }
  const end = { sessionId: decision.session.id, state: 'failed', reason } as const
  inWorkspace(context.database, options, (tx) => consequences.endSession(tx, end)).catch((error: unknown) => {
    const message = `The session ${end.sessionId} could not be ended: ${String(error)}`
    context.report({ level: 'warn', code: 'NOTICE', message })
  })
}

function permittedCall(input: {
  readonly actor: Actor
  readonly attempt: Decided['attempt']
  readonly decision: ExecutionDecision | SupervisionDecision
  readonly claim: Claim | null
  readonly sessionId: string | null
  readonly guidance: readonly string[]
  readonly watchedUntil: number | null
}): PermittedCall {
  const { actor, attempt, decision, claim, sessionId, guidance, watchedUntil } = input
  const { args, action } = assertResolved(attempt.resolution)
  const hidden = hiddenValues({ args, sensitive: action.sensitivePaths })
  const proposal = decision.route === 'execution' ? decision.approval?.proposal : undefined
  // Field by field, which costs a tenth of a copy: every call comes through here.
  return {
    actor,
    trigger: attempt.trigger,
    decision,
    args,
    hidden,
    claim,
    sessionId,
    idempotencyKey: attempt.idempotencyKey,
    guidance,
    watchedUntil,
    traceparent: attempt.traceparent ?? null,
    asked: proposal === undefined ? null : { kind: 'proposal', id: proposal },
  }
}
