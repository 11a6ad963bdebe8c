import type { Principal } from '@preceptor/client'
import type { Actor } from '@preceptor/core/plugin'

const AGENT = 'agent:'

/** The engine itself, in a workspace. */
export function engineActor(workspace: string): Actor {
  return { workspace, principal: { kind: 'system', id: 'workflows', roles: [] }, source: 'workflow_engine' }
}

/**
 * Who asks for an agent: whoever started the run. An agent asks for itself only; for another one the engine does, with the
 * agent in the chain of those who delegated.
 */
export function actorFor(workspace: string, principal: Principal, agent: string): Actor {
  const isOther = principal.kind === 'agent' && principal.id !== agent
  return isOther ? engineActor(workspace) : { workspace, principal, source: 'workflow_engine' }
}

/** The agent that started something, in the chain of whatever follows; empty where it was none. */
export function startingAgents(startedBy: string): readonly string[] {
  return startedBy.startsWith(AGENT) ? [startedBy.slice(AGENT.length)] : []
}
