import type { ExecutionDecision, SupervisionDecision } from '../port/decision.ts'
import type { RemoteCall } from '../port/remote-guard.ts'
import type { Trigger } from '../port/trigger.ts'
import type { Call } from './caller.ts'

/** A run that the gate let through, with what proves it. */
export interface PermittedRun {
  readonly decision: ExecutionDecision | SupervisionDecision
  readonly call: RemoteCall
  /** As it was decided on. */
  readonly trigger: Trigger
  /** When the gate was asked, on the monotonic clock: the lease counts from there. */
  readonly askedAt: number
  readonly request: Call
}
