import type { Maturity } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { bandOf, compareMaturity, floorOf } from './levels.ts'
import { recordEvidence } from './record-evidence.ts'
import type { MaturityRecord } from './store.ts'
import { type TransitionCause, transition } from './transition.ts'

/** One demotion, asked for in the caller's transaction; the record is locked. */
export interface Demotion {
  readonly record: MaturityRecord
  readonly to: Maturity
  readonly cause: TransitionCause
  readonly actor: string
  readonly reason: string
  readonly evidence: readonly string[]
}

/**
 * Demotes an agent. Confidence above the band that it falls to is taken away with a ledger row of its own, so that the
 * level must be earned again instead of coming back with the next small gain.
 */
export async function demote(context: GovernorContext, tx: Tx, demotion: Demotion): Promise<MaturityRecord> {
  const { record, to } = demotion
  if (compareMaturity(bandOf(record.confidence), to) <= 0) return transition(context, tx, demotion)
  const lowered = await recordEvidence(context, tx, {
    agent: record.agent,
    capability: record.capability,
    kind: 'demotion',
    requested: floorOf(to) - record.confidence,
    sourceType: 'demotion',
    sourceId: context.ids.next('evt'),
    actor: demotion.actor,
    reason: demotion.reason,
  })
  const evidence = lowered.counted ? [...demotion.evidence, lowered.entryId] : demotion.evidence
  return transition(context, tx, { ...demotion, record: lowered.record, evidence })
}
