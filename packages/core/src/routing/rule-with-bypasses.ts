import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { type Attempt, agentsOf } from './attempt.ts'
import type { Facts } from './facts.ts'
import type { Gate } from './gate.ts'
import { listOpenBypasses } from './open-bypass-store.ts'
import { type LimitCheck, type Ruling, ruleOn } from './ruling.ts'

/**
 * Rules on an attempt by what its agents earned and, where that is not enough, by the bypasses in force. They are read in
 * the transaction that decides, after the hold, and never kept: one that ended lets nothing through anywhere.
 */
export async function ruleWithBypasses(
  { context }: Pick<Gate, 'context'>,
  tx: Tx,
  input: { readonly attempt: Attempt; readonly facts: Facts; readonly limits: readonly LimitCheck[] },
): Promise<Ruling> {
  const { attempt, facts, limits } = input
  const earned = ruleOn(attempt, facts, limits)
  if (earned.route === 'execution' || earned.route === 'denied' || facts.anyBypass === false) return earned
  const at = isoTime(context.clock.now())
  const bypasses = await listOpenBypasses(tx, { agents: agentsOf(attempt.trigger), at })
  return bypasses.length === 0 ? earned : ruleOn(attempt, { ...facts, bypasses }, limits)
}
