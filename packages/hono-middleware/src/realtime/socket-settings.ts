import type { PlaceLimits } from './places.ts'

/** How sockets are bounded; times in milliseconds. */
export interface SocketSettings extends PlaceLimits {
  readonly heartbeatMs: number
  /** Heartbeats without a sign of life after which a peer is dead. */
  readonly mostMissed: number
  /** How often the leases of sessions that are watched are renewed. */
  readonly renewMs: number
  /** How often the credential is looked at again. */
  readonly recheckMs: number
  /** Bytes that may wait for a slow reader. */
  readonly mostWaitingBytes: number
  readonly mostFramesPerSecond: number
  readonly mostFrameCharacters: number
  /** How long after leaving a proposal somebody still counts as looking at it. */
  readonly lingerMs: number
  /** How often it is said that whoever looks at a proposal through this process is still there; at least once a minute. */
  readonly keepMs: number
}

/** The one topic of a socket. */
export interface OnlyTopic {
  readonly topic: string
  readonly after: number | undefined
}
