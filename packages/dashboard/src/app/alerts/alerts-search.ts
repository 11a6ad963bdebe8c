/** What the address of the alerts says. */
export interface AlertsSearch {
  /** Default: those that are open. */
  readonly state?: 'cleared' | 'all'
}

/** Reads the address; what it cannot mean is left out. */
export function readAlertsSearch(search: Readonly<Record<string, unknown>>): AlertsSearch {
  const { state } = search
  return state === 'cleared' || state === 'all' ? { state } : {}
}
