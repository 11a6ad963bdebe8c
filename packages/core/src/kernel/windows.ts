/** Windows of time that are counted in: each begins with its minute, hour or day, UTC. */
export type WindowName = 'minute' | 'hour' | 'day'

const LENGTHS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const satisfies Record<WindowName, number>

/** When the window began that a time lies in; both in milliseconds since the epoch. */
export function windowStart(per: WindowName, at: number): number {
  return Math.floor(at / LENGTHS[per]) * LENGTHS[per]
}
