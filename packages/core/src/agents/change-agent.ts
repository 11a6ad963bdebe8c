import type { Agent, AgentChange } from '@preceptor/client'
import { z } from 'zod'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { agentNotFound, getAgent } from './get-agent.ts'
import { updateAgent } from './store.ts'

const input = z.strictObject({
  displayName: z.string().min(1).max(200).optional(),
  category: z.string().min(1).max(100).nullable().optional(),
  specialty: z.string().min(1).max(100).nullable().optional(),
  ownerId: z.string().min(1).max(200).optional(),
  capabilities: z.array(z.string().min(1).max(128)).max(200).optional(),
})

/**
 * Changes the descriptive fields of an agent.
 *
 * @throws GovernanceError `INPUT_INVALID`, `NOT_FOUND`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function changeAgent(
  context: GovernorContext,
  actor: Actor,
  request: { readonly id: string; readonly change: AgentChange },
): Promise<Agent> {
  authorize(actor, 'agents.change', { agent: request.id })
  const change = parseInput(input, request.change, 'agent') as AgentChange
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const changedBy = actor.principal.kind === 'user' ? actor.principal.id : null
    const stamp = { changedBy, at: isoTime(context.clock.now()) }
    const changed = await updateAgent(tx, request.id, { ...change, ...stamp })
    if (!changed) throw agentNotFound(request.id)
    await context.journal.append(tx, {
      kind: 'agent.changed',
      subject: request.id,
      agent: request.id,
      body: { actor: actorName(actor), change: JSON.parse(JSON.stringify(change)) },
    })
    return getAgent(tx, request.id)
  })
}
