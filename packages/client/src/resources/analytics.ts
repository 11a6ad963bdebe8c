import type { Maturity, Route, TriggerSource } from '../port/vocabulary.ts'

/** What an analysis looks at. */
export interface AnalyticsQuery {
  /** ISO 8601; default 30 days before `to`. */
  readonly from?: string
  /** ISO 8601, not included; default now. At most 366 days after `from`. */
  readonly to?: string
  /** Only what this agent did. */
  readonly agent?: string
  /** Only what exercises this capability. */
  readonly capability?: string
}

/** What an analysis looked at. */
export interface AnalyticsRange {
  /** ISO 8601, UTC. */
  readonly from: string
  /** ISO 8601, UTC; not included. */
  readonly to: string
  /** Width of a bucket, in UTC: hours for ranges of up to 3 days. The first and the last one may be cut by the range. */
  readonly bucket: 'hour' | 'day'
}

/** A number of the range, beside that of the period of the same length right before it. */
export interface Compared<Value extends number | null> {
  readonly value: Value
  readonly before: Value
}

/** What waits now, whatever the range. */
export interface AnalyticsWaiting {
  /** Proposals that are pending. */
  readonly proposals: number
  /** Courses that nobody has decided on. */
  readonly trainingProposals: number
  /** Queue entries that are pending. */
  readonly queue: number
}

/** How it goes, in a line. Shares are 0 to 1; null where there was nothing to divide or nothing to measure. */
export interface AnalyticsSummary {
  readonly range: AnalyticsRange
  readonly waiting: AnalyticsWaiting
  /** Proposals that were settled: decided, expired or cancelled. */
  readonly settled: Compared<number>
  /** Those of them that somebody decided: approved, edited, rejected or responded. */
  readonly decided: Compared<number>
  /** Seconds from the creation of a proposal to its decision: the middle one of those that were decided. */
  readonly medianSeconds: Compared<number | null>
  /** The same, which 95 % of them stay within (nearest rank). */
  readonly p95Seconds: Compared<number | null>
  /**
   * What needed no person, of all that came to its end: runs by themselves, settled proposals that only autonomous
   * reviewers decided, and sessions that only they watched, divided by runs, settled proposals and ended sessions. What
   * was blocked, and what people set off themselves, is on neither side.
   */
  readonly withoutPeople: Compared<number | null>
  /** Of the settled proposals. */
  readonly rejected: Compared<number | null>
  /** Of the settled proposals: approved with other args. */
  readonly edited: Compared<number | null>
  /** Of the settled proposals. */
  readonly expired: Compared<number | null>
}

/**
 * What became of attempts. Of proposals, counted when they were settled: `approved`, `edited` (approved with other args),
 * `rejected`, `responded`, `expired` (nobody decided), `cancelled`; an approval that was not used in time stays one. Of decisions, counted when they were made: `ran` (nobody was asked:
 * earned, granted, under a bypass, in shadow, or set off by a person), `supervised` (watched, or queued for that) and
 * `blocked` (trained or denied).
 */
export type AnalyticsOutcome =
  | 'approved'
  | 'edited'
  | 'rejected'
  | 'responded'
  | 'expired'
  | 'cancelled'
  | 'ran'
  | 'supervised'
  | 'blocked'

/** All outcomes, those of proposals first. */
export const ANALYTICS_OUTCOMES: readonly AnalyticsOutcome[] = [
  'approved',
  'edited',
  'rejected',
  'responded',
  'expired',
  'cancelled',
  'ran',
  'supervised',
  'blocked',
]

/** Outcomes in one bucket. */
export interface AnalyticsDecisionBucket {
  /** Begin of the bucket; ISO 8601, UTC. */
  readonly at: string
  readonly outcomes: Readonly<Record<AnalyticsOutcome, number>>
}

/** Outcomes over time: every bucket of the range, the oldest first, also those in which nothing happened. */
export interface AnalyticsDecisions {
  readonly range: AnalyticsRange
  readonly buckets: readonly AnalyticsDecisionBucket[]
  /** The sum of the buckets. */
  readonly total: Readonly<Record<AnalyticsOutcome, number>>
}

/** How many, and which part of all that is 0 to 1; null of nothing. */
export interface AnalyticsShare {
  readonly count: number
  readonly share: number | null
}

/** Where decisions led. */
export interface AnalyticsRouting {
  readonly range: AnalyticsRange
  /** Decisions; one attempt that was made again is decided on again. */
  readonly total: number
  /** Every route, in the order of the vocabulary. */
  readonly routes: readonly (AnalyticsShare & { readonly route: Route })[]
  /** Each source that there was, the most frequent first. */
  readonly sources: readonly (AnalyticsShare & {
    readonly source: TriggerSource
    readonly routes: Readonly<Record<Route, number>>
  })[]
}

/** How many agents stood at each level. */
export interface AnalyticsPopulation {
  /** Begin of the bucket; ISO 8601, UTC. */
  readonly at: string
  /** At the end of the bucket, without retired agents. */
  readonly agents: Readonly<Record<Maturity, number>>
}

/** Changes of maturity of one kind. */
export interface AnalyticsTransition {
  readonly from: Maturity
  readonly to: Maturity
  /** Such as `evidence`, `band`, `person`, `incident`. */
  readonly cause: string
  readonly count: number
}

/** How long agents stay at a level. */
export interface AnalyticsStay {
  readonly maturity: Maturity
  /** Stays that ended in the range. */
  readonly ended: number
  /** Days of those; null when none ended. */
  readonly meanDays: number | null
  readonly medianDays: number | null
  /** Agents at this level at the end of the range, and for how many days on average. */
  readonly staying: number
  readonly stayingMeanDays: number | null
}

