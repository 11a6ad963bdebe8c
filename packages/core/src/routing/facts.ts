import type { Fingerprint, Lifecycle, Maturity } from '@preceptor/client'
import type { ActionSpecification } from '../actions/registered-action.ts'
import type { Standing } from '../maturity/bands.ts'
import type { Policy } from '../policy/policy.ts'

/** What routing needs to know of an agent. */
export interface AgentFacts {
  readonly id: string
  readonly ownerId: string
  readonly category: string | null
  readonly capabilities: readonly string[]
  readonly lifecycle: Lifecycle
  readonly epoch: number
  readonly maturity: Maturity
  /** Basis points. */
  readonly confidence: number
  /** What it has earned at single capabilities; `maturity` and `confidence` are those of the whole agent. */
  readonly earned: ReadonlyMap<string, Standing>
  readonly fingerprint: Fingerprint
  readonly fingerprintCapped: boolean
}

/** A kill switch that is set. */
export interface OpenStop {
  readonly id: string
  readonly target: 'agent' | 'workspace' | 'all'
  readonly agent: string | null
}

/** A bypass that is in force, for what it covers. */
export interface OpenBypass {
  readonly id: string
  /** Null where it covers the workspace. */
  readonly agent: string | null
  readonly capability: string | null
  readonly action: string | null
  readonly expiresAt: string
  /** Agents, of those asked about, that it lets nothing run of: demoted or in an incident since it was set. */
  readonly lapsedFor: readonly string[]
  /** Agents, of those asked about, in which the administrator who set it has a hand. */
  readonly ownOf: readonly string[]
}

/**
 * Rulings on attempts of one agent that rest on nothing but facts that are kept, the action and the policy: made once and
 * found again for as long as the facts are kept. They live in the facts, so that what forgets the facts forgets them too.
 */
export interface StandingRulings {
  /** What they rest on: facts that say otherwise have none of them. */
  readonly agents: Facts['agents']
  readonly agent: AgentFacts
  readonly policy: Policy
  /** What is put there, and taken for, is known to the rules alone. */
  readonly byAction: Map<ActionSpecification, object>
}

/** What a ruling rests on, all read at one moment. */
export interface Facts {
  /** The agents that the trigger names, by id; unknown ones are missing. */
  readonly agents: ReadonlyMap<string, AgentFacts>
  readonly stops: readonly OpenStop[]
  readonly policy: Policy
  /** Those in force, where an attempt is decided; what people approve, grant or watch is ruled on without them. */
  readonly bypasses?: readonly OpenBypass[]
  /** False where no bypass of the workspace, and no grant of the agents, is in force: then none is looked for. */
  readonly anyBypass?: boolean | undefined
  readonly anyGrant?: boolean | undefined
  /** What was ruled on these facts before, where they are kept and are about one agent. */
  readonly standing?: StandingRulings
}
