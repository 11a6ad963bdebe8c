import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { insertIntervention, type NewIntervention } from './intervention-store.ts'

/** Writes an intervention, and counts it once it is committed. */
export async function recordIntervention(
  { meter }: Pick<GovernorContext, 'meter'>,
  tx: Tx,
  intervention: NewIntervention,
): Promise<void> {
  await insertIntervention(tx, intervention)
  tx.afterCommit(() => meter.of(tx.workspace).count('interventions', intervention.type))
}
