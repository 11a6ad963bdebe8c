import { GovernanceError } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { recordNotFound } from './agent-record.ts'
import { applyDelta } from './apply-delta.ts'
import { insertEntry, lockRecord, type MaturityRecord, updateConfidence } from './store.ts'

/** One fact that moves confidence. */
export interface LedgerFact {
  readonly agent: string
  readonly capability: string
  readonly kind: string
  /** Basis points that it asks for. */
  readonly requested: number
  /** What of it may count, where caps leave less. */
  readonly allowed?: number
  /** Together with `sourceId` unique for the agent and capability: nothing counts twice. */
  readonly sourceType: string
  readonly sourceId: string
  readonly actor: string
  readonly reason: string
}

/** What recording a fact gives. */
export type LedgerResult =
  | { readonly counted: true; readonly record: MaturityRecord; readonly entryId: string }
  /** The source was counted before. */
  | { readonly counted: false; readonly record: MaturityRecord }

/**
 * Writes a fact into the confidence ledger and the new sum beside it, in the caller's transaction and under the lock of
 * the record. It moves confidence only: what follows for maturity is decided by the caller.
 *
 * @throws GovernanceError `NOT_FOUND` when the agent has no record at that capability.
 */
export async function recordEvidence(context: GovernorContext, tx: Tx, fact: LedgerFact): Promise<LedgerResult> {
  const record = await lockRecord(tx, fact)
  if (record === undefined) throw recordNotFound(fact)
  const { applied, confidence } = applyDelta(record.confidence, fact.allowed ?? fact.requested)
  const at = isoTime(context.clock.now())
  const entryId = context.ids.next('cfe')
  const counted = await insertEntry(tx, { ...fact, id: entryId, applied, confidence, createdAt: at })
  if (!counted) return { counted: false, record }
  if (!(await updateConfidence(tx, record, { confidence, at }))) throw new GovernanceError('CONFLICT')
  await context.journal.append(tx, {
    kind: 'confidence.changed',
    subject: entryId,
    agent: fact.agent,
    body: {
      actor: fact.actor,
      capability: fact.capability,
      kind: fact.kind,
      requested: fact.requested,
      applied,
      confidence,
      source: `${fact.sourceType}:${fact.sourceId}`,
    },
  })
  return { counted: true, record: { ...record, confidence }, entryId }
}
