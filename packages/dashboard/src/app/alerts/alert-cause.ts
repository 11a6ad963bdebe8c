import type { Alert, AlertCode, AlertSeverity } from '@preceptor/client'
import { addressOfId } from '../shell/address-of-id.ts'

/** The severities, the gravest first. */
export const SEVERITIES: readonly AlertSeverity[] = ['critical', 'warning', 'info']

/** The shape that stands beside the word of a severity. */
export const SEVERITY_SHAPES: Readonly<Record<AlertSeverity, string>> = { critical: '▲', warning: '■', info: '●' }

/** The colour of a severity. */
export const SEVERITY_TONES: Readonly<Record<AlertSeverity, string>> = {
  critical: 'bad',
  warning: 'warn',
  info: 'info',
}

/** Where the cause of an alert stands. */
export interface AlertCause {
  readonly path: string
  readonly search: Readonly<Record<string, string>>
}

const at = (path: string, search: AlertCause['search'] = {}): AlertCause => ({ path, search })
const atAgent = ({ subjectId }: Pick<Alert, 'subjectId'>): AlertCause => at(`/agents/${encodeURIComponent(subjectId)}`)
const inInbox = ({ subjectId }: Pick<Alert, 'subjectId'>): AlertCause => at(`/inbox/${encodeURIComponent(subjectId)}`)

/** Where each kind of alert leads. */
const PLACES: Readonly<Record<AlertCode, (alert: Pick<Alert, 'subjectId' | 'agent'>) => AlertCause>> = {
  NO_EXECUTOR: inInbox,
  NO_APPROVER: inInbox,
  PROPOSAL_EXPIRING: inInbox,
  QUEUE_POISON: () => at('/live'),
  QUEUE_EXPIRING: () => at('/live'),
  NO_SUPERVISOR: () => at('/live'),
  TRAINING_UNDECIDED: ({ subjectId }) => at(`/training/proposals/${encodeURIComponent(subjectId)}`),
  BREAKER_OPEN: atAgent,
  AGENT_STUCK: atAgent,
  AGENT_UNUSUAL: atAgent,
  OUTCOME_UNKNOWN: ({ subjectId, agent }) => {
    if (subjectId.startsWith('que_')) return at('/live')
    return at(addressOfId(subjectId) ?? `/agents/${encodeURIComponent(agent ?? '')}`)
  },
  REVIEWER_SUSPENDED: () => at('/settings/reviewers'),
  REVIEWER_DRIFT: () => at('/settings/reviewers'),
  TRAINING_BEHIND: () => at('/analytics/training'),
  DELIVERY_FAILED: ({ subjectId }) => at('/settings/notifications', { webhook: subjectId }),
  BYPASS_ACTIVE: () => at('/settings/stops'),
  JOURNAL_BROKEN: () => at('/audit'),
  JOURNAL_UNSEALED: () => at('/audit'),
  JOURNAL_UNVERIFIED: () => at('/audit'),
}

/** Where the cause of an alert stands; undefined for one that this page does not know. */
export function causeOf(alert: Pick<Alert, 'subjectId' | 'agent'> & { readonly code: string }): AlertCause | undefined {
  return Object.hasOwn(PLACES, alert.code) ? PLACES[alert.code as AlertCode](alert) : undefined
}
