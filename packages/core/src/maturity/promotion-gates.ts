import type { Maturity, PromotionGate } from '@preceptor/client'
import { floorOf } from './levels.ts'
import {
  ENOUGH_EVIDENCE,
  evidenceShare,
  promotionEvidence,
  type Sample,
  successesMissing,
} from './promotion-evidence.ts'

/** What an agent has shown at a capability since its last transition. */
export interface Shown {
  /** Basis points. */
  readonly confidence: number
  readonly openIncidents: number
  /** Training sessions with a score of at least 0.7. */
  readonly passedTrainings: number
  /** Decided proposals: those that were approved as they were and succeeded, and the others. */
  readonly proposals: Sample
  /** Samples of each person who decided on them. */
  readonly reviewers: ReadonlyMap<string, number>
  /** Rated sessions: those rated 4 or better without correction, and the others. */
  readonly sessions: Sample
  /** How many of the last 25 sessions were terminated. */
  readonly recentTerminations: number
  /** Whether somebody signed it off who neither owns the agent nor rated one of the counted sessions. */
  readonly isSignedOff: boolean
}

/** The success rate that a sample must speak against, by the level that it leads to. */
export const RATES = { supervised: 0.7, autonomous: 0.85 } as const

const FEWEST_REVIEWERS = 2
const LARGEST_SHARE = 0.6

/** Every gate on the way to a level under the promotion policy `earned`, met or not. */
export function promotionGates(
  shown: Shown,
  to: Exclude<Maturity, 'student'>,
  { onePerson = false }: { readonly onePerson?: boolean } = {},
): readonly PromotionGate[] {
  const confidence = confidenceGate(shown, to)
  switch (to) {
    case 'intern':
      return [confidence, trainingGate(shown), incidentGate(shown)]
    case 'supervised':
      return [
        confidence,
        evidenceGate('proposals', shown.proposals, RATES.supervised),
        ...(onePerson ? [] : reviewerGates(shown)),
        incidentGate(shown),
      ]
    case 'autonomous':
      return [
        confidence,
        evidenceGate('sessions', shown.sessions, RATES.autonomous),
        terminationGate(shown),
        incidentGate(shown),
        signOffGate(shown),
      ]
    default:
      return to satisfies never
  }
}

function confidenceGate({ confidence }: Shown, to: Maturity): PromotionGate {
  const target = floorOf(to)
  const missing = confidence >= target ? null : `${target - confidence} basis points of confidence`
  return {
    name: 'confidence',
    met: missing === null,
    value: confidence,
    target,
    share: Math.min(1, confidence / target),
    missing,
  }
}

function trainingGate({ passedTrainings }: Shown): PromotionGate {
  const met = passedTrainings >= 1
  return {
    name: 'training',
    met,
    value: passedTrainings,
    target: 1,
    share: met ? 1 : 0,
    missing: met ? null : 'a training session with a score of at least 0.7',
  }
}

function incidentGate({ openIncidents }: Shown): PromotionGate {
  const met = openIncidents === 0
  const missing = met ? null : `${count(openIncidents, 'open incident')} must be closed`
  return { name: 'incidents', met, value: openIncidents, target: 0, share: met ? 1 : 0, missing }
}

/** Judged after every sample, and still right: see `promotionEvidence`. */
function evidenceGate(name: 'proposals' | 'sessions', sample: Sample, p0: number): PromotionGate {
  const more = successesMissing(sample, p0)
  const [what, how] =
    name === 'proposals'
      ? ['proposal', 'approved unchanged and succeeding']
      : ['session', 'rated 4 or better without correction']
  return {
    name,
    met: more === 0,
    value: promotionEvidence(sample, p0),
    target: ENOUGH_EVIDENCE,
    share: evidenceShare(sample, p0),
    missing: more === 0 ? null : `${count(more, what)} in a row, each ${how}, would do`,
  }
}

function reviewerGates({ reviewers }: Shown): readonly PromotionGate[] {
  const samples = [...reviewers.values()]
  const total = samples.reduce((sum, one) => sum + one, 0)
  const largest = total === 0 ? 0 : Math.max(...samples) / total
  const lacking = Math.max(0, FEWEST_REVIEWERS - reviewers.size)
  const isSpread = total > 0 && largest <= LARGEST_SHARE
  return [
    {
      name: 'reviewers',
      met: lacking === 0,
      value: reviewers.size,
      target: FEWEST_REVIEWERS,
      share: Math.min(1, reviewers.size / FEWEST_REVIEWERS),
      missing: lacking === 0 ? null : `decisions of ${count(lacking, 'further reviewer')}`,
    },
    {
      name: 'reviewer_share',
      met: isSpread,
      value: largest,
      target: LARGEST_SHARE,
      share: isSpread ? 1 : 0,
      missing: isSpread ? null : 'decisions of others: nobody may have made more than 60 % of them',
    },
  ]
}

function terminationGate({ recentTerminations }: Shown): PromotionGate {
  const met = recentTerminations === 0
  const missing = met ? null : '25 sessions without a termination'
  return { name: 'terminations', met, value: recentTerminations, target: 0, share: met ? 1 : 0, missing }
}

function signOffGate({ isSignedOff }: Shown): PromotionGate {
  return {
    name: 'sign_off',
    met: isSignedOff,
    value: isSignedOff ? 1 : 0,
    target: 1,
    share: isSignedOff ? 1 : 0,
    missing: isSignedOff
      ? null
      : 'the sign-off of an administrator who does not own the agent and rated none of these sessions',
  }
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}
