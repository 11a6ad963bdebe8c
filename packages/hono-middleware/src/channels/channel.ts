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

/** How a test of a channel ended; nothing in it is a secret. */
export interface ChannelTest {
  readonly outcome: 'ok' | 'failed'
  /** What the receiver said of it, for people. */
  readonly message: string
}

/** What a test of a channel does. */
export interface ChannelTestOptions {
  /** Whether a message goes out that says that it is a test; default false: it is only seen whether one could. */
  readonly send?: boolean
  /** The users who get it, where each is told by name; default all whom the channel knows. */
  readonly to?: readonly string[]
}

/** A way to tell people: what the option `channels` of a governor takes. */
export interface Channel {
  readonly name: string
  readonly events: readonly string[]
  readonly send: (
    notification: ChannelNotification,
    options: { readonly signal: AbortSignal; readonly desk: ChannelDesk },
  ) => Promise<void>
  /** Tries the channel; never throws, and sends nothing unless it is told to. */
  readonly test: (options?: ChannelTestOptions) => Promise<ChannelTest>
}
