/** The numbers of the product that a host may change; times in milliseconds. */
export interface Settings {
  /** A decision that takes longer is denied. */
  readonly deadlineMs: number
  /** A snapshot of an agent is used at most this long, and only under a live lease. */
  readonly snapshotTtlMs: number
  /** A lease is live this long after the read that gave it was sent. */
  readonly leaseMs: number
  /** How often the lease is renewed. */
  readonly leaseRenewalMs: number
  /** A proposal expires after this time. */
  readonly proposalTtlMs: number
  /** A queue entry expires after this time. */
  readonly queueTtlMs: number
  /** A claim must be renewed or settled within this time. */
  readonly claimLeaseMs: number
  /** The outcome of what `decide` claimed must be reported within this time: nobody renews that claim. */
  readonly reportWithinMs: number
  /** A supervisor must renew within this time. */
  readonly supervisorLeaseMs: number
  /** How long a guarded run waits for a supervisor before the fallback. */
  readonly attachWithinMs: number
  /** A step of high risk in a watched run begins this long after it was announced, unless somebody objects; 0: at once. */
  readonly objectionWindowMs: number
  /** A supervisor watches at most this many sessions. */
  readonly sessionsPerSupervisor: number
  /** A trainee answers a scenario within this time. */
  readonly trainingAnswerMs: number
  /** A chat model that reviews or designs answers within this time. */
  readonly modelAnswerMs: number
  /** A reviewer looks at most at this many proposals at once. */
  readonly reviewsPerReviewer: number
  /** Autonomous reviewers of a workspace are asked at most this often in an hour. */
  readonly reviewsPerHour: number
  /** What autonomous reviewers of a workspace are asked in 24 hours has at most this many characters: it bounds the cost. */
  readonly reviewCharactersPerDay: number
  /** After five faults in a row a reviewer is left alone for this long. */
  readonly reviewBreakerMs: number
  /** Autonomous reviewers approve at most this many actions of an agent in 24 hours. */
  readonly reviewedPerAgent: number
  /** Autonomous reviewers approve at most this many actions on one resource in 24 hours. */
  readonly reviewedPerResource: number
  /** A session without a step for this long has ended. */
  readonly sessionIdleMs: number
  /** Closing lets running calls end for this long, then aborts them. */
  readonly closeWithinMs: number
  /** Online until this long after the last activity. */
  readonly awayAfterMs: number
  /** Away until this long after the last activity. */
  readonly offlineAfterMs: number
}

/** The defaults of `Settings`. */
export const DEFAULT_SETTINGS: Settings = {
  deadlineMs: 2_000,
  snapshotTtlMs: 60_000,
  leaseMs: 1_000,
  leaseRenewalMs: 250,
  proposalTtlMs: 24 * 3_600_000,
  queueTtlMs: 24 * 3_600_000,
  claimLeaseMs: 30_000,
  reportWithinMs: 600_000,
  supervisorLeaseMs: 30_000,
  attachWithinMs: 20_000,
  objectionWindowMs: 0,
  sessionsPerSupervisor: 5,
  trainingAnswerMs: 60_000,
  modelAnswerMs: 30_000,
  reviewsPerReviewer: 5,
  reviewsPerHour: 300,
  reviewCharactersPerDay: 20_000_000,
  reviewBreakerMs: 60_000,
  reviewedPerAgent: 50,
  reviewedPerResource: 20,
  sessionIdleMs: 600_000,
  closeWithinMs: 10_000,
  awayAfterMs: 300_000,
  offlineAfterMs: 900_000,
}
