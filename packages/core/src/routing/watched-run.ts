import type { Tx } from '../database/transaction.ts'
import type { Attempt } from './attempt.ts'
import type { Gate } from './gate.ts'
import type { Ruling } from './ruling.ts'

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
  if (run === undefined || ruling.route === 'denied' || ruling.shadow !== null) return ruling
  const watch = await gate.consequences.watchOf(tx, { agent, run })
  if (watch === 'terminated') {
    return { ...ruling, route: 'denied', code: 'RUN_TERMINATED', reason: 'A supervisor terminated the run.' }
  }
  if (watch === 'unwatched' || ruling.route !== 'execution') return ruling
  return { ...ruling, route: 'supervision', reason: `${ruling.reason} Its run is supervised.` }
}
