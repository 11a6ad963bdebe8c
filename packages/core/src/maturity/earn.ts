import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { levelByBands } from './bands.ts'
import { demote } from './demote.ts'
import { type Evidence, requestedDelta } from './evidence.ts'
import { compareMaturity } from './levels.ts'
import { recordEvidence } from './record-evidence.ts'
import type { MaturityRecord } from './store.ts'
import { transition } from './transition.ts'

/** One fact that an agent is judged by. */
export interface Earning {
  readonly agent: string
  readonly capability: string
  readonly evidence: Evidence
  /** Id of what the fact is about; together with the kind it counts once. */
  readonly sourceId: string
  readonly actor: string
  readonly reason: string
}

/**
 * Counts a fact in the ledger and changes the level that follows from it, in the caller's transaction. A fact that was
 * counted before changes nothing.
 *
 * @throws GovernanceError `NOT_FOUND` when the agent has no record at that capability, `INPUT_INVALID` for evidence out
 * of range.
 */
export async function earn(context: GovernorContext, tx: Tx, earning: Earning): Promise<MaturityRecord> {
  const { agent, capability, evidence, sourceId, actor, reason } = earning
  const { kind } = evidence
  const requested = requestedDelta(evidence, 'bands')
  const fact = { agent, capability, kind, requested, sourceType: kind, sourceId, actor, reason }
  const result = await recordEvidence(context, tx, fact)
  if (!result.counted) return result.record
  const { record } = result
  const to = levelByBands(record, evidence)
  const direction = compareMaturity(to, record.maturity)
  if (direction === 0) return record
  const change = { record, to, actor, reason, evidence: [result.entryId] }
  if (direction > 0) return transition(context, tx, { ...change, cause: 'band' })
  return demote(context, tx, { ...change, cause: kind === 'incident' ? 'incident' : 'confidence' })
}
