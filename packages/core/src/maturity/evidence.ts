import { GovernanceError, type PromotionExplanation } from '@preceptor/client'

/** How evidence is weighed and promotion earned. */
export type PromotionPolicy = PromotionExplanation['policy']

/** One recorded fact that moves confidence. */
export type Evidence =
  /** A completed training session; the score in basis points. */
  | { readonly kind: 'training'; readonly score: number }
  /** A supervision session that was completed and rated from 1 to 5. */
  | { readonly kind: 'supervision'; readonly rating: number; readonly interventions: number }
  /** A supervision session that the supervisor terminated. */
  | { readonly kind: 'termination' }
  /** A proposal that succeeded as it was, succeeded as edited, failed when it ran, or was rejected. */
  | { readonly kind: 'proposal'; readonly outcome: 'approved' | 'edited' | 'failed' | 'rejected' }
  /** An autonomous run whose outcome was verified. */
  | { readonly kind: 'run'; readonly outcome: 'succeeded' | 'failed' | 'infrastructure_failed' }
  /** A violation of the policy, or a safety event. */
  | { readonly kind: 'incident' }

const PASS_MARK = 7_000
const PROPOSAL_DELTAS = { approved: 200, edited: 50, failed: 0, rejected: -200 } as const
const RUN_DELTAS = { succeeded: 25, failed: -200, infrastructure_failed: 0 } as const
const TERMINATION_DELTA = -500
const INCIDENT_DELTA = -2_000

/**
 * The change of confidence that a fact asks for, in basis points, before clamp and caps.
 *
 * @throws GovernanceError `INPUT_INVALID` for a score, rating or count that is none.
 */
export function requestedDelta(evidence: Evidence, policy: PromotionPolicy): number {
  switch (evidence.kind) {
    case 'training':
      return trainingDelta(evidence.score, policy)
    case 'supervision':
      return supervisionDelta(evidence, policy)
    case 'termination':
      return policy === 'earned' ? TERMINATION_DELTA : 0
    case 'proposal':
      return PROPOSAL_DELTAS[evidence.outcome]
    case 'run':
      return RUN_DELTAS[evidence.outcome]
    case 'incident':
      return INCIDENT_DELTA
    default:
      evidence satisfies never
      throw new GovernanceError('INPUT_INVALID', { message: 'The evidence is of no known kind.' })
  }
}

/**
 * Whether a fact speaks for the agent, as promotion and the change detector count it; null when it does neither. What
 * people had to correct is no success.
 */
export function isSuccess(evidence: Evidence): boolean | null {
  switch (evidence.kind) {
    case 'training':
      return evidence.score >= PASS_MARK
    case 'supervision':
      return evidence.rating >= 4 && evidence.interventions === 0
    case 'termination':
      return false
    case 'proposal':
      return evidence.outcome === 'approved'
    case 'run':
      return evidence.outcome === 'infrastructure_failed' ? null : evidence.outcome === 'succeeded'
    case 'incident':
      return null
    default:
      return evidence satisfies never
  }
}

function trainingDelta(score: number, policy: PromotionPolicy): number {
  assertWhole(score, 'score', { least: 0, most: 10_000 })
  if (score >= PASS_MARK) return 2_000
  if (policy === 'earned') return 0
  if (score < 3_000) return 500
  return score < 5_000 ? 1_000 : 1_500
}

/** `(r-1)/40 - min(0.05, 0.01 n)` in basis points, which makes it exact. */
function supervisionDelta(
  { rating, interventions }: { readonly rating: number; readonly interventions: number },
  policy: PromotionPolicy,
): number {
  assertWhole(rating, 'rating', { least: 1, most: 5 })
  assertWhole(interventions, 'interventions', { least: 0, most: Number.MAX_SAFE_INTEGER })
  if (policy === 'earned' && rating <= 2) return rating === 1 ? -400 : -200
  return Math.max(0, (rating - 1) * 250 - Math.min(500, interventions * 100))
}

function assertWhole(value: number, name: string, range: { readonly least: number; readonly most: number }): void {
  if (Number.isSafeInteger(value) && value >= range.least && value <= range.most) return
  throw new GovernanceError('INPUT_INVALID', {
    message: `${name}: a whole number from ${range.least} to ${range.most} is needed, not ${value}.`,
  })
}
