import { type ErrorCode, GovernanceError } from '@preceptor/client'
import { type Actor, inWorkspace, isoTime, recordNotFound, type Tx } from '@preceptor/core/plugin'
import type { CollaborationMember } from '../../client/collaboration.ts'
import type { ConsensusDetail, VoteRequest } from '../../client/consensus.ts'
import type { CollaborationPorts } from '../../ports/collaboration-ports.ts'
import { assertActs, maySee, memberOf } from '../assert-role.ts'
import { holdCollaboration } from '../collaboration-store.ts'
import type { StoredCollaboration } from '../stored-collaboration.ts'
import { parseId } from '../texts.ts'
import { findConsensus, insertVote, type StoredConsensus } from './consensus-store.ts'
import { type ParsedVote, parseVote } from './parse-consensus.ts'
import { settleConsensus } from './settle-consensus.ts'
import { shownDetail } from './shown-consensus.ts'

/**
 * Votes as the member that the actor is, once.
 *
 * @throws GovernanceError `VOTE_ALREADY_CAST`, `CONSENSUS_CLOSED`, `MEMBER_REQUIRED`, `INPUT_INVALID`, `NOT_FOUND`,
 * `STOPPED`, `AGENT_PAUSED`, `AGENT_STOPPED`, `AGENT_RETIRED`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function voteAsMember(
  ports: CollaborationPorts,
  actor: Actor,
  { id: wanted, vote }: { readonly id: string; readonly vote: VoteRequest },
): Promise<ConsensusDetail> {
  const { authorizer, context } = ports
  authorizer.authorize(actor, 'orchestration.consensus.vote')
  const id = parseId(wanted)
  return inWorkspace(context.database, { workspace: actor.workspace, retry: true }, async (tx) => {
    const { session, consensus } = await holdConsensus(tx, actor, id)
    const member = memberOf(actor, session)
    assertNotSilent(consensus, member)
    const parsed = parseVote(vote, consensus.options)
    const problem = await castVote(ports, tx, session, { consensus, member, vote: parsed })
    if (problem !== null) throw new GovernanceError(problem)
    const after = await findConsensus(tx, id)
    if (after === undefined) throw new GovernanceError('FACT_INVALID')
    return shownDetail(after)
  })
}

async function holdConsensus(
  tx: Tx,
  actor: Actor,
  id: string,
): Promise<{ readonly session: StoredCollaboration; readonly consensus: StoredConsensus }> {
  const found = await findConsensus(tx, id)
  const session = found && (await holdCollaboration(tx, found.collaboration))
  // Again, now that nobody else votes.
  const consensus = session && (await findConsensus(tx, id))
  if (session === undefined || consensus === undefined || !maySee(actor, session)) throw recordNotFound('vote', id)
  await assertActs(tx, actor)
  return { session, consensus }
}

/** Who was asked and gave no vote is not waited for, so nothing that it says later may count. */
function assertNotSilent({ electors }: StoredConsensus, { name }: CollaborationMember): void {
  if (electors.some(({ member, state }) => member === name && state === 'silent')) {
    throw new GovernanceError('CONSENSUS_CLOSED', { message: `${name} was asked for its vote, and gave none.` })
  }
}

/** Casts the vote of a member, in a collaboration that is held; gives why it does not count, null when it does. */
export async function castVote(
  ports: CollaborationPorts,
  tx: Tx,
  session: StoredCollaboration,
  cast: { readonly consensus: StoredConsensus; readonly member: CollaborationMember; readonly vote: ParsedVote },
): Promise<ErrorCode | null> {
  const { clock, journal } = ports.context
  const { consensus, member, vote } = cast
  const now = clock.now()
  if (consensus.state !== 'open' || now >= Date.parse(consensus.deadline)) return 'CONSENSUS_CLOSED'
  const elector = consensus.electors.find((one) => one.member === member.name)
  if (elector === undefined) return 'MEMBER_REQUIRED'
  const { option, reason } = vote
  const written = { consensus: consensus.id, member, option, reason, at: isoTime(now) }
  if (!(await insertVote(tx, written))) return 'VOTE_ALREADY_CAST'
  const body = { actor: member.name, collaboration: session.id, option, weight: elector.weight, reason }
  const agent = member.kind === 'agent' ? { agent: member.id } : {}
  await journal.append(tx, { kind: 'consensus.vote_cast', subject: consensus.id, ...agent, body })
  await settleConsensus(ports, tx, session, consensus.id)
  return null
}
