import type { ChannelDesk, JsonObject } from '@preceptor/client'

/** One event, as those who are to know of it are told. */
export interface Notification {
  /** The same at every attempt: a receiver recognises repeats by it. */
  readonly id: string
  /** Kind of the event, such as `proposal.created`. */
  readonly type: string
  /** When it happened: ISO 8601, UTC. */
  readonly timestamp: string
  readonly workspace: string
  /** Place of the event in the chain of the journal. */
  readonly sequence: number
  /** Id of what it happened to. */
  readonly subject: string
  readonly agent: string | null
  /**
   * The facts, without secrets. A request for approval has `approvers`, an escalation `recipients`: names such as
   * `user:ana`. Where people decide is `link`, when the governor knows its `publicUrl`.
   */
  readonly data: JsonObject
}

/**
 * A way to tell people. It is told at least once; what `send` throws, or does not end within 5 s, is tried again later:
 * where what it throws has `retryAfterMs`, not before then. `desk` reads and keeps what belongs to the workspace.
 *
 * @example
 * ```ts
 * import { createGovernor, type NotificationChannel } from '@preceptor/core'
 *
 * const log: NotificationChannel = { name: 'log', send: async ({ type, subject }) => console.log(type, subject) }
 * const governor = await createGovernor({ channels: [log] })
 * await governor.close()
 * ```
 */
export interface NotificationChannel {
  /** 1 to 63 of a to z, 0 to 9, `_` and `-`; it names the channel in every process. */
  readonly name: string
  /** Kinds of events that it is told of; default: requests for approval, escalations and alerts. */
  readonly events?: readonly string[]
  readonly send: (
    notification: Notification,
    options: { readonly signal: AbortSignal; readonly desk: ChannelDesk },
  ) => Promise<void>
}

/** What a channel is told of unless it says otherwise. */
export const TOLD_BY_DEFAULT: readonly string[] = [
  'proposal.created',
  'proposal.edited',
  'proposal.returned',
  'proposal.escalated',
  'alert.raised',
  'alert.cleared',
]

/** The channel of webhooks, which is always there. */
export const WEBHOOKS = 'webhook'
