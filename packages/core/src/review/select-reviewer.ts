import type { Agent } from '@preceptor/client'
import { hashCanonical } from '../kernel/canonical-json.ts'

/** An agent that could review, as it stands now. */
export interface Candidate {
  readonly agent: Pick<
    Agent,
    | 'id'
    | 'ownerId'
    | 'category'
    | 'specialty'
    | 'capabilities'
    | 'lifecycle'
    | 'maturity'
    | 'confidence'
    | 'fingerprint'
    | 'fingerprintCapped'
  >
  readonly isSuspended: boolean
  /** Whether a kill switch is set for it. */
  readonly isStopped: boolean
  /** How many reviews it is at. */
  readonly load: number
  /** How good its record is; the better one is asked. */
  readonly record: number
}

/** What is to be reviewed. */
export interface Reviewed {
  /** Who asked, and for whom: none of them reviews. */
  readonly agents: readonly string[]
  readonly proposedBy: string
  readonly agent: Pick<Agent, 'ownerId' | 'category' | 'fingerprint'>
  /** Those for whom it asked, as they are now. */
  readonly delegation?: readonly Pick<Agent, 'ownerId' | 'fingerprint'>[]
  /** That of the action. */
  readonly capability: string
}

// 0.9, in basis points.
const LEAST_CONFIDENCE = 9_000

/** The agent to be asked: of the same field, with the best record; undefined where there is none that may. */
export function selectReviewer(
  candidates: readonly Candidate[],
  reviewed: Reviewed,
  mostAtOnce: number,
): Candidate | undefined {
  const fit = candidates.flatMap((candidate) => {
    const nearness = nearnessOf(candidate.agent, reviewed)
    return nearness > 0 && candidate.load < mostAtOnce && mayReview(candidate, reviewed)
      ? [{ candidate, nearness }]
      : []
  })
  fit.sort(
    (one, other) =>
      other.nearness - one.nearness ||
      other.candidate.record - one.candidate.record ||
      one.candidate.load - other.candidate.load ||
      other.candidate.agent.confidence - one.candidate.agent.confidence ||
      (one.candidate.agent.id < other.candidate.agent.id ? -1 : 1),
  )
  return fit[0]?.candidate
}

/** Whether an agent may review at all, and this: it is trusted now, and has no hand in what it judges. */
function mayReview({ agent, isSuspended, isStopped }: Candidate, reviewed: Reviewed): boolean {
  const isTrusted = agent.maturity === 'autonomous' && agent.confidence >= LEAST_CONFIDENCE && !agent.fingerprintCapped
  if (!isTrusted || agent.lifecycle !== 'active' || isSuspended || isStopped) return false
  if (reviewed.agents.includes(agent.id) || reviewed.proposedBy === `agent:${agent.id}`) return false
  return ![reviewed.agent, ...(reviewed.delegation ?? [])].some((other) => isTwin(agent, other))
}

/** The same build of the same owner is the same judge by another name; builds that state nothing are taken for the same. */
function isTwin(agent: Candidate['agent'], other: Pick<Agent, 'ownerId' | 'fingerprint'>): boolean {
  return (
    agent.ownerId === other.ownerId &&
    hashCanonical({ ...agent.fingerprint }) === hashCanonical({ ...other.fingerprint })
  )
}

/** 2 for the same category, 1 for a specialty in the action, 0 for neither. */
function nearnessOf({ category, specialty, capabilities }: Candidate['agent'], reviewed: Reviewed): 0 | 1 | 2 {
  const isSame = (left: string | null, right: string | null): boolean =>
    left !== null && left.toLowerCase() === right?.toLowerCase()
  if (isSame(category, reviewed.agent.category)) return 2
  return [specialty, ...capabilities].some((known) => isSame(known, reviewed.capability)) ? 1 : 0
}
