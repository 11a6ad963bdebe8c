import type { ConfidenceEntry, MaturityTransition, Page } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import { type AgentPageRequest, readAgentPage } from './read-agent-page.ts'
import { listEntries, listTransitions } from './store.ts'

/** @throws GovernanceError `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export function readConfidence(
  context: GovernorContext,
  actor: Actor,
  request: AgentPageRequest,
): Promise<Page<ConfidenceEntry>> {
  return readAgentPage(context, actor, { ...request, operation: 'agents.confidence', list: listEntries })
}

/** @throws GovernanceError `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export function readTransitions(
  context: GovernorContext,
  actor: Actor,
  request: AgentPageRequest,
): Promise<Page<MaturityTransition>> {
  return readAgentPage(context, actor, { ...request, operation: 'agents.transitions', list: listTransitions })
}
