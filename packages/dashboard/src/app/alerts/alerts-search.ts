import type { AlertSeverity } from '@preceptor/client'
import { SEVERITIES } from './alert-cause.ts'

/** What the address of the alerts says. */
export interface AlertsSearch {
  /** Default: those that are open. */
  readonly state?: 'cleared' | 'all'
  /** Default: all of them. */
  readonly severity?: AlertSeverity
}

/** Reads the address; what it cannot mean is left out. */
export function readAlertsSearch(search: Readonly<Record<string, unknown>>): AlertsSearch {
  const { state } = search
  const severity = SEVERITIES.find((one) => one === search.severity)
  return {
    ...(state === 'cleared' || state === 'all' ? { state } : {}),
    ...(severity === undefined ? {} : { severity }),
  }
}
