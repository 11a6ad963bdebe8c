import type { Alert, AlertCode } from '@preceptor/client'

/** How much an alert matters: something is kept from running or has gone wrong, or it is to be known. */
export type AlertSeverity = 'serious' | 'warning' | 'notice'

const SEVERITIES: Readonly<Record<AlertCode, AlertSeverity>> = {
  BREAKER_OPEN: 'serious',
  QUEUE_POISON: 'serious',
  REVIEWER_SUSPENDED: 'serious',
  NO_APPROVER: 'warning',
  NO_EXECUTOR: 'warning',
  DELIVERY_FAILED: 'warning',
  BYPASS_ACTIVE: 'notice',
}

/** How much an alert matters; one of a code that this page does not know is taken seriously. */
export function severityOf(code: string): AlertSeverity {
  return (SEVERITIES as Readonly<Record<string, AlertSeverity>>)[code] ?? 'serious'
}

/** Where the cause of an alert stands. */
export interface AlertCause {
  readonly path: string
  readonly search: Readonly<Record<string, string>>
}

/** Where the cause of an alert stands; undefined for one that this page does not know. */
export function causeOf({ code, subjectId }: Pick<Alert, 'code' | 'subjectId'>): AlertCause | undefined {
  const id = encodeURIComponent(subjectId)
  const places: Readonly<Record<AlertCode, AlertCause>> = {
    NO_EXECUTOR: { path: `/inbox/${id}`, search: {} },
    NO_APPROVER: { path: `/inbox/${id}`, search: {} },
    DELIVERY_FAILED: { path: '/settings/notifications', search: { webhook: subjectId } },
    QUEUE_POISON: { path: '/live', search: {} },
    REVIEWER_SUSPENDED: { path: '/settings/reviewers', search: {} },
    BYPASS_ACTIVE: { path: '/settings/stops', search: {} },
    BREAKER_OPEN: { path: `/agents/${id}`, search: {} },
  }
  return (places as Readonly<Record<string, AlertCause>>)[code]
}
