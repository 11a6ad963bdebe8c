import { GovernanceError, type Trigger } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import type { Gate } from './gate.ts'

/** Operations that a trigger comes in by. */
export type TriggerOperation = 'triggers.decide' | 'triggers.check'

/**
 * Lets a trigger in: the gate is open, the principal may act for the agent, and source and type are known.
 *
 * @throws GovernanceError `GOVERNOR_CLOSED`, `AGENT_MISMATCH`, `PERMISSION_DENIED`, `SOURCE_UNKNOWN`, `TYPE_UNKNOWN`.
 */
export function admit(gate: Gate, actor: Actor, request: { trigger: Trigger; operation: TriggerOperation }): void {
  const { trigger, operation } = request
  if (gate.isClosed()) throw new GovernanceError('GOVERNOR_CLOSED')
  if (actor.principal.kind === 'agent' && actor.principal.id !== trigger.agent) {
    throw new GovernanceError('AGENT_MISMATCH', {
      message: `The credential of "${actor.principal.id}" cannot act as ${JSON.stringify(trigger.agent)}.`,
    })
  }
  authorize(actor, operation, { agent: trigger.agent })
  if (!gate.sources.has(actor.source)) {
    throw new GovernanceError('SOURCE_UNKNOWN', {
      message: `The source ${JSON.stringify(actor.source)} is not registered.`,
    })
  }
  if (trigger.type !== undefined && !gate.types.has(trigger.type)) {
    throw new GovernanceError('TYPE_UNKNOWN', {
      message: `The trigger type ${JSON.stringify(trigger.type)} is not registered.`,
    })
  }
}
