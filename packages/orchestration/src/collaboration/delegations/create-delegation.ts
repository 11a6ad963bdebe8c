import { GovernanceError } from '@preceptor/client'
import { type Actor, actorName, inWorkspace, type Tx } from '@preceptor/core/plugin'
import type { Delegation, DelegationRequest } from '../../client/delegations.ts'
import type { CollaborationPorts } from '../../ports/collaboration-ports.ts'
import { assertMayDirect, assertRuns, holdVisible } from '../assert-role.ts'
import type { StoredCollaboration } from '../stored-collaboration.ts'
import { listTurns } from '../turn-store.ts'
import { addDelegation } from './add-delegation.ts'
import { advanceDelegations } from './advance-delegations.ts'
import { delegationsOf } from './delegation-store.ts'
import { parseDelegation, parseReceiver } from './parse-delegation.ts'
import { reread } from './reread.ts'

const MOST_DELEGATIONS = 200

/**
 * Delegates in a collaboration that runs, as its lead or as a person who supervises.
 *
 * @throws GovernanceError `CONFLICT` when it does not run, `INPUT_INVALID`, `MEMBER_REQUIRED`, `NOT_FOUND`,
 * `PERMISSION_DENIED`, or the code of a fault.
 */
export async function createDelegation(
  ports: CollaborationPorts,
  actor: Actor,
  request: DelegationRequest,
): Promise<Delegation> {
  const { authorizer, context } = ports
  authorizer.authorize(actor, 'orchestration.delegations.create')
  const { collaboration, to, task, priority, deadlineSeconds } = parseDelegation(request)
  return inWorkspace(context.database, { workspace: actor.workspace, retry: true }, async (tx) => {
    const session = await holdVisible(tx, actor, collaboration)
    assertMayDirect(actor, session)
    assertRuns(session)
    await assertTakesMore(tx, session)
    const draft = { to: parseReceiver(session, to), from: actorName(actor), task, priority, deadlineSeconds }
    const id = await addDelegation(ports, tx, session, draft)
    await advanceDelegations(ports, tx, session)
    return reread(tx, id)
  })
}

async function assertTakesMore(tx: Tx, { id, mode }: StoredCollaboration): Promise<void> {
  if ((await delegationsOf(tx, id)).length >= MOST_DELEGATIONS) {
    throw new GovernanceError('CONFLICT', { message: `The collaboration ${id} has ${MOST_DELEGATIONS} delegations.` })
  }
  // What came after this would stand in no result.
  if (mode === 'hierarchical' && (await listTurns(tx, id)).some(({ phase }) => phase === 'aggregate')) {
    throw new GovernanceError('CONFLICT', { message: `The lead of ${id} is making one result of all that was done.` })
  }
}
