import { GovernanceError } from '@preceptor/client'
import type { Tx } from '@preceptor/core/plugin'
import type { CollaborationTurn } from '../../client/collaboration.ts'
import type { CollaborationPorts } from '../../ports/collaboration-ports.ts'
import { findMember } from '../members.ts'
import type { StoredCollaboration } from '../stored-collaboration.ts'
import { castVote } from './cast-vote.ts'
import { findConsensus } from './consensus-store.ts'
import { type ParsedVote, parseVote } from './parse-consensus.ts'
import { settleConsensus } from './settle-consensus.ts'

/**
 * Casts what a member answered when it was asked for its vote. What is no vote is none: the member stays silent, which
 * neither abstains nor counts for the quorum.
 */
export async function voteTurnEnded(
  ports: CollaborationPorts,
  tx: Tx,
  session: StoredCollaboration,
  turn: CollaborationTurn,
): Promise<void> {
  const consensus = turn.about === null ? undefined : await findConsensus(tx, turn.about)
  const member = findMember(session.members, turn.member)
  if (consensus === undefined || member === undefined) return
  const vote = turn.state === 'succeeded' ? readVote(turn, consensus.options) : undefined
  const problem = vote === undefined ? 'silent' : await castVote(ports, tx, session, { consensus, member, vote })
  if (problem !== null) await settleConsensus(ports, tx, session, consensus.id)
}

function readVote({ output }: CollaborationTurn, options: readonly string[]): ParsedVote | undefined {
  try {
    return parseVote(output, options)
  } catch (error) {
    if (GovernanceError.isInstance(error)) return undefined
    throw error
  }
}
