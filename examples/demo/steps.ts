import type { FleetAgent } from './fleet.ts'

/** One thing to attempt: an action with its args. */
export interface Step {
  readonly action: string
  readonly args: Readonly<Record<string, unknown>>
}

/** What every agent attempts: an action of each risk. */
export function stepsOf({ order }: FleetAgent): readonly Step[] {
  return [
    { action: 'order.read', args: { order } },
    { action: 'note.write', args: { order, text: 'The parcel was lost.' } },
    refundOf(order),
    { action: 'ledger.close', args: { day: '2026-01-31' } },
  ]
}

/** A refund of five euros. */
export function refundOf(order: string): Step {
  return { action: 'refund.create', args: { order, cents: 500 } }
}
