import type { AnalyticsTargetName } from '@preceptor/client'
import { stuckAgents, undecidedTraining } from './agent-alert-store.ts'
import { activeBypasses, pausedAgents, reachableTargets, suspendedReviewers } from './guardrail-alert-store.ts'
import { brokenJournal, unsealedJournal, unverifiedJournal } from './journal-alert-store.ts'
import { unclaimedProposals, undecidableProposals } from './proposal-alert-store.ts'
import { unknownOutcomes, unseenPoison } from './run-alert-store.ts'
import type { Cause, StandingRule, Thresholds } from './standing-rule.ts'
import { expiringEntries, expiringProposals, lackOfSupervisors } from './waiting-alert-store.ts'

/** Rules that are looked at every few seconds: of what people and workers wait for, and of what has ended. */
export const QUICK_RULES: readonly StandingRule[] = [
  {
    code: 'NO_EXECUTOR',
    causes: unclaimedProposals,
    message: ({ action }, { seconds }) =>
      `No worker that has ${action} registered has claimed the approved proposal for ${seconds} s.`,
  },
  { code: 'NO_APPROVER', causes: undecidableProposals, message: lackOfApprovers },
  { code: 'BYPASS_ACTIVE', causes: activeBypasses },
  { code: 'BREAKER_OPEN', causes: pausedAgents },
  { code: 'REVIEWER_SUSPENDED', causes: suspendedReviewers },
  { code: 'DELIVERY_FAILED', causes: reachableTargets },
  { code: 'QUEUE_POISON', causes: unseenPoison },
]

/** Rules that are looked at once a minute. */
export const SLOW_RULES: readonly StandingRule[] = [
  {
    code: 'AGENT_STUCK',
    causes: stuckAgents,
    message: (_, { days }) => `Something has waited for ${days} days, in which the agent gained no confidence.`,
  },
  {
    code: 'TRAINING_UNDECIDED',
    causes: undecidedTraining,
    message: (_, { days }) => `Nobody has decided on the course for ${days} ${days === 1 ? 'day' : 'days'}.`,
  },
  { code: 'PROPOSAL_EXPIRING', causes: expiringProposals, message: endsSoon('proposal', 'looks at it') },
  { code: 'QUEUE_EXPIRING', causes: expiringEntries, message: endsSoon('queue entry', 'was asked to watch it') },
  { code: 'NO_SUPERVISOR', causes: lackOfSupervisors, message: lackOfPeople },
  {
    code: 'OUTCOME_UNKNOWN',
    causes: unknownOutcomes,
    message: ({ action }, { minutes }) =>
      `${action} began, and nobody has said for ${minutes} min what came of it: it may have run.`,
  },
  {
    code: 'JOURNAL_BROKEN',
    causes: brokenJournal,
    message: ({ problem }) => `The journal does not verify: ${problem}`,
  },
  {
    code: 'JOURNAL_UNSEALED',
    causes: unsealedJournal,
    message: (_, { minutes }) => `What was written to the journal has waited ${minutes} min for its seal.`,
  },
  {
    code: 'JOURNAL_UNVERIFIED',
    causes: unverifiedJournal,
    message: (_, { hours }) => `The journal has not been verified for ${hours} h.`,
  },
]

/** What alerts say of what is found otherwise than by a query. */
export const FOUND_MESSAGES: Readonly<
  Record<'AGENT_UNUSUAL' | 'REVIEWER_DRIFT' | 'TRAINING_BEHIND', (facts: Cause['facts']) => string>
> = {
  AGENT_UNUSUAL: ({ measure, count, usual }) =>
    measure === 'new_actions'
      ? `${count} attempts in one hour at what the agent has not attempted for four weeks.`
      : `${count} ${measure} in one hour, of which the agent has about ${usual} as a rule.`,
  REVIEWER_DRIFT: ({ agreed, count }) =>
    `People came to the same as the reviewer in ${agreed} of its last ${count} verdicts that they decided on.`,
  TRAINING_BEHIND: missedTarget,
}

const TARGETS: Readonly<Record<AnalyticsTargetName, readonly [what: string, of: string]>> = {
  proposals_per_trigger: ['Courses were proposed for', 'triggers of students'],
  completion: ['Completed were', 'sessions of training'],
  gain_per_session: ['The mean gain of confidence was', 'completed sessions'],
  intern_within_14_days: ['Interns within 14 days became', 'students'],
  days_to_intern: ['Students became interns after', 'stays'],
}
const ARE_SHARES: ReadonlySet<unknown> = new Set(['proposals_per_trigger', 'completion', 'intern_within_14_days'])

function missedTarget({ name, comparison, target, actual, of, days }: Cause['facts']): string {
  const known = typeof name === 'string' && Object.hasOwn(TARGETS, name) ? (name as AnalyticsTargetName) : undefined
  const [what, cases] = known === undefined ? ['It was', 'cases'] : TARGETS[known]
  const unit = known === 'days_to_intern' ? ' days' : ''
  const shown = (value: unknown): string =>
    ARE_SHARES.has(name) ? `${(Number(value) * 100).toFixed(1)} %` : `${Number(Number(value).toFixed(3))}${unit}`
  const wanted = String(comparison).replace('_', ' ')
  return `${what} ${shown(actual)} (of ${of} ${cases}, in ${days} days); the target is ${wanted} ${shown(target)}.`
}

function lackOfApprovers({ needed, eligible }: Cause['facts']): string {
  const may = eligible === 0 ? 'no member may decide on it' : `only ${eligible} may decide on it`
  return `The proposal needs ${needed} approval${needed === 1 ? '' : 's'}, and ${may}.`
}

function endsSoon(what: string, does: string): NonNullable<StandingRule['message']> {
  return ({ action }, { minutes }: Thresholds) =>
    `The ${what} about ${action} expires in ${minutes} min or less, and nobody ${does}.`
}

function lackOfPeople({ waiting }: Cause['facts']): string {
  const nobody = 'Nobody who may supervise is online'
  const count = Number(waiting)
  if (count === 0) return `${nobody}, and agents at supervised are at work.`
  return `${nobody}, and ${count} queued ${count === 1 ? 'run waits' : 'runs wait'} for it.`
}
