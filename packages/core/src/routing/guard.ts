import type {
  ExecutionDecision,
  GuardCall,
  GuardOptions,
  GuardResult,
  JsonObject,
  SupervisionDecision,
  Trigger,
} from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { awaitSupervision } from './await-supervision.ts'
import type { Claim } from './consequences.ts'
import { decide } from './decide.ts'
import type { Decided } from './decided.ts'
import type { Gate } from './gate.ts'
import { deniedDecision } from './make-decision.ts'
import { assertResolved } from './resolve-action.ts'
import { toFault } from './to-fault.ts'

/** One call that the gate let through, with what proves it. */
export interface PermittedCall {
  readonly actor: Actor
  readonly trigger: Trigger
  readonly decision: ExecutionDecision | SupervisionDecision
  readonly args: JsonObject
  /** Null for a safe action: reading twice does no harm. */
  readonly claim: Claim | null
  readonly sessionId: string | null
  readonly idempotencyKey: string
}

/** Runs permitted calls: makes them abortable, renews their claims, records their outcomes. */
export interface Runner {
  run<T>(
    call: PermittedCall,
    run: (call: GuardCall) => T | Promise<T>,
    options: GuardOptions,
  ): Promise<{ readonly value: T; readonly recorded: boolean }>
}

/** What one guarded call is made of. */
export interface GuardRequest<T> {
  readonly trigger: Trigger
  readonly run: (call: GuardCall) => T | Promise<T>
  readonly options: GuardOptions
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
  const decided = await decide(gate, actor, request.trigger, 'guard')
  const permitted = await permit(gate, actor, { decided, options: request.options })
  if ('replay' in permitted) return { status: 'replayed', decision: permitted.decision, outcome: permitted.replay }
  if (!('call' in permitted)) return { status: 'withheld', decision: permitted.decision }
  const { value, recorded } = await runner.run(permitted.call, request.run, request.options)
  return { status: 'executed', decision: permitted.call.decision, value, recorded }
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
  return { call: permittedCall({ actor, attempt, decision, claim, sessionId: null }) }
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
    const sessionId = decision.session.id
    return { call: permittedCall({ actor, attempt: decided.attempt, decision, claim: awaited.claim, sessionId }) }
  } catch (error) {
    const fault = toFault(error)
    gate.context.report({ level: 'error', code: fault.code, message: `Denied ${decision.id}: ${fault.message}` })
    return { decision: deniedDecision(decision, fault.code, fault.message) }
  }
}

function permittedCall(input: {
  readonly actor: Actor
  readonly attempt: Decided['attempt']
  readonly decision: ExecutionDecision | SupervisionDecision
  readonly claim: Claim | null
  readonly sessionId: string | null
}): PermittedCall {
  const { attempt, ...rest } = input
  const { args } = assertResolved(attempt.resolution)
  return { ...rest, trigger: attempt.trigger, args, idempotencyKey: attempt.idempotencyKey }
}
