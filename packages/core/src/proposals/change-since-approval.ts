import { compareFingerprints } from '../agents/fingerprint.ts'
import { hasChanged } from '../executions/has-changed.ts'
import type { Attempt } from '../routing/attempt.ts'
import type { Facts } from '../routing/facts.ts'
import { assertResolved } from '../routing/resolve-action.ts'
import type { Ruling } from '../routing/ruling.ts'
import { actionHash } from './action-hash.ts'
import type { Approval, BoundProposal } from './approval-store.ts'

/** An approved proposal, and what is so by now. */
export interface ApprovedThen {
  readonly workspace: string
  readonly proposal: BoundProposal
  readonly approvals: readonly Pick<Approval, 'epochs'>[]
  /** The attempt with the args that were approved. */
  readonly attempt: Attempt
  readonly facts: Facts
  readonly ruling: Pick<Ruling, 'route' | 'requiredApprovals'>
}

/** Why an approval does not hold any more, as far as its action, its agents and the policy go; null when it does. */
export function changeSinceApproval(then: ApprovedThen): string | null {
  const { workspace, proposal, approvals, attempt, facts, ruling } = then
  const { action, args } = assertResolved(attempt.resolution)
  const { agent, fingerprint, policyVersion, expiresAt, nonce } = proposal
  const hash = actionHash({
    workspace,
    agent,
    fingerprint,
    action: action.name,
    digest: action.digest,
    args,
    policyVersion,
    expiresAt,
    nonce,
  })
  if (hash !== proposal.actionHash) return 'The registered action is not the one that was approved.'
  if (facts.policy.version !== policyVersion) return 'The policy changed since it was approved.'
  const agents = [...facts.agents.values()]
  if (approvals.some(({ epochs }) => hasChanged(epochs, agents))) return 'The agent changed since it was approved.'
  if (compareFingerprints(fingerprint, attempt.trigger.fingerprint).result === 'changed') {
    return 'The agent runs as another build than the one that it was approved for.'
  }
  if (ruling.route === 'training') return 'The agent must be trained first by now.'
  if (ruling.requiredApprovals > proposal.decidedBy.length) return 'It needs more approvals by now.'
  return null
}
