import type { ChannelDesk, JsonObject } from '@preceptor/client'

/** One event, as a channel is told of it; core describes each part of it. */
export interface ChannelNotification {
  readonly id: string
  readonly type: string
  readonly timestamp: string
  readonly workspace: string
  readonly sequence: number
  readonly subject: string
  readonly agent: string | null
  readonly data: JsonObject
}

/** A way to tell people: what the option `channels` of a governor takes. */
export interface Channel {
  readonly name: string
  readonly events: readonly string[]
  readonly send: (
    notification: ChannelNotification,
    options: { readonly signal: AbortSignal; readonly desk: ChannelDesk },
  ) => Promise<void>
}
