import type { Fingerprint, Lifecycle, Maturity } from '@preceptor/client'
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

/** What a ruling rests on, all read at one moment. */
export interface Facts {
  /** The agents that the trigger names, by id; unknown ones are missing. */
  readonly agents: ReadonlyMap<string, AgentFacts>
  readonly stops: readonly OpenStop[]
  readonly policy: Policy
}
