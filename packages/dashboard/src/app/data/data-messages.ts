import type { Maturity, Proposal, ProposalReview, Risk } from '@preceptor/client'
import { defineMessages } from '../text/messages.ts'

/** Words of the states of a proposal. */
export const STATES = defineMessages<Proposal['state']>('states', {
  pending: 'Waiting',
  approved: 'Approved',
  executing: 'Running',
  succeeded: 'Succeeded',
  failed: 'Failed',
  outcome_unknown: 'Outcome unknown',
  rejected: 'Rejected',
  responded: 'Answered',
  expired: 'Expired',
  cancelled: 'Cancelled',
})

/** Words of the risks. */
export const RISK_WORDS = defineMessages<Risk>('risks', {
  safe: 'safe',
  medium: 'medium',
  high: 'high',
  critical: 'critical',
})

/** Words of what an agent has earned. */
export const MATURITIES = defineMessages<Maturity>('maturities', {
  student: 'student',
  intern: 'intern',
  supervised: 'supervised',
  autonomous: 'autonomous',
})

/** Words of the categories of a rejection. */
export const CATEGORIES = defineMessages<NonNullable<ProposalReview['category']>>('categories', {
  wrong_action: 'Wrong action',
  wrong_args: 'Wrong arguments',
  wrong_time: 'Wrong time',
  not_allowed: 'Not allowed',
  duplicate: 'Duplicate',
  other: 'Other',
})

/** What is said in many places of times, lengths and errors. */
export const DATA = defineMessages('data', {
  seconds: '{seconds} s',
  minutes: '{minutes} min',
  hours: '{hours} h',
  hoursAndMinutes: '{hours} h {minutes} min',
  days: '{days} d',
  daysAndHours: '{days} d {hours} h',
  everything: 'everything',
  reloadPage: 'Reload the page.',
})
