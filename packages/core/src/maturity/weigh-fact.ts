import type { Maturity } from '@preceptor/client'
import type { Policy } from '../policy/policy.ts'
import { levelByBands } from './bands.ts'
import { ALARM, detect, detectorLevel, FRESH_DETECTOR } from './change-detector.ts'
import { requestedDelta } from './evidence.ts'
import type { EvidenceFact } from './evidence-store.ts'
import { compareMaturity, floorOf, HIGHEST_CONFIDENCE, stepDown, stepUp } from './levels.ts'
import { RATES } from './promotion-gates.ts'
import type { MaturityRecord } from './store.ts'
import type { TransitionCause } from './transition.ts'

/** A fact that was noted, and the record that it counts for, held alone. */
export interface FactCount {
  readonly record: MaturityRecord
  readonly fact: EvidenceFact
  readonly policy: Policy['promotion']
}

/** A level that follows from a counted fact. */
export interface NextLevel {
  readonly to: Maturity
  readonly cause: TransitionCause
  /** Where it is not that of the fact. */
  readonly reason?: string
}

/**
 * The basis points that a fact asks for.
 *
 * @throws GovernanceError `INPUT_INVALID` for evidence out of range.
 */
export function requestOf({ fact, policy }: FactCount): number {
  const requested = requestedDelta(fact.evidence, policy.policy)
  return fact.half && requested > 0 ? Math.trunc(requested / 2) : requested
}

/** Whether what was gained before can leave less of a fact than it asks for. */
export function isCapped({ record, policy, requested }: FactCount & { readonly requested: number }): boolean {
  // At its end, nothing of a gain is applied, whatever the caps leave.
  return policy.policy !== 'bands' && requested > 0 && record.confidence !== HIGHEST_CONFIDENCE
}

/** Shows an outcome to the change detector; gives what it was where it is shown nothing. */
export function detectorAfter({ record, fact, policy }: FactCount): MaturityRecord['detector'] {
  const p0 = rateOf(record)
  const isOutcome = fact.evidence.kind !== 'training' && fact.success !== null
  if (policy.policy === 'bands' || p0 === null || !isOutcome) return record.detector
  return detect(record.detector ?? FRESH_DETECTOR, { succeeded: fact.success === true, p0 })
}

/** The success rate that the outcomes of an agent at its level must not fall below; null where none was shown yet. */
function rateOf({ maturity }: MaturityRecord): number | null {
  return maturity === 'supervised' || maturity === 'autonomous' ? RATES[maturity] : null
}

/** The lower level that follows from a fact that was counted at the record; null where it keeps its level. */
export function fallOf({ record, fact, policy }: FactCount): NextLevel | null {
  const byBands = levelByBands(record, fact.evidence)
  if (compareMaturity(byBands, record.maturity) < 0) {
    return { to: byBands, cause: fact.evidence.kind === 'incident' ? 'incident' : 'confidence' }
  }
  const lower = stepDown(record.maturity)
  if (policy.policy === 'bands' || lower === undefined || record.detector === null) return null
  if (detectorLevel(record.detector) < ALARM) return null
  return { to: lower, cause: 'change', reason: 'Its outcomes are worse than those that it was promoted by.' }
}

/** The level that a record which did not fall is confident enough for; null where it may not rise, whatever is shown. */
export function riseOf({ record, fact, policy }: FactCount): Exclude<Maturity, 'student'> | null {
  const to = policy.policy === 'bands' ? levelByBands(record, fact.evidence) : stepUp(record.maturity)
  if (to === undefined || to === 'student' || compareMaturity(to, record.maturity) <= 0) return null
  if (policy.policy === 'bands') return to
  // The last step takes the word of a person.
  return to === 'autonomous' || record.confidence < floorOf(to) ? null : to
}
