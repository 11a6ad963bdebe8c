import { type ConfidenceEntry, GovernanceError } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import type { JournalDraft } from '../journal/journal-draft.ts'
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
  const entry = { ...fact, id: context.ids.next('cfe'), applied, confidence, createdAt: at }
  const counted = await insertEntry(tx, entry)
  if (!counted) return { counted: false, record }
  if (!(await updateConfidence(tx, record, { confidence, at }))) throw new GovernanceError('CONFLICT')
  await context.journal.append(tx, confidenceChanged(entry))
  return { counted: true, record: { ...record, confidence }, entryId: entry.id }
}

/** What the journal says of a row of the ledger. */
export function confidenceChanged(entry: ConfidenceEntry): JournalDraft {
  const { id, agent, actor, capability, kind, requested, applied, confidence, sourceType, sourceId } = entry
  return {
    kind: 'confidence.changed',
    subject: id,
    agent,
    body: { actor, capability, kind, requested, applied, confidence, source: `${sourceType}:${sourceId}` },
  }
}
