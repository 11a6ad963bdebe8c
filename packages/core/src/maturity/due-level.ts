import type { Maturity } from '@preceptor/client'
import type { Tx } from '../database/transaction.ts'
import type { Policy } from '../policy/policy.ts'
import { levelByConfidence } from './bands.ts'
import { gatesTo } from './explain-promotion.ts'
import { compareMaturity, stepUp } from './levels.ts'
import type { MaturityRecord } from './store.ts'
import type { TransitionCause } from './transition.ts'

/** A level that is due, and why. */
export interface DueLevel {
  readonly to: Maturity
  readonly cause: TransitionCause
  readonly reason: string
}

/**
 * The level that is due to an agent without anything new: one step up where every gate is met, down where its confidence
 * is well below its band. Nobody becomes autonomous by it, and nobody rises while an incident is open.
 */
export async function dueLevel(
  tx: Tx,
  { record, policy }: { readonly record: MaturityRecord; readonly policy: Policy['promotion'] },
): Promise<DueLevel | null> {
  const byConfidence = levelByConfidence(record)
  if (compareMaturity(byConfidence, record.maturity) < 0) {
    return { to: byConfidence, cause: 'confidence', reason: 'Its confidence is well below the band of its level.' }
  }
  const to = stepUp(record.maturity)
  if (to === undefined || to === 'student' || to === 'autonomous') return null
  const gates = await gatesTo(tx, { record, to, policy })
  return gates.every(({ met }) => met) ? { to, cause: 'evidence', reason: 'Every gate is met.' } : null
}
