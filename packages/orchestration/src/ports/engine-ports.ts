import type { AccessContext, PluginHost, Tx } from '@preceptor/core/plugin'
import type { StepEnd, StepOwner, StoredStep } from '../steps/step.ts'

/** What steps stand on. */
export interface EnginePorts {
  readonly context: AccessContext
  readonly gate: PluginHost['gate']
  readonly enqueue: PluginHost['enqueue']
  readonly owners: Readonly<Record<StepOwner['kind'], StepOwnerPort>>
  /** Steps that run in this process, so that they can be aborted. */
  readonly running: RunningSteps
}

/** What a step goes on in: told of its end, in the transaction that records it. */
export interface StepOwnerPort {
  /** Holds it until the transaction ends; false when nothing goes on in it any more. */
  hold(tx: Tx, id: string): Promise<boolean>
  /** What the journal says of whom it belongs to, beside the step. */
  describe(tx: Tx, id: string): Promise<Readonly<Record<string, string>>>
  /** Goes on after a step ended; gives the ids of the steps that are to be tried now. */
  ended(tx: Tx, step: StoredStep, end: StepEnd): Promise<readonly string[]>
  /** Whether people say how a step ended whose outcome nobody knows; where they do not, it counts as failed. */
  readonly asksOfUnknown: boolean
  /** Told that a step of it began to wait, or goes on after it waited. */
  moved(tx: Tx, id: string): Promise<void>
}

/** Steps that run in this process. */
export interface RunningSteps {
  /** Notes a step that runs; gives what ends the note. */
  add(owner: StepOwner, step: string, controller: AbortController): () => void
  /** Aborts the steps of an owner that run here: all, or those that are named. */
  abort(owner: StepOwner, steps?: readonly string[]): void
}
