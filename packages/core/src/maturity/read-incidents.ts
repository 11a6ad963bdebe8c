import type { Incident, Page } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import { listIncidents } from './incident-store.ts'
import { type AgentPageRequest, readAgentPage } from './read-agent-page.ts'

/** @throws GovernanceError `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export function readIncidents(
  context: GovernorContext,
  actor: Actor,
  request: AgentPageRequest,
): Promise<Page<Incident>> {
  return readAgentPage(context, actor, { ...request, operation: 'agents.incidents', list: listIncidents })
}
