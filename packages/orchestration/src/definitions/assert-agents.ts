import { GovernanceError } from '@preceptor/client'
import { type Actor, agentFilter } from '@preceptor/core/plugin'
import type { WorkflowDefinition } from '../client/workflow-definition.ts'
import { agentsOf } from './agents-of.ts'

/** A service that acts for some agents writes no step for others. @throws GovernanceError `PERMISSION_DENIED` */
export function assertOwnAgents(actor: Actor, definition: WorkflowDefinition): void {
  const only = agentFilter(actor)
  const foreign = only === null ? undefined : agentsOf(definition).find((agent) => !only.includes(agent))
  if (foreign === undefined) return
  throw new GovernanceError('PERMISSION_DENIED', {
    message: `The definition has steps of ${JSON.stringify(foreign)}, for which this service does not act.`,
  })
}
