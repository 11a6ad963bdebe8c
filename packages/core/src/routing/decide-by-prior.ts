import type { Decision, ErrorCode, ExecutionDecision, ProposalDecision, StoredOutcome } from '@preceptor/client'
import { redactText } from '../journal/redact-text.ts'
import type { Attempt } from './attempt.ts'
import type { PriorAttempt, PriorProposal } from './consequences.ts'
import type { Facts } from './facts.ts'
import {
  decisionFacts,
  deniedDecision,
  proposalDecision,
  queueDecision,
  trainingDecision,
  waitingDecision,
} from './make-decision.ts'
import type { Ruling } from './ruling.ts'

/** What an attempt gets that was made before. */
export interface PriorAnswer {
  readonly decision: Exclude<Decision, ExecutionDecision>
  /** What a reviewer answered in the place of the action. */
  readonly replay: StoredOutcome | null
}

type Stated = ReturnType<typeof decisionFacts>

/** What an earlier attempt with the same key decides: the same decision again, under its first id. */
export function decideByPrior(input: {
  readonly attempt: Attempt
  readonly ruling: Ruling
  readonly facts: Facts
  readonly prior: Exclude<PriorAttempt, { kind: 'execution' }>
}): PriorAnswer {
  const { attempt, ruling, facts, prior } = input
  const own = decisionFacts(attempt, ruling, facts.policy.version)
  if (prior.kind === 'refused') {
    return only(deniedDecision(own, 'PERMIT_REFUSED', 'There is no such approval for this caller.'))
  }
  const stated = { ...own, id: prior.decisionId }
  if (!isSame(stated, prior)) {
    const reason = 'The idempotency key was used with another action or other arguments.'
    const code = attempt.trigger.permit === undefined ? 'IDEMPOTENCY_KEY_REUSED' : 'PERMIT_REFUSED'
    return only(deniedDecision(own, code, reason))
  }
  const repeated = { ...stated, reason: 'The same attempt was decided on before.' }
  switch (prior.kind) {
    case 'proposal':
      return answerOfProposal(attempt, { repeated, own, prior })
    case 'queue':
      return answerOfQueued(attempt, { repeated, own, prior })
    case 'training':
      return only(trainingDecision(repeated, prior))
    default:
      return prior satisfies never
  }
}

function only(decision: PriorAnswer['decision']): PriorAnswer {
  return { decision, replay: null }
}

function isSame(stated: Stated, prior: Exclude<PriorAttempt, { kind: 'execution' | 'refused' }>): boolean {
  if (stated.action !== prior.action) return false
  // After an edit both are the attempt: what was asked for, and what it became.
  return stated.argsHash === prior.argsHash || (prior.kind === 'proposal' && stated.argsHash === prior.versionHash)
}

type PriorQueued = Extract<PriorAttempt, { kind: 'queue' }>

const QUEUE_ENDS: Readonly<Partial<Record<PriorQueued['state'], ErrorCode>>> = {
  cancelled: 'QUEUE_ENTRY_CANCELLED',
  expired: 'QUEUE_ENTRY_EXPIRED',
  failed: 'QUEUE_ENTRY_FAILED',
  outcome_unknown: 'OUTCOME_UNKNOWN',
}

function answerOfQueued(
  attempt: Attempt,
  { repeated, own, prior }: { readonly repeated: Stated; readonly own: Stated; readonly prior: PriorQueued },
): PriorAnswer {
  const { state, queueEntry } = prior
  const isLate = state === 'pending' && queueEntry.expiresAt <= attempt.decidedAt
  const code = isLate ? 'QUEUE_ENTRY_EXPIRED' : QUEUE_ENDS[state]
  if (code === undefined) return only(queueDecision(repeated, queueEntry))
  const end = isLate ? 'expired' : state.replaceAll('_', ' ')
  return only(deniedDecision(own, code, `The queue entry ${queueEntry.id} of this attempt is ${end}.`))
}

const ENDS: Readonly<Partial<Record<PriorProposal['state'], ErrorCode>>> = {
  rejected: 'PROPOSAL_REJECTED',
  cancelled: 'PROPOSAL_CANCELLED',
  expired: 'PROPOSAL_EXPIRED',
  responded: 'PROPOSAL_RESPONDED',
  outcome_unknown: 'OUTCOME_UNKNOWN',
}

function answerOfProposal(
  attempt: Attempt,
  { repeated, own, prior }: { readonly repeated: Stated; readonly own: Stated; readonly prior: PriorProposal },
): PriorAnswer {
  const { state, proposal, response } = prior
  const isOpen = state === 'pending' || state === 'approved'
  const isLate = isOpen && proposal.expiresAt <= attempt.decidedAt
  const code = isLate ? 'PROPOSAL_EXPIRED' : ENDS[state]
  if (code === undefined) return only(openDecision(attempt, repeated, prior))
  const end = isLate ? 'expired' : `${state}${byWhom(prior)}`
  const decision = deniedDecision(own, code, `The proposal ${proposal.id} of this attempt is ${end}.`)
  return { decision, replay: state === 'responded' ? { status: 'succeeded', value: response, stored: true } : null }
}

/** What an attempt is told whose proposal is not over; the reason says from when it may run, where it has to wait. */
function openDecision(
  attempt: Attempt,
  repeated: Stated,
  { state, runnableAt, proposal }: PriorProposal,
): ProposalDecision {
  const isWaiting = state === 'approved' && runnableAt !== null && runnableAt > attempt.decidedAt
  return isWaiting ? waitingDecision(repeated, { proposal, runnableAt }) : proposalDecision(repeated, proposal)
}

/** Who asked is told why it was rejected, and may do better; what else reviewers noted is theirs. */
function byWhom({ rejection, decidedBy }: PriorProposal): string {
  if (rejection === null) return ''
  const { category, reason } = rejection
  return ` by ${decidedBy.join(', ')} (${category.replaceAll('_', ' ')}): ${redactText(reason).replace(/[.\s]+$/, '')}`
}
