import type { Tx } from '../database/transaction.ts'
import type { Attempt } from './attempt.ts'
import type { RunWatch } from './consequences.ts'
import type { Gate } from './gate.ts'
import type { Ruling } from './ruling.ts'

/** What supervisors do to a run stands before shadow and bypass. */
const UNALTERED = { shadow: null, bypass: null } as const

/**
 * What the session of its run makes of a ruling: every step of a supervised run waits for who watches it, and a run that
 * was terminated takes none.
 */
export async function ruleByWatch(
  gate: Gate,
  tx: Tx,
  { attempt, ruling }: { readonly attempt: Pick<Attempt, 'trigger'>; readonly ruling: Ruling },
): Promise<Ruling> {
  const { agent, run } = attempt.trigger
  if (run === undefined || ruling.route === 'denied') return ruling
  return ruleUnderWatch(ruling, await gate.consequences.watchOf(tx, { agent, run }))
}

/** The same, where it is known what watching over its run means. */
export function ruleUnderWatch(ruling: Ruling, watch: RunWatch): Ruling {
  if (ruling.route === 'denied') return ruling
  if (watch === 'terminated') {
    const reason = 'A supervisor terminated the run.'
    return { ...ruling, ...UNALTERED, route: 'denied', code: 'RUN_TERMINATED', reason }
  }
  if (ruling.shadow !== null || watch === 'unwatched' || ruling.route !== 'execution') return ruling
  return { ...ruling, ...UNALTERED, route: 'supervision', reason: `${ruling.reason} Its run is supervised.` }
}
