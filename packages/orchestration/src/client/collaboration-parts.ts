import type { CollaborationOperations } from './collaboration.ts'
import type { ConsensusOperations } from './consensus.ts'
import type { DelegationOperations } from './delegations.ts'

/** What orchestration offers for agents and people who work together. */
export interface CollaborationParts {
  readonly collaborations: CollaborationOperations
  readonly delegations: DelegationOperations
  readonly consensus: ConsensusOperations
}
