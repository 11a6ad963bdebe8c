import { GovernanceError, type Scope, type Trigger } from '@preceptor/client'
import type { TriggerBody } from './decision-schemas.ts'

/**
 * The trigger that a body states: an agent acts for itself; everybody else says for whom.
 *
 * @throws GovernanceError `INPUT_INVALID`
 */
export function completeTrigger({ principal }: Scope, { agent, ...rest }: TriggerBody): Trigger {
  const acting = agent ?? (principal.kind === 'agent' ? principal.id : undefined)
  if (acting === undefined)
    throw new GovernanceError('INPUT_INVALID', { message: 'body.agent: name the agent that acts.' })
  return { agent: acting, ...rest }
}
