import type { Lifecycle, Maturity } from '@preceptor/client'

/** What an agent has earned, at `*` as a whole, or at a capability. */
export interface ReplayedRecord {
  readonly maturity: Maturity
  /** Basis points. */
  readonly confidence: number
}

/** An agent as the journal leaves it. */
export interface ReplayedAgent {
  readonly lifecycle: Lifecycle
  readonly records: ReadonlyMap<string, ReplayedRecord>
}

/** Anything that has states, as the journal leaves it. */
export interface ReplayedItem {
  readonly agent: string | null
  readonly state: string
}

/** A proposal. */
export interface ReplayedProposal extends ReplayedItem {
  readonly version: number
  /** Who has approved this version, in order. */
  readonly approvals: readonly string[]
}

/** A claim to run one action. */
export interface ReplayedExecution extends ReplayedItem {
  readonly decisionId: string
  /** How often it was claimed. */
  readonly attempt: number
  readonly proposalId: string | null
  readonly queueEntryId: string | null
}

/** A supervised run. */
export interface ReplayedSession extends ReplayedItem {
  /** Who paused it; `lease` where nobody watched. */
  readonly pausedBy: string | null
  /** Corrections that it has not taken yet. */
  readonly corrections: ReadonlySet<string>
}

/** The state of a workspace, built from the rows of its journal alone. */
export interface ReplayedWorkspace {
  readonly agents: ReadonlyMap<string, ReplayedAgent>
  readonly proposals: ReadonlyMap<string, ReplayedProposal>
  readonly executions: ReadonlyMap<string, ReplayedExecution>
  readonly trainingProposals: ReadonlyMap<string, ReplayedItem>
  readonly trainingSessions: ReadonlyMap<string, ReplayedItem>
  readonly supervisionSessions: ReadonlyMap<string, ReplayedSession>
  readonly queueEntries: ReadonlyMap<string, ReplayedItem>
  readonly stops: ReadonlyMap<string, ReplayedItem>
  readonly grants: ReadonlyMap<string, ReplayedItem>
}

/** The same, while it is built. */
export type Replaying = {
  readonly [Name in keyof ReplayedWorkspace]: ReplayedWorkspace[Name] extends ReadonlyMap<string, infer Item>
    ? Map<string, Item>
    : never
}
