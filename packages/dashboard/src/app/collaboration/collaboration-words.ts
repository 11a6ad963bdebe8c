import type {
  Collaboration,
  CollaborationMode,
  CollaborationTurn,
  Consensus,
  Delegation,
  Elector,
} from '@preceptor/orchestration/client'
import type { CollaborationKey } from './collaboration-messages.ts'

type Look = readonly [key: CollaborationKey, shape: string, tone: string]

/** The word, shape and tone of each state of a collaboration, a turn, a delegation or a vote. */
export const STATES: Readonly<
  Record<Collaboration['state'] | Delegation['state'] | Consensus['state'] | CollaborationTurn['state'], Look>
> = {
  open: ['stateOpen', '○', 'info'],
  pending: ['statePending', '○', 'quiet'],
  running: ['stateRunning', '▶', 'info'],
  waiting: ['stateWaiting', '◔', 'warn'],
  completed: ['stateCompleted', '✓', 'good'],
  succeeded: ['stateCompleted', '✓', 'good'],
  decided: ['stateDecided', '✓', 'good'],
  undecided: ['stateUndecided', '≈', 'warn'],
  failed: ['stateFailed', '✕', 'bad'],
  cancelled: ['stateCancelled', '⊘', 'quiet'],
}

/** The word of each mode. */
export const MODE_KEYS: Readonly<Record<CollaborationMode, CollaborationKey>> = {
  sequential: 'modeSequential',
  parallel: 'modeParallel',
  hierarchical: 'modeHierarchical',
  consensus: 'modeConsensus',
}

/** The word of each phase of a turn. */
export const PHASE_KEYS: Readonly<Record<CollaborationTurn['phase'], CollaborationKey>> = {
  work: 'phaseWork',
  plan: 'phasePlan',
  delegated: 'phaseDelegated',
  aggregate: 'phaseAggregate',
  vote: 'phaseVote',
}

/** The word of what became of who has a vote. */
export const ELECTOR_KEYS: Readonly<Record<Elector['state'], CollaborationKey>> = {
  open: 'electorOpen',
  voted: 'electorVoted',
  silent: 'electorSilent',
}
