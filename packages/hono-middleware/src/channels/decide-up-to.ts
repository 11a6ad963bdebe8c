import type { Risk } from '@preceptor/client'

/** Up to which risk people decide in a channel; above it they are sent to the dashboard. */
export type DecideUpTo = 'none' | 'safe' | 'medium'

const RANKS: Readonly<Record<DecideUpTo, readonly Risk[]>> = { none: [], safe: ['safe'], medium: ['safe', 'medium'] }

/** Whether a channel lets people decide on what is of a risk: never on what is high or critical. */
export function maySettle(decideUpTo: DecideUpTo, risk: Risk): boolean {
  return RANKS[decideUpTo].includes(risk)
}
