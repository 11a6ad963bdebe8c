import { GovernanceError } from '@preceptor/client'
import { type Actor, actorName, getAgent, inWorkspace, isoTime, type Tx } from '@preceptor/core/plugin'
import type { CollaborationMember } from '../../client/collaboration.ts'
import type { Consensus, ConsensusRequest } from '../../client/consensus.ts'
import type { CollaborationPorts } from '../../ports/collaboration-ports.ts'
import { assertMayDirect, assertRuns, holdVisible } from '../assert-role.ts'
import { giveTurn } from '../give-turn.ts'
import { isCalled } from '../members.ts'
import type { ConsensusDraft, StoredCollaboration } from '../stored-collaboration.ts'
import { defaultQuorum } from './consensus-rules.ts'
import { countConsensus, findConsensus, insertConsensus, type NewConsensus } from './consensus-store.ts'
import { parseConsensus } from './parse-consensus.ts'
import { shownConsensus } from './shown-consensus.ts'

const WEIGHT_OF_A_PERSON = 10_000
const MOST_VOTES = 50

/**
 * Opens a vote in a collaboration that runs, as its lead or as a person who supervises.
 *
 * @throws GovernanceError `CONFLICT` when it does not run, `INPUT_INVALID`, `MEMBER_REQUIRED`, `NOT_FOUND`,
 * `PERMISSION_DENIED`, or the code of a fault.
 */
export async function startConsensus(
  ports: CollaborationPorts,
  actor: Actor,
  request: ConsensusRequest,
): Promise<Consensus> {
  const { authorizer, context } = ports
  authorizer.authorize(actor, 'orchestration.consensus.open')
  const { collaboration, draft } = parseConsensus(request)
  return inWorkspace(context.database, { workspace: actor.workspace, retry: true }, async (tx) => {
    const session = await holdVisible(tx, actor, collaboration)
    assertMayDirect(actor, session)
    assertRuns(session)
    if ((await countConsensus(tx, session.id)) >= MOST_VOTES) {
      throw new GovernanceError('CONFLICT', { message: `The collaboration ${session.id} has had ${MOST_VOTES} votes.` })
    }
    const id = await openConsensus(ports, tx, session, { draft, by: actorName(actor), isGoal: false })
    const opened = await findConsensus(tx, id)
    if (opened === undefined) throw new GovernanceError('FACT_INVALID')
    return shownConsensus(opened)
  })
}

/**
 * Opens a vote of the members and asks those that are called; gives its id. Who can vote, and with which weight, is what
 * holds now: whatever the ledger says later changes nothing here.
 *
 * @throws GovernanceError `CONFLICT` for a quorum that so many members cannot reach.
 */
export async function openConsensus(
  ports: CollaborationPorts,
  tx: Tx,
  session: StoredCollaboration,
  { draft, by, isGoal }: { readonly draft: ConsensusDraft; readonly by: string; readonly isGoal: boolean },
): Promise<string> {
  const { clock, ids, journal } = ports.context
  const { members } = session
  const { topic, options, threshold, data, deadlineSeconds } = draft
  const quorum = draft.quorum ?? defaultQuorum(members.length)
  if (quorum > members.length) {
    throw new GovernanceError('CONFLICT', {
      message: `A quorum of ${quorum} cannot be reached by the ${members.length} members of ${session.id}.`,
    })
  }
  const now = clock.now()
  const electors: NewConsensus['electors'][number][] = []
  for (const { kind, id, ...member } of members)
    electors.push({ kind, id, weight: await weightOf(tx, { kind, id, ...member }) })
  const asked = { topic, options, threshold, quorum, data, deadline: isoTime(now + deadlineSeconds * 1_000) }
  const made = { ...asked, id: ids.next('cns'), collaboration: session.id, isGoal, electors, openedBy: by }
  await insertConsensus(tx, { ...made, createdAt: isoTime(now) })
  const weights = electors.map(({ kind, id, weight }) => ({ member: `${kind}:${id}`, weight }))
  const body = { actor: by, collaboration: session.id, options, threshold, quorum, deadline: asked.deadline }
  await journal.append(tx, { kind: 'consensus.opened', subject: made.id, body: { ...body, electors: weights } })
  for (const member of members.filter(isCalled)) {
    const told = { phase: 'vote', consensus: made.id, topic, options, data } as const
    await giveTurn(ports, tx, session, { member, told, consensus: made.id })
  }
  return made.id
}

/** Of an agent what its ledger holds, in basis points; nobody can type it in. */
async function weightOf(tx: Tx, { kind, id }: CollaborationMember): Promise<number> {
  return kind === 'user' ? WEIGHT_OF_A_PERSON : (await getAgent(tx, id)).confidence
}
