import { GovernanceError } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import type { Tx } from '../database/transaction.ts'
import { hasChanged } from '../executions/has-changed.ts'
import type { ActionResolution } from '../routing/attempt.ts'
import type { Gate } from '../routing/gate.ts'
import { approvalsOf, type BoundProposal, insertVersion, lockProposal } from './approval-store.ts'
import { hasLostApprover } from './lost-approver.ts'
import { nextVersion, type VersionChange } from './next-version.ts'
import { decided, type HeldReview } from './review-proposal.ts'
import { ruleOnProposal } from './rule-on-proposal.ts'

/** A pending version that is held, with its action as it is registered here. */
export interface PreparedReview {
  readonly actor: Actor
  readonly held: HeldReview
  readonly resolution: ActionResolution | null
}

/** Why an approval of a pending version would not hold; null when it would. */
export async function whatIsOver(
  tx: Tx,
  { held, resolution }: Pick<PreparedReview, 'held' | 'resolution'>,
): Promise<string | null> {
  const { proposal, facts } = held
  if (facts.policy.version !== proposal.policyVersion) return 'The policy changed since it was proposed.'
  if (isRegisteredAnew(proposal, resolution)) return 'The action was registered anew since it was proposed.'
  const approvals = await approvalsOf(tx, proposal)
  if (approvals.length === 0) return null
  const agents = [...facts.agents.values()]
  if (approvals.some(({ epochs }) => hasChanged(epochs, agents)))
    return 'The agent changed since it was first approved.'
  return (await hasLostApprover(tx, approvals)) ? 'Who approved it first may not approve any more.' : null
}

function isRegisteredAnew({ digest }: BoundProposal, resolution: ActionResolution | null): boolean {
  if (resolution === null) return false
  return resolution.status === 'unresolved' || resolution.action.digest !== digest
}

/**
 * Makes the next version of a pending proposal by what holds now; approvals given so far count no more.
 *
 * @throws GovernanceError `ACTION_UNKNOWN`, `ARGS_INVALID`, or the code by which the rules deny it.
 */
export async function renewVersion(
  gate: Gate,
  tx: Tx,
  input: PreparedReview & { readonly createdBy: string; readonly expiresAt?: string },
): Promise<BoundProposal> {
  const { proposal, facts } = input.held
  const { createdBy, expiresAt } = input
  const version = nextVersion(gate.context, proposal, {
    workspace: tx.workspace,
    policyVersion: facts.policy.version,
    fingerprint: proposal.fingerprint,
    createdBy,
    ...(expiresAt !== undefined && { expiresAt }),
    ...(await asRuledNow(gate, tx, input)),
  })
  if (!(await insertVersion(tx, version, 'pending'))) throw decided(proposal)
  const renewed = await lockProposal(tx, proposal.id)
  if (renewed === undefined) throw new GovernanceError('FACT_INVALID')
  return renewed
}

type Ruled = Pick<VersionChange, 'registered' | 'args' | 'argsHash' | 'digest' | 'risk' | 'requiredApprovals'>

/** Under the same policy and by the same definition the ruling is the same, also where the action is not registered. */
async function asRuledNow(gate: Gate, tx: Tx, { actor, held, resolution }: PreparedReview): Promise<Ruled> {
  const { proposal, facts } = held
  if (facts.policy.version === proposal.policyVersion && !isRegisteredAnew(proposal, resolution)) {
    const { args, argsHash, digest, risk, requiredApprovals } = proposal
    const registered = resolution?.status === 'resolved' ? resolution.action : null
    return { registered, args, argsHash, digest, risk, requiredApprovals }
  }
  const { ruling, resolved } = await ruleOnProposal(gate, tx, { actor, proposal, facts, resolution, isLimited: false })
  return {
    registered: resolved.action,
    args: resolved.args,
    argsHash: resolved.argsHash,
    digest: resolved.action.digest,
    risk: ruling.risk ?? proposal.risk,
    requiredApprovals: Math.max(proposal.requiredApprovals, ruling.requiredApprovals),
  }
}
