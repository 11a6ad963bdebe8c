import type { Consensus, ConsensusDetail } from '../../client/consensus.ts'
import { countBallots } from './consensus-rules.ts'
import type { StoredConsensus } from './consensus-store.ts'

const WHOLE = 10_000

/** A vote as it is shown, with its electors and votes. */
export function shownDetail({ isGoal: _, ...stored }: StoredConsensus): ConsensusDetail {
  const tally = countBallots(stored.options, stored.votes)
  return { ...stored, threshold: stored.threshold / WHOLE, tally }
}

/** A vote as it is shown in a list. */
export function shownConsensus(stored: StoredConsensus): Consensus {
  const { electors: _, votes: __, ...consensus } = shownDetail(stored)
  return consensus
}
