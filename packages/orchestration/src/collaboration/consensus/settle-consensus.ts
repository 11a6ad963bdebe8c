import { isoTime, type Tx } from '@preceptor/core/plugin'
import type { CollaborationPorts } from '../../ports/collaboration-ports.ts'
import { COLLABORATION } from '../collaboration-actor.ts'
import { endCollaboration } from '../end-collaboration.ts'
import { takeTurnsBack } from '../give-turn.ts'
import type { StoredCollaboration } from '../stored-collaboration.ts'
import { closeVote, countBallots, decideVote } from './consensus-rules.ts'
import { endConsensus, findConsensus } from './consensus-store.ts'

/** Ends a vote where nothing can change how it ends, or where its time is over; else nothing happens. */
export async function settleConsensus(
  ports: CollaborationPorts,
  tx: Tx,
  session: StoredCollaboration,
  id: string,
): Promise<void> {
  const { clock, journal } = ports.context
  const consensus = await findConsensus(tx, id)
  if (consensus?.state !== 'open') return
  const { votes, electors, deadline } = consensus
  const now = clock.now()
  const remaining = electors.filter(({ state }) => state === 'open').map(({ weight }) => weight)
  const verdict =
    now >= Date.parse(deadline) ? closeVote(consensus, votes) : decideVote(consensus, { ballots: votes, remaining })
  if (verdict.outcome === 'open') return
  const option = verdict.outcome === 'decided' ? verdict.option : null
  if (!(await endConsensus(tx, id, { state: verdict.outcome, option, at: isoTime(now) }))) return
  await takeTurnsBack(ports, tx, { collaboration: session.id, consensus: id })
  const { castWeight, abstained } = countBallots(consensus.options, votes)
  const result = { outcome: verdict.outcome, option, castWeight, abstained }
  const body = { actor: COLLABORATION, collaboration: session.id, ...result }
  await journal.append(tx, { kind: 'consensus.decided', subject: id, body })
  if (consensus.isGoal) {
    await endCollaboration(ports, tx, session, { state: 'completed', output: { consensus: id, ...result } })
  }
}
