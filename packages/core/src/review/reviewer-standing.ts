import type { ReviewerRecord, Risk } from '@preceptor/client'
import { ENOUGH_EVIDENCE, evidenceShare, promotionEvidence, type Sample } from '../maturity/promotion-evidence.ts'
import { FEWEST_CAUGHT } from './canary-due.ts'

/** A verdict that a person came to as well, or did not. */
export interface Judged {
  readonly risk: Risk
  readonly agreed: boolean
  /** Whether it was about a step that had run by then: who looks back knows how it went. */
  readonly isStep?: boolean
}

/** What a reviewer has shown since it counts, as it is bound now. */
export interface Shown {
  /** Verdicts on what people decided later, the newest first. */
  readonly judged: readonly Judged[]
  readonly caught: number
  readonly missed: number
  readonly decided: number
}

/** A record, and why the reviewer may not go on; null when it may. */
export interface ReviewerStanding {
  readonly record: ReviewerRecord
  readonly suspendFor: string | null
}

/** Agreement with people that must be shown before a verdict counts. */
const AGREEMENT = { safe: 0.75, medium: 0.85 } as const
const WINDOW = 20
const FEWEST_JUDGED = 8
const MOST_DISAGREED = 0.25

/** Judges a reviewer by its record. Rules count for safe actions without one: they are deterministic checks. */
export function standingOf(by: string, { judged, caught, missed, decided }: Shown): ReviewerStanding {
  // To agree in hindsight is easy, and shows nothing; to have been seen otherwise does.
  const counted = judged.filter(({ isStep, agreed }) => isStep !== true || !agreed)
  const all = sampleOf(counted)
  // What was agreed on at less risk says nothing about more.
  const medium = sampleOf(counted.filter(({ risk }) => risk !== 'safe'))
  const isTested = by === 'rules' || caught >= FEWEST_CAUGHT
  const record: ReviewerRecord = {
    agreed: all.successes,
    disagreed: all.failures,
    caught,
    missed,
    decided,
    share: { safe: evidenceShare(all, AGREEMENT.safe), medium: evidenceShare(medium, AGREEMENT.medium) },
    counts: {
      safe: by === 'rules' || (isTested && promotionEvidence(all, AGREEMENT.safe) >= ENOUGH_EVIDENCE),
      medium: isTested && promotionEvidence(medium, AGREEMENT.medium) >= ENOUGH_EVIDENCE,
    },
  }
  return { record, suspendFor: suspendFor(judged, missed) }
}

function suspendFor(judged: readonly Judged[], missed: number): string | null {
  if (missed > 0) return 'It approved an action that was made up to be denied.'
  const recent = sampleOf(judged.slice(0, WINDOW))
  const count = recent.successes + recent.failures
  if (count < FEWEST_JUDGED || recent.failures / count <= MOST_DISAGREED) return null
  return `Of its last ${count} verdicts that people decided on, ${recent.failures} were not theirs.`
}

function sampleOf(judged: readonly Judged[]): Sample {
  const successes = judged.filter(({ agreed }) => agreed).length
  return { successes, failures: judged.length - successes }
}