/**
 * How agents move. It is that of agents as a whole; with a capability, what they earned there, for those that have a
 * record of it.
 */
export interface AnalyticsMaturity {
  readonly range: AnalyticsRange
  readonly population: readonly AnalyticsPopulation[]
  /** In the range, the most frequent first. */
  readonly transitions: readonly AnalyticsTransition[]
  /** Every level, the lowest first. */
  readonly stays: readonly AnalyticsStay[]
}

/** How one reviewer decides. Shares are 0 to 1; null where there was nothing to divide. */
export interface AnalyticsReviewer {
  /** As records name it: `user:ana`, `agent:checker`. */
  readonly reviewer: string
  readonly kind: 'person' | 'agent'
  /** Of the member or the agent; null when neither is there any more. */
  readonly displayName: string | null
  /** Reviews in the range: approved, edited, rejected and responded together. */
  readonly decisions: number
  readonly approved: number
  readonly edited: number
  readonly rejected: number
  readonly responded: number
  /**
   * Middle of the seconds from the first look to the decision. The first look is when the reviewer opened the proposal
   * or acknowledged it; where neither is on record, when the version that was decided on was made.
   */
  readonly medianSeconds: number | null
  /** Decided within less than 3 seconds. */
  readonly fastShare: number | null
  readonly editedShare: number | null
  readonly rejectedShare: number | null
  /**
   * Rubber-stamp index: approvals without an edit that were decided within less than 3 seconds, divided by all approvals,
   * edited ones included. Null without an approval, and for agents, which are quick by nature.
   */
  readonly rubberStamp: number | null
  /** Whether the index is above 0.5 with at least 20 decisions. */
  readonly isFlagged: boolean
}

/** Who decides, and how: those with the most decisions first, at most 200. */
export interface AnalyticsReviewers {
  readonly range: AnalyticsRange
  readonly reviewers: readonly AnalyticsReviewer[]
}

/** What training is to reach, as the design of student training has it. */
export type AnalyticsTargetName =
  /** Training proposals, divided by the triggers of students: below 10 %. */
  | 'proposals_per_trigger'
  /** Completed sessions, divided by those that ended: above 90 %. */
  | 'completion'
  /** Mean gain of confidence of a completed session, 0 to 1: at least 0.15. */
  | 'gain_per_session'
  /** Students that were interns within 14 days, of those whose 14 days ended in the range: at least 80 %. */
  | 'intern_within_14_days'
  /** Mean days from student to intern, of those who became interns in the range: at most 7. */
  | 'days_to_intern'

/** A target, and what was reached. */
export interface AnalyticsTarget {
  readonly name: AnalyticsTargetName
  readonly comparison: 'below' | 'above' | 'at_least' | 'at_most'
  readonly target: number
  /** Null where there was nothing to measure. */
  readonly actual: number | null
  /** What was measured: triggers, sessions or agents. */
  readonly of: number
  /** Null where there was nothing to measure. */
  readonly isMet: boolean | null
}

/** How well training works. */
export interface AnalyticsTraining {
  readonly range: AnalyticsRange
  /** All five, in the order of their names above. */
  readonly targets: readonly AnalyticsTarget[]
  /** Sessions that ended in the range. */
  readonly sessions: Readonly<Record<'completed' | 'cancelled' | 'failed', number>>
  /** Mean gain of confidence, 0 to 1, of the sessions completed in the range, the capability with most sessions first. */
  readonly gains: readonly { readonly capability: string; readonly sessions: number; readonly meanGain: number }[]
  /** Attempts of students that were blocked in the range. */
  readonly blocked: {
    readonly total: number
    readonly buckets: readonly { readonly at: string; readonly count: number }[]
    /** The most frequent first. */
    readonly sources: readonly (AnalyticsShare & { readonly source: TriggerSource })[]
  }
}

/** How runs are watched. */
export interface AnalyticsSupervision {
  readonly range: AnalyticsRange
  /** Sessions that ended in the range. */
  readonly sessions: Readonly<Record<'completed' | 'terminated' | 'failed', number>>
  /** Requested in the range. */
  readonly interventions: Readonly<Record<'pause' | 'resume' | 'correct' | 'terminate' | 'object', number>>
  /** Sessions rated in the range. */
  readonly rated: number
  /** 1 to 5; null when none was rated. */
  readonly meanRating: number | null
  readonly queue: {
    /** Entries that were made in the range. */
    readonly waited: number
    /** Those of them that expired. */
    readonly expired: number
    /** Middle of the seconds from their creation to their start, of those that started; null when none did. */
    readonly medianWaitSeconds: number | null
  }
}

/** What is open, of one kind. */
export interface AnalyticsOpen {
  readonly kind: 'proposal' | 'training_proposal' | 'training_session' | 'supervision_session' | 'queue_entry' | 'alert'
  readonly open: number
  /** When the oldest of them was made; ISO 8601, UTC. */
  readonly oldestAt: string | null
}

/** How the system stands now. With an agent, only what is open is that of the agent; a capability changes nothing. */
export interface AnalyticsSystem {
  /** ISO 8601, UTC. */
  readonly at: string
  readonly open: readonly AnalyticsOpen[]
  /** Rows of the journal that no seal covers yet. */
  readonly journal: { readonly unsealed: number; readonly oldestAt: string | null }
  /** Deliveries to webhooks that are kept. */
  readonly deliveries: Readonly<Record<'pending' | 'sending' | 'delivered' | 'failed' | 'cancelled', number>>
  /** Supervisors and administrators who are online. */
  readonly supervisorsOnline: number
}
