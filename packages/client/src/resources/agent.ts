import type { Fingerprint } from '../port/trigger.ts'
import type { Lifecycle, Maturity } from '../port/vocabulary.ts'
import type { PageQuery } from './page.ts'

/** A governed agent. */
export interface Agent {
  readonly id: string
  readonly displayName: string
  readonly category: string | null
  readonly specialty: string | null
  /** User who answers for the agent, or `system`. */
  readonly ownerId: string
  readonly lifecycle: Lifecycle
  readonly maturity: Maturity
  /** Earned score in basis points, 0 to 10,000: the sum of the ledger. */
  readonly confidence: number
  /** Bumped by every change that cancels what was decided before. */
  readonly epoch: number
  readonly capabilities: readonly string[]
  readonly fingerprint: Fingerprint
  /** The build changed: the agent counts as intern at most until it is attested again. */
  readonly fingerprintCapped: boolean
  readonly createdAt: string
  readonly updatedAt: string
}

/** What registers an agent. */
export interface AgentRegistration {
  /** Letters, digits, `.`, `_`, `-`, at most 128. */
  readonly id: string
  readonly displayName?: string
  readonly category?: string
  readonly specialty?: string
  /** Default: the user who registers it, else `system`. */
  readonly ownerId?: string
  readonly capabilities?: readonly string[]
  readonly fingerprint?: Fingerprint
  /** Set by an administrator; the ledger then opens at the floor of that band. Default: the band of `confidence`. */
  readonly maturity?: Maturity
  /** Basis points, 0 to 10,000; default 3,000. */
  readonly confidence?: number
}

/** What may be changed of a registered agent; maturity and lifecycle have operations of their own. */
export interface AgentChange {
  readonly displayName?: string
  readonly category?: string | null
  readonly specialty?: string | null
  readonly ownerId?: string
  readonly capabilities?: readonly string[]
}

/** Filters of the list of agents. */
export interface AgentQuery extends PageQuery {
  readonly maturity?: Maturity
  readonly lifecycle?: Lifecycle
}

/** One row of the confidence ledger. */
export interface ConfidenceEntry {
  readonly id: string
  readonly agent: string
  readonly capability: string
  readonly kind: string
  /** Basis points that the evidence asked for. */
  readonly requested: number
  /** Basis points that counted, after clamp and caps. */
  readonly applied: number
  /** The score after this entry, in basis points. */
  readonly confidence: number
  readonly sourceType: string
  readonly sourceId: string
  readonly actor: string
  readonly reason: string
  readonly createdAt: string
}

/** One change of maturity. */
export interface MaturityTransition {
  readonly id: string
  readonly agent: string
  readonly capability: string
  readonly from: Maturity
  readonly to: Maturity
  readonly cause: string
  readonly actor: string
  readonly reason: string
  readonly createdAt: string
}
