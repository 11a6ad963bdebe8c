import type { ActionDefinitions, RegisteredAction } from './action.ts'
import type { Assessment, Decision } from './decision.ts'
import type { GuardCall, GuardOptions, GuardResult, StoredOutcome } from './guard.ts'
import type { Identity, Principal } from './principal.ts'
import type { AdmissionRequest, CallerAddress } from './rate-limits.ts'
import type { Trigger } from './trigger.ts'
import type { Surface, TriggerSource } from './vocabulary.ts'

/**
 * The gate, as every adapter sees it: embedded (`createGovernor` of `@preceptor/core`) or remote.
 *
 * @example
 * ```ts
 * import type { Governor } from '@preceptor/client'
 *
 * export async function refund(governor: Governor, cents: number): Promise<string> {
 *   const scope = governor.as({ workspace: 'default', principal: { kind: 'agent', id: 'refund-bot', roles: [] } })
 *   const result = await scope.guard(
 *     { agent: 'refund-bot', action: 'refund.create', args: { cents } },
 *     async ({ args }) => `refunded ${String(args.cents)}`,
 *   )
 *   return result.status === 'executed' ? result.value : result.decision.reason
 * }
 * ```
 */
export interface Governor {
  /**
   * Binds the gate to a principal in a workspace; nothing is decided without one. Adapters say which surface they are, for
   * what is counted: default `host`, and no right depends on it.
   *
   * @throws GovernanceError `INPUT_INVALID`, or `SOURCE_MISMATCH` when a principal that is no user claims `manual`.
   */
  as(identity: Identity, surface?: Surface): Scope

  /**
   * Turns a bearer credential (an API key or a JWT) into an identity. Servers say where it came from, so that guessing is
   * slowed down.
   *
   * @throws GovernanceError `CREDENTIAL_INVALID`, `WORKSPACE_UNKNOWN`, `RATE_LIMITED`, or the code of a fault.
   */
  authenticate(credential: string, from?: CallerAddress): Promise<Identity>

  /**
   * Counts a request from outside against the rate limits of its principal and workspace, or an attempt in it against that
   * of its agent; servers call it for each. Undefined where it was admitted at once, which is nearly always. A remote
   * governor has none: its server counts.
   *
   * @throws GovernanceError `RATE_LIMITED`, also out of the promise.
   */
  admit?(request: AdmissionRequest): Promise<void> | undefined

  /** Runs work in the trace that a request names, unless the host's own instrumentation opened one for it. */
  inTraceOf?<T>(carrier: TraceCarrier, work: () => T): T

  /** Lets running guarded calls end, aborts those that last too long, then closes what the governor opened. */
  close(): Promise<void>
}

/** What a request says of its trace (W3C Trace Context): its headers, or the `_meta` of an MCP request. */
export interface TraceCarrier {
  readonly traceparent?: string
  readonly tracestate?: string
}

/** The gate, bound to a principal in a workspace. */
export interface Scope {
  readonly workspace: string
  readonly principal: Principal
  readonly source: TriggerSource

  /**
   * Decides on a trigger and makes what follows from it durable, in one transaction. Faults are answered as
   * `denied` with their code; it throws only on misuse.
   *
   * With `claim`, a decision to execute also claims the execution for the caller, who must `report` its outcome: a
   * second claim of the attempt is denied, and a claim that is never reported becomes `outcome_unknown`. For hosts
   * that cannot put the run inside `guard`.
   *
   * @throws GovernanceError `INPUT_INVALID` for a trigger that is not one.
   */
  decide(trigger: Trigger, options?: DecideOptions): Promise<Decision>

  /**
   * Records the outcome of an execution that `decide` claimed.
   *
   * @throws GovernanceError `NOT_FOUND`, `EXECUTION_FENCED` when it was settled before, or the code of a fault.
   */
  report(decisionId: string, outcome: StoredOutcome): Promise<void>

  /**
   * Says how `decide` would decide now, without any effect. Whether somebody is there to watch is not looked at: what is
   * `supervision` here waits in the `queue` where nobody is.
   *
   * @throws GovernanceError `INPUT_INVALID` for a trigger that is not one.
   */
  check(trigger: Trigger): Promise<Assessment>

  /**
   * Decides, runs where the decision lets it, and records the outcome. An error of `run` is recorded and rethrown
   * as it is; faults of the gate before the run are answered as `denied` with their code.
   *
   * @throws GovernanceError `INPUT_INVALID` for a trigger that is not one.
   */
  guard<T>(trigger: Trigger, run: (call: GuardCall) => T | Promise<T>, options?: GuardOptions): Promise<GuardResult<T>>

  /**
   * Registers the actions that this process can attempt; an unregistered action is denied. A name may stand for
   * several definitions (two releases, two agents with tools of one name); then a trigger must state the digest.
   *
   * @throws GovernanceError `INPUT_INVALID`, or the code of a fault.
   */
  registerActions(actions: ActionDefinitions): Promise<readonly RegisteredAction[]>

  /** Ends the supervision session of a run, if it has one; a run that is never finished ends after 10 idle minutes. */
  finish(run: string, end: { readonly agent: string; readonly status: 'completed' | 'failed' }): Promise<void>
}

/** Options of one decision. */
export interface DecideOptions {
  /** Claim the execution for the caller; default false. */
  readonly claim?: boolean
}
