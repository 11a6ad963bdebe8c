import { type Actor, createAuthorizer, type PluginHost, type PluginJob, type Tx } from '@preceptor/core/plugin'
import type { CollaborationParts } from './client/collaboration-parts.ts'
import { joinCollaboration, leaveCollaboration } from './collaboration/change-members.ts'
import { voteAsMember } from './collaboration/consensus/cast-vote.ts'
import { closeJob } from './collaboration/consensus/close-consensus.ts'
import { startConsensus } from './collaboration/consensus/open-consensus.ts'
import { readConsensus, readConsensusPage } from './collaboration/consensus/read-consensus.ts'
import { createCollaboration } from './collaboration/create-collaboration.ts'
import { completeDelegation } from './collaboration/delegations/complete-delegation.ts'
import { createDelegation } from './collaboration/delegations/create-delegation.ts'
import { overdueJob } from './collaboration/delegations/overdue-delegations.ts'
import { readDelegation, readDelegations } from './collaboration/delegations/read-delegations.ts'
import { reassignDelegation } from './collaboration/delegations/reassign-delegation.ts'
import { readMessages, sendMessage } from './collaboration/exchange-messages.ts'
import { cancelCollaboration, executeCollaboration } from './collaboration/execute-collaboration.ts'
import { readCollaboration, readCollaborations } from './collaboration/read-collaborations.ts'
import { readContext, writeContext } from './collaboration/share-context.ts'
import { collaborationStepEnded } from './collaboration/step-ended.ts'
import { collaborationPermissions } from './permissions/collaboration-permissions.ts'
import type { CollaborationPorts, CollaborationSteps, EndedStep } from './ports/collaboration-ports.ts'

/** Collaborations on a governor. */
export interface OpenCollaboration {
  /** Binds the operations to an actor. */
  scope(actor: Actor): CollaborationParts
  readonly jobs: Readonly<Record<'close-votes' | 'overdue-delegations', PluginJob>>
  /** Goes on with the collaboration that owns a step, in the transaction that ended the step. */
  onStepEnded(tx: Tx, step: EndedStep): Promise<void>
}

/** Opens collaborations on a governor, with what performs the calls of members. */
export function openCollaboration(
  { context }: Pick<PluginHost, 'context'>,
  steps: CollaborationSteps,
): OpenCollaboration {
  const ports: CollaborationPorts = { context, authorizer: createAuthorizer(collaborationPermissions), steps }
  return {
    scope: (actor) => ({
      collaborations: collaborationsOf(ports, actor),
      delegations: {
        create: (request) => createDelegation(ports, actor, request),
        get: (id) => readDelegation(ports, actor, id),
        list: (query = {}) => readDelegations(ports, actor, query),
        complete: (id, result) => completeDelegation(ports, actor, { id, ...result }),
        reassign: (id, change) => reassignDelegation(ports, actor, { id, ...change }),
      },
      consensus: {
        open: (request) => startConsensus(ports, actor, request),
        get: (id) => readConsensus(ports, actor, id),
        list: (query = {}) => readConsensusPage(ports, actor, query),
        vote: (id, vote) => voteAsMember(ports, actor, { id, vote }),
      },
    }),
    jobs: {
      // A deadline that passed is heard of at once.
      'close-votes': { ...closeJob(ports), isPrompt: true },
      'overdue-delegations': { ...overdueJob(ports), isPrompt: true },
    },
    onStepEnded: (tx, step) => collaborationStepEnded(ports, tx, step),
  }
}

function collaborationsOf(ports: CollaborationPorts, actor: Actor): CollaborationParts['collaborations'] {
  return {
    create: (request) => createCollaboration(ports, actor, request),
    get: (id) => readCollaboration(ports, actor, id),
    list: (query = {}) => readCollaborations(ports, actor, query),
    join: (id, member) => joinCollaboration(ports, actor, { id, member }),
    leave: (id, member) => leaveCollaboration(ports, actor, { id, member }),
    execute: (id, execution = {}) => executeCollaboration(ports, actor, { id, ...execution }),
    cancel: (id, reason) => cancelCollaboration(ports, actor, { id, reason }),
    messages: (id, query = {}) => readMessages(ports, actor, { id, query }),
    send: (id, text) => sendMessage(ports, actor, { id, text }),
    context: (id, query = {}) => readContext(ports, actor, { id, ...query }),
    putContext: (id, change) => writeContext(ports, actor, { id, ...change }),
  }
}
