import type { AlertCode } from '@preceptor/client'
import type { SQL } from 'drizzle-orm'
import type { Tx } from '../database/transaction.ts'
import type { PresenceMoment } from '../presence/presence-moment.ts'

/** The numbers that a rule goes by, by their names. */
export type Thresholds = Readonly<Record<string, number>>

/** What rules are held against. */
export interface RuleMoment {
  /** Milliseconds. */
  readonly now: number
  readonly thresholds: Thresholds
  readonly separationOfDuties: boolean
  readonly presence: PresenceMoment
}

/** A cause that holds: what it is about, and what is to be said of it. */
export interface Cause {
  readonly subject: string
  readonly agent: string | null
  readonly facts: Readonly<Record<string, unknown>>
}

/** A rule of which an alert is open exactly while its cause holds. */
export interface StandingRule {
  readonly code: AlertCode
  /** A query of all causes that hold, with the columns `subject`, `agent` and `facts`. */
  readonly causes: (tx: Tx, moment: RuleMoment) => SQL
  /** What an alert says; undefined where alerts are raised by what happens, and the query says which of them stay. */
  readonly message?: (facts: Cause['facts'], thresholds: Thresholds) => string
}
