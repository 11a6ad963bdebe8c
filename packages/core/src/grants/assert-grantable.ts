import { GovernanceError, type Risk } from '@preceptor/client'
import type { ActionSpecification } from '../actions/registered-action.ts'
import { agentAt } from '../maturity/agent-at.ts'
import { minMaturity } from '../maturity/levels.ts'
import type { Policy } from '../policy/policy.ts'
import type { AgentFacts } from '../routing/facts.ts'
import { routeFor } from '../routing/matrix.ts'

/**
 * Refuses what a grant could never let run: it stands for one approval, where the rules ask for just that. Gives the
 * risk of the action. The rules are asked again at each run.
 *
 * @throws GovernanceError `GRANT_REFUSED`.
 */
export function assertGrantable({
  agent,
  action,
  policy,
}: {
  readonly agent: AgentFacts
  readonly action: ActionSpecification
  readonly policy: Policy
}): { readonly risk: Risk } {
  const { risk, ceiling, requiredApprovals } = policy.ruleFor(action)
  if (agent.lifecycle !== 'active') throw refused(`The agent "${agent.id}" is ${agent.lifecycle}.`)
  if (agent.fingerprintCapped) throw refused(`The agent "${agent.id}" runs as another build than was attested.`)
  if (policy.waitFor(action.name) > 0) throw refused(`"${action.name}" has to wait after each of its approvals.`)
  if (action.asksPeople) throw refused('Questions to people are answered one by one.')
  if (risk === 'critical') throw refused('Critical actions are approved one by one.')
  const maturity = minMaturity(ceiling, agentAt(agent, policy.promotion, action.capability).maturity)
  const routes = [policy.matrix.actions, policy.matrix.runs].map((matrix) => routeFor({ matrix, maturity, risk }))
  const proposed = routes.filter(({ route }) => route === 'proposal')
  if (proposed.length === 0) {
    const [{ route } = { route: 'training' }] = routes
    throw refused(`The agent "${agent.id}" counts as ${maturity} here, and "${action.name}" goes to ${route}.`)
  }
  if (proposed.every((route) => Math.max(route.requiredApprovals, requiredApprovals) > 1)) {
    throw refused(`"${action.name}" needs more than one approval each time.`)
  }
  return { risk }
}

function refused(message: string): GovernanceError {
  return new GovernanceError('GRANT_REFUSED', { message })
}
