import { GovernanceError } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { Policy } from '../policy/policy.ts'
import { levelByBands } from './bands.ts'
import { ALARM, detect, detectorLevel, FRESH_DETECTOR } from './change-detector.ts'
import { demote } from './demote.ts'
import { requestedDelta } from './evidence.ts'
import { type EvidenceFact, gainedSince, markCounted, wasDemotedSince } from './evidence-store.ts'
import { capGain } from './gain-caps.ts'
import { countOpenIncidents } from './incident-store.ts'
import { compareMaturity, HIGHEST_CONFIDENCE, stepDown, stepUp } from './levels.ts'
import { promotionGates, RATES } from './promotion-gates.ts'
import { readShown } from './read-shown.ts'
import { recordEvidence } from './record-evidence.ts'
import { type MaturityRecord, updateDetector } from './store.ts'
import { type TransitionCause, transition } from './transition.ts'

/** A fact that was noted, and the record that it counts for, held alone. */
export interface FactCount {
  readonly record: MaturityRecord
  readonly fact: EvidenceFact
  readonly policy: Policy['promotion']
}

const DAY_MS = 86_400_000

/** Counts a noted fact: the ledger, the change detector, and the level that follows from both. */
export async function countFact(context: GovernorContext, tx: Tx, count: FactCount): Promise<MaturityRecord> {
  const { fact } = count
  const { agent, capability, evidence, actor, reason } = fact
  const at = isoTime(context.clock.now())
  if (!(await markCounted(tx, { id: fact.id, at }))) throw new GovernanceError('CONFLICT')
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

function requestOf({ fact, policy }: FactCount): number {
  const requested = requestedDelta(fact.evidence, policy.policy)
  return fact.half && requested > 0 ? Math.trunc(requested / 2) : requested
}

async function allowedOf(
  context: GovernorContext,
  tx: Tx,
  { record, fact, policy, requested }: FactCount & { readonly requested: number },
): Promise<number> {
  // At its end, nothing of a gain is applied, whatever the caps leave.
  if (policy.policy === 'bands' || requested <= 0 || record.confidence === HIGHEST_CONFIDENCE) return requested
  const since = isoTime(context.clock.now() - DAY_MS)
  const before = await gainedSince(tx, { agent: fact.agent, since, reviewers: fact.reviewers })
  return capGain({ ...before, requested, isTraining: fact.evidence.kind === 'training' })
}

/** The success rate that the outcomes of an agent at its level must not fall below; null where none was shown yet. */
function rateOf({ maturity }: MaturityRecord): number | null {
  return maturity === 'supervised' || maturity === 'autonomous' ? RATES[maturity] : null
}

/** Shows an outcome to the change detector. */
async function follow(tx: Tx, { record, fact, policy }: FactCount): Promise<MaturityRecord> {
  const p0 = rateOf(record)
  const isOutcome = fact.evidence.kind !== 'training' && fact.success !== null
  if (policy.policy === 'bands' || p0 === null || !isOutcome) return record
  const detector = detect(record.detector ?? FRESH_DETECTOR, { succeeded: fact.success === true, p0 })
  await updateDetector(tx, record, detector)
  return { ...record, detector }
}

interface NextLevel {
  readonly to: MaturityRecord['maturity']
  readonly cause: TransitionCause
  readonly reason?: string
}

async function nextLevel(tx: Tx, { record, fact, policy }: FactCount): Promise<NextLevel | null> {
  const byBands = levelByBands(record, fact.evidence)
  const direction = compareMaturity(byBands, record.maturity)
  if (direction < 0) return { to: byBands, cause: fact.evidence.kind === 'incident' ? 'incident' : 'confidence' }
  if (policy.policy === 'bands') {
    return direction > 0 && (await countOpenIncidents(tx, record.agent)) === 0 ? { to: byBands, cause: 'band' } : null
  }
  const lower = stepDown(record.maturity)
  if (lower !== undefined && record.detector !== null && detectorLevel(record.detector) >= ALARM) {
    return { to: lower, cause: 'change', reason: 'Its outcomes are worse than those that it was promoted by.' }
  }
  return byEvidence(tx, { record, fact, policy })
}

/** One step up where every gate is met; the last one takes the word of a person. */
async function byEvidence(tx: Tx, { record, policy }: FactCount): Promise<NextLevel | null> {
  const to = stepUp(record.maturity)
  if (to === undefined || to === 'student' || to === 'autonomous') return null
  const gates = promotionGates(await readShown(tx, record), to, policy)
  return gates.every(({ met }) => met) ? { to, cause: 'evidence' } : null
}
