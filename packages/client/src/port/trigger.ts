import type { JsonObject } from './json.ts'
import type { TriggerType } from './vocabulary.ts'

/** What identifies the build of an agent; an adapter states only the parts that it can see. */
export interface Fingerprint {
  /** Version that the maker declares. */
  readonly version?: string
  /** Name of the model. */
  readonly model?: string
  /** SHA-256 (hex) of the instruction template, not of the rendered prompt. */
  readonly instructions?: string
  /** SHA-256 (hex) over names and schemas of the tools. */
  readonly tools?: string
}

/** One attempt of an agent to perform an action. */
export interface Trigger {
  /** Id of the agent. */
  readonly agent: string
  /** Registered name of the action, such as `refund.create`. */
  readonly action: string
  /** Arguments of the action. */
  readonly args: JsonObject
  /** What the action is about, such as an order id. */
  readonly resource?: string
  /** Given when the trigger starts a run of the agent, absent for an action inside a run. */
  readonly type?: TriggerType
  /** What the proposer wants reviewers to see beside the args; never part of what runs. */
  readonly context?: JsonObject
  /** Makes a repeated attempt the same attempt; unique per workspace and agent, at most 200 characters. */
  readonly idempotencyKey?: string
  /** Agents that delegated down to this one, origin first; at most 5. */
  readonly delegation?: readonly string[]
  /** What the adapter can see of the agent's build. */
  readonly fingerprint?: Fingerprint
  /** The run that this attempt belongs to; one supervision session watches one run. */
  readonly run?: string
  /**
   * Runs under an approval: the id of the approved proposal, or `matching` for the oldest approved proposal of this
   * caller for the same agent, action and args. The same idempotency key as when it was proposed does the same.
   */
  readonly permit?: string
  /**
   * What runs goes by the request itself and cannot be given other args: an approval of other args is refused with
   * `ARGS_EDITED`. A claim without a guard always does.
   */
  readonly fixedArgs?: boolean
  /** Digest of the registered action, where the caller knows it. */
  readonly digest?: string
  /**
   * What a schema of the caller's own found wrong with the args, at most 8 texts of 500 characters: the attempt is
   * denied as `ARGS_INVALID`, whatever the registered schema says.
   */
  readonly argsProblems?: readonly string[]
}
