import type { AlertCode, AlertSeverity, AlertThreshold } from '@preceptor/client'

/** A number that a rule goes by, as the product has it. */
export type ThresholdRule = Omit<AlertThreshold, 'name' | 'value'>

/** What the product says of a code. */
export interface CatalogueEntry {
  readonly severity: AlertSeverity
  /** Never where safety would be lost without anybody knowing. */
  readonly canTurnOff: boolean
  readonly thresholds: Readonly<Record<string, ThresholdRule>>
}

type Numbers = readonly [unit: AlertThreshold['unit'], usual: number, min: number, max: number]

const threshold = ([unit, usual, min, max]: Numbers): ThresholdRule => ({ unit, default: usual, min, max })

const optional = (severity: AlertSeverity, thresholds: Readonly<Record<string, Numbers>>): CatalogueEntry => ({
  severity,
  canTurnOff: true,
  thresholds: named(thresholds),
})

const lasting = (severity: AlertSeverity, thresholds: Readonly<Record<string, Numbers>> = {}): CatalogueEntry => ({
  severity,
  canTurnOff: false,
  thresholds: named(thresholds),
})

function named(thresholds: Readonly<Record<string, Numbers>>): Readonly<Record<string, ThresholdRule>> {
  return Object.fromEntries(Object.entries(thresholds).map(([name, numbers]) => [name, threshold(numbers)]))
}

/** Every code: how much it matters, whether it can be turned off, and the numbers that it goes by. */
export const ALERT_CATALOGUE: Readonly<Record<AlertCode, CatalogueEntry>> = {
  BREAKER_OPEN: lasting('critical'),
  QUEUE_POISON: lasting('critical'),
  REVIEWER_SUSPENDED: lasting('critical'),
  OUTCOME_UNKNOWN: lasting('critical', { minutes: ['minutes', 60, 5, 10_080] }),
  JOURNAL_BROKEN: lasting('critical'),
  JOURNAL_UNSEALED: lasting('critical', { minutes: ['minutes', 5, 1, 60] }),
  JOURNAL_UNVERIFIED: lasting('warning', { hours: ['hours', 48, 26, 336] }),
  DELIVERY_FAILED: lasting('warning'),
  NO_EXECUTOR: optional('warning', { seconds: ['seconds', 30, 10, 3_600] }),
  NO_APPROVER: optional('warning', { seconds: ['seconds', 30, 10, 3_600] }),
  NO_SUPERVISOR: optional('warning', { minutes: ['minutes', 10, 1, 240], hours: ['hours', 2, 1, 24] }),
  PROPOSAL_EXPIRING: optional('warning', { minutes: ['minutes', 120, 5, 2_880] }),
  QUEUE_EXPIRING: optional('warning', { minutes: ['minutes', 120, 5, 720] }),
  AGENT_STUCK: optional('warning', { days: ['days', 14, 3, 90] }),
  AGENT_UNUSUAL: optional('warning', {
    deviations: ['deviations', 5, 3, 20],
    count: ['count', 20, 10, 10_000],
    hours: ['hours', 24, 24, 336],
  }),
  REVIEWER_DRIFT: optional('warning', { percent: ['percent', 85, 76, 99], verdicts: ['count', 8, 8, 20] }),
  TRAINING_BEHIND: optional('info', { days: ['days', 30, 7, 366], cases: ['count', 20, 5, 10_000] }),
  TRAINING_UNDECIDED: optional('info', { days: ['days', 3, 1, 30] }),
  BYPASS_ACTIVE: lasting('info'),
}

/** Every code there is. */
export const ALERT_CODES: readonly AlertCode[] = Object.keys(ALERT_CATALOGUE) as AlertCode[]

/** Whether a text is the code of an alert. */
export function isAlertCode(code: string): code is AlertCode {
  return Object.hasOwn(ALERT_CATALOGUE, code)
}

/** How much an alert matters. */
export function severityOf(code: AlertCode): AlertSeverity {
  return ALERT_CATALOGUE[code].severity
}

const SEVERITIES: readonly AlertSeverity[] = ['info', 'warning', 'critical']

/** Whether alerts of a severity are told to who wants to know from another one on. */
export function isTold(severity: AlertSeverity, from: AlertSeverity): boolean {
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(from)
}

/** The codes of a severity. */
export function codesOf(severity: AlertSeverity): readonly AlertCode[] {
  return ALERT_CODES.filter((code) => severityOf(code) === severity)
}
