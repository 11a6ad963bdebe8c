import type { PageQuery } from './page.ts'

/** What an alert says. */
export type AlertCode =
  | 'NO_EXECUTOR'
  | 'NO_APPROVER'
  | 'DELIVERY_FAILED'
  | 'QUEUE_POISON'
  | 'REVIEWER_SUSPENDED'
  | 'BYPASS_ACTIVE'
  | 'BREAKER_OPEN'
  | 'AGENT_STUCK'
  | 'PROPOSAL_EXPIRING'
  | 'QUEUE_EXPIRING'
  | 'TRAINING_UNDECIDED'
  | 'NO_SUPERVISOR'
  | 'AGENT_UNUSUAL'
  | 'OUTCOME_UNKNOWN'
  | 'JOURNAL_BROKEN'
  | 'JOURNAL_UNSEALED'
  | 'JOURNAL_UNVERIFIED'
  | 'REVIEWER_DRIFT'
  | 'TRAINING_BEHIND'

/** How much an alert matters: it is to be known, somebody should act, or safety or work is being lost. */
export type AlertSeverity = 'info' | 'warning' | 'critical'

/** Something that is wrong, until it is not any more. */
export interface Alert {
  readonly id: string
  readonly code: AlertCode
  readonly severity: AlertSeverity
  /**
   * Id of what it is about: a proposal, a course, a queue entry, an execution, an agent, a webhook, a channel, a bypass or
   * the workspace; of a target of training its name.
   */
  readonly subjectId: string
  readonly agent: string | null
  readonly message: string
  readonly raisedAt: string
  readonly clearedAt: string | null
  readonly acknowledgedBy: string | null
  /** Until then the same is not raised again. */
  readonly mutedUntil: string | null
}

/** Which alerts a list holds. */
export interface AlertQuery extends PageQuery {
  readonly state?: 'open' | 'cleared'
  readonly severity?: AlertSeverity
}

/** A number that a rule goes by, and the bounds that it can be changed within. */
export interface AlertThreshold {
  readonly name: string
  readonly unit: 'seconds' | 'minutes' | 'hours' | 'days' | 'count' | 'percent' | 'deviations'
  /** Whole numbers; so are the others. */
  readonly value: number
  readonly default: number
  readonly min: number
  readonly max: number
}

/** When alerts of one code are raised in the workspace. */
export interface AlertRule {
  readonly code: AlertCode
  readonly severity: AlertSeverity
  readonly isOn: boolean
  /** Whether it can be turned off: not where safety would be lost without anybody knowing. */
  readonly canTurnOff: boolean
  /** None where it is raised by what happens. */
  readonly thresholds: readonly AlertThreshold[]
  /** 0 while it is as the product has it, and one more with each change. */
  readonly revision: number
  readonly changedBy: string | null
  readonly changedAt: string | null
  readonly reason: string | null
}

/** A rule as it is to be; what is left out is as the product has it. */
export interface AlertRuleChange {
  readonly isOn?: boolean
  /** Numbers by the name of their threshold. */
  readonly thresholds?: Readonly<Record<string, number>>
  /** The revision that was seen. */
  readonly basedOn: number
  readonly reason: string
}

/** What a rule would raise now. */
export interface AlertPreview {
  readonly code: AlertCode
  /** How many causes hold, at most 1,000 counted. */
  readonly count: number
  /** The first of them. */
  readonly causes: readonly { readonly subjectId: string; readonly agent: string | null; readonly message: string }[]
}

/** From which severity on a channel or a webhook is told of alerts. */
export interface AlertAudience {
  /** Name of a channel, or id of a webhook. */
  readonly target: string
  readonly from: AlertSeverity
  readonly changedBy: string
  readonly changedAt: string
}

/** How alerts are raised in the workspace, and who is told from which severity on. */
export interface AlertSettings {
  readonly rules: readonly AlertRule[]
  /** Those that are not told of all. */
  readonly audiences: readonly AlertAudience[]
}
