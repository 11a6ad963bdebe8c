import type { Maturity } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { bandOf, compareMaturity, floorOf } from './levels.ts'
import { WHOLE_AGENT } from './record-capability.ts'
import { recordEvidence } from './record-evidence.ts'
import { listRecords, type MaturityRecord } from './store.ts'
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
 * Demotes an agent at a capability, or as a whole. What was lost at the one is not to be had at the other: the whole agent
 * counts for no more than it fell to at a capability, and no capability for more than the whole fell to, so that a change
 * of the policy of trust gives nothing back. After an incident every record falls by itself.
 */
export async function demote(context: GovernorContext, tx: Tx, demotion: Demotion): Promise<MaturityRecord> {
  const fallen = await fall(context, tx, demotion)
  if (demotion.cause === 'incident') return fallen
  const isWhole = fallen.capability === WHOLE_AGENT
  for (const record of await listRecords(tx, fallen.agent)) {
    const isOther = (record.capability === WHOLE_AGENT) !== isWhole
    if (!isOther || compareMaturity(record.maturity, demotion.to) <= 0) continue
    await fall(context, tx, { ...demotion, record })
  }
  return fallen
}

/**
 * Confidence above the band that it falls to is taken away with a ledger row of its own, so that the
 * level must be earned again instead of coming back with the next small gain.
 */
async function fall(context: GovernorContext, tx: Tx, demotion: Demotion): Promise<MaturityRecord> {
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
