import { GovernanceError } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { demote } from './demote.ts'
import { gainedSince, markCounted, wasDemotedSince } from './evidence-store.ts'
import { capGain, GAIN_WINDOW_MS } from './gain-caps.ts'
import { countOpenIncidents } from './incident-store.ts'
import { compareMaturity } from './levels.ts'
import { promotionGates } from './promotion-gates.ts'
import { readShown } from './read-shown.ts'
import { recordEvidence } from './record-evidence.ts'
import { type MaturityRecord, updateDetector } from './store.ts'
import { transition } from './transition.ts'
import { detectorAfter, type FactCount, fallOf, isCapped, type NextLevel, requestOf, riseOf } from './weigh-fact.ts'

/** Counts a noted fact: the ledger, the change detector, and the level that follows from both. */
export async function countFact(context: GovernorContext, tx: Tx, count: FactCount): Promise<MaturityRecord> {
  const { fact } = count
  const { agent, capability, evidence, actor, reason } = fact
  const at = isoTime(context.clock.now())
  if (!(await markCounted(tx, { ids: [fact.id], at }))) throw new GovernanceError('CONFLICT')
  const requested = requestOf(count)
  const isStale = await wasDemotedSince(tx, { ...fact, since: fact.at })
  // A demotion stands: what was shown before it gives nothing back.
  const allowed = isStale && requested > 0 ? 0 : await allowedOf(context, tx, { ...count, requested })
  const { kind } = evidence
  const entry = {
    agent,
    capability,
    kind,
    requested,
    allowed,
    sourceType: kind,
    sourceId: fact.sourceId,
    actor,
    reason,
  }
  const result = await recordEvidence(context, tx, entry)
  if (!result.counted) return result.record
  const record = isStale ? result.record : await follow(tx, { ...count, record: result.record })
  const next = await nextLevel(tx, { ...count, record })
  if (next === null) return record
  const change = {
    record,
    to: next.to,
    cause: next.cause,
    actor,
    reason: next.reason ?? reason,
    evidence: [result.entryId],
  }
  return compareMaturity(next.to, record.maturity) > 0 ? transition(context, tx, change) : demote(context, tx, change)
}

async function allowedOf(
  context: GovernorContext,
  tx: Tx,
  count: FactCount & { readonly requested: number },
): Promise<number> {
  const { fact, requested } = count
  if (!isCapped(count)) return requested
  const since = isoTime(context.clock.now() - GAIN_WINDOW_MS)
  const before = await gainedSince(tx, { agent: fact.agent, since, reviewers: fact.reviewers })
  return capGain({ ...before, requested, isTraining: fact.evidence.kind === 'training' })
}

/** Shows an outcome to the change detector. */
async function follow(tx: Tx, count: FactCount): Promise<MaturityRecord> {
  const { record } = count
  const detector = detectorAfter(count)
  if (detector === null || detector === record.detector) return record
  await updateDetector(tx, record, detector)
  return { ...record, detector }
}

async function nextLevel(tx: Tx, count: FactCount): Promise<NextLevel | null> {
  const { record, policy } = count
  const fall = fallOf(count)
  if (fall !== null) return fall
  const to = riseOf(count)
  if (to === null) return null
  if (policy.policy === 'bands') {
    return (await countOpenIncidents(tx, record.agent)) === 0 ? { to, cause: 'band' } : null
  }
  // One step up where every gate is met.
  const gates = promotionGates(await readShown(tx, record), to, policy)
  return gates.every(({ met }) => met) ? { to, cause: 'evidence' } : null
}
