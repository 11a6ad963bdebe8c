import { GovernanceError } from '@preceptor/client'
import { type Actor, actorName, agentFilter } from '@preceptor/core/plugin'
import type { FeedbackRequest } from '../client/feedback.ts'

type Asked = Pick<FeedbackRequest, 'agent' | 'kind' | 'about'>

/**
 * An agent that praised itself would farm, and one that corrected itself would write its own playbook: an agent only
 * corrects what its sub-agents and subprocesses answered, and only where they are another agent.
 *
 * @throws GovernanceError `PERMISSION_DENIED`
 */
export function assertMayGive(actor: Actor, { agent, kind, about }: Asked): void {
  if (actor.principal.kind === 'agent') {
    if (agent === actor.principal.id) throw denied(actor, 'on itself')
    if (kind !== 'correction') throw denied(actor, 'that is no correction')
    if (about.kind !== 'subagent' && about.kind !== 'subprocess') {
      throw denied(actor, 'on anything but the answer of a sub-agent or a subprocess')
    }
    return
  }
  const agents = agentFilter(actor)
  if (agents !== null && !agents.includes(agent)) throw denied(actor, 'on another agent')
}

function denied(actor: Actor, what: string): GovernanceError {
  return new GovernanceError('PERMISSION_DENIED', { message: `${actorName(actor)} may not give feedback ${what}.` })
}
