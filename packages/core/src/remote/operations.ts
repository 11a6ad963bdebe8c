import type { RemoteGuardOperations } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import type { Gate } from '../routing/gate.ts'
import { beginRemote } from './begin.ts'
import { checkpointRemote } from './checkpoint.ts'
import { claimRemote } from './claim.ts'
import { emitRemote } from './emit.ts'
import { settleRemote } from './settle.ts'

/** What a guard in another process asks of the gate, bound to an actor. */
export function remoteOperations(gate: Gate, actor: Actor): RemoteGuardOperations {
  const { context } = gate
  return {
    begin: (trigger) => beginRemote(gate, actor, trigger),
    claim: (decisionId, request) => claimRemote(gate, actor, { decisionId, ...request }),
    checkpoint: (decisionId, checkpoint) => checkpointRemote(context, actor, { decisionId, ...checkpoint }),
    emit: (decisionId, said) => emitRemote(context, actor, { decisionId, ...said }),
    settle: (decisionId, end) => settleRemote(context, actor, { decisionId, ...end }),
  }
}
