import { GovernanceError } from '@preceptor/client'
import { type Attempt, agentsOf } from './attempt.ts'
import type { RuledAttempt } from './consequences.ts'
import type { Facts } from './facts.ts'
import type { Ruling } from './ruling.ts'

/**
 * Joins an attempt with its ruling for what follows.
 *
 * @throws GovernanceError `INTERNAL` when something is missing that every ruling but a denial has.
 */
export function ruledAttempt(attempt: Attempt, ruling: Ruling, facts: Facts): RuledAttempt {
  const { resolution } = attempt
  const { agent, risk } = ruling
  if (resolution.status !== 'resolved' || agent === null || risk === null) {
    throw new GovernanceError('INTERNAL', { message: 'A ruling without agent, action or risk let an attempt through.' })
  }
  const { action, args, argsHash } = resolution
  const agents = agentsOf(attempt.trigger).flatMap((id) => facts.agents.get(id) ?? [])
  return {
    attempt,
    ruling,
    agent,
    agents,
    action,
    args,
    argsHash,
    risk,
    policy: facts.policy,
    sessionId: null,
    proposalId: null,
    grantId: null,
    queueEntryId: null,
  }
}
