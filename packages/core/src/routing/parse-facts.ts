import {
  type Fingerprint,
  GovernanceError,
  LIFECYCLES,
  type Lifecycle,
  MATURITIES,
  type Maturity,
} from '@preceptor/client'
import { FINGERPRINT_PARTS } from '../agents/fingerprint.ts'
import type { Standing } from '../maturity/bands.ts'
import type { AgentFacts } from './facts.ts'

/** An agent as the store gives it, before it is believed. */
export interface AgentFactsRow {
  readonly id: unknown
  readonly owner_id: unknown
  readonly category: unknown
  readonly capabilities: unknown
  readonly lifecycle: unknown
  readonly epoch: unknown
  readonly maturity: unknown
  readonly confidence: unknown
  /** A list of records of single capabilities, or null. */
  readonly earned: unknown
  readonly fingerprint: unknown
  readonly fingerprint_capped: unknown
}

/**
 * Believes a row only when every fact in it is possible: a damaged one must deny, not decide.
 *
 * @throws GovernanceError `FACT_INVALID` naming the fact.
 */
export function parseAgentFacts(row: AgentFactsRow): AgentFacts {
  const { id, owner_id: ownerId, category, capabilities, fingerprint, fingerprint_capped: fingerprintCapped } = row
  if (typeof id !== 'string') throw invalid(id, 'id')
  if (typeof ownerId !== 'string') throw invalid(id, 'owner')
  if (category !== null && typeof category !== 'string') throw invalid(id, 'category')
  if (!isTextArray(capabilities)) throw invalid(id, 'capabilities')
  if (!isLifecycle(row.lifecycle)) throw invalid(id, 'lifecycle')
  if (!isMaturity(row.maturity)) throw invalid(id, 'maturity')
  if (!isFingerprint(fingerprint)) throw invalid(id, 'fingerprint')
  if (typeof fingerprintCapped !== 'boolean') throw invalid(id, 'fingerprint cap')
  const { lifecycle, maturity, confidence } = row
  if (!isConfidence(confidence)) throw invalid(id, 'confidence')
  const earned = parseEarned(row.earned)
  if (earned === null) throw invalid(id, 'maturity at a capability')
  const epoch = Number(row.epoch)
  if (!isWholeNumber(epoch) || epoch < 1) throw invalid(id, 'epoch')
  const described = { id, ownerId, category, capabilities, lifecycle, epoch, fingerprint, fingerprintCapped }
  return { ...described, maturity, confidence, earned }
}

const NOTHING: ReadonlyMap<string, Standing> = new Map()

/** Null when one of them is impossible. */
function parseEarned(rows: unknown): ReadonlyMap<string, Standing> | null {
  if (rows === null) return NOTHING
  if (!Array.isArray(rows)) return null
  const earned = new Map<string, Standing>()
  for (const row of rows) {
    const { capability, maturity, confidence } = Object(row)
    if (typeof capability !== 'string' || !isMaturity(maturity) || !isConfidence(confidence)) return null
    earned.set(capability, { maturity, confidence })
  }
  return earned
}

function isConfidence(value: unknown): value is number {
  return isWholeNumber(value) && value >= 0 && value <= 10_000
}

function isWholeNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value)
}

function isTextArray(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function isLifecycle(value: unknown): value is Lifecycle {
  return LIFECYCLES.some((lifecycle) => lifecycle === value)
}

function isMaturity(value: unknown): value is Maturity {
  return MATURITIES.some((maturity) => maturity === value)
}

function isFingerprint(value: unknown): value is Fingerprint {
  // A list, or parts that there are not, would pass for a build that was never seen: any build would then fit.
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const parts: readonly string[] = FINGERPRINT_PARTS
  return Object.entries(value).every(([part, content]) => parts.includes(part) && typeof content === 'string')
}

function invalid(id: unknown, fact: string): GovernanceError {
  const agent = typeof id === 'string' ? `"${id}"` : 'an agent'
  return new GovernanceError('FACT_INVALID', { message: `The stored ${fact} of ${agent} has an impossible value.` })
}
