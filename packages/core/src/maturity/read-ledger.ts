import type { CapabilityChoice, ConfidenceEntry, MaturityTransition, Page } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import { parseCapability } from './asked-record.ts'
import { type AgentPageReader, type AgentPageRequest, readAgentPage } from './read-agent-page.ts'
import { listEntries, listTransitions } from './store.ts'

/** @throws GovernanceError `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export function readConfidence(
  context: GovernorContext,
  actor: Actor,
  request: AgentPageRequest & CapabilityChoice,
): Promise<Page<ConfidenceEntry>> {
  const capability = parseCapability(request.capability)
  const list: AgentPageReader<ConfidenceEntry>['list'] = (tx, query) => listEntries(tx, { ...query, capability })
  return readAgentPage(context, actor, { ...request, operation: 'agents.confidence', list })
}

/** @throws GovernanceError `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export function readTransitions(
  context: GovernorContext,
  actor: Actor,
  request: AgentPageRequest & CapabilityChoice,
): Promise<Page<MaturityTransition>> {
  const capability = parseCapability(request.capability)
  const list: AgentPageReader<MaturityTransition>['list'] = (tx, query) => listTransitions(tx, { ...query, capability })
  return readAgentPage(context, actor, { ...request, operation: 'agents.transitions', list })
}
