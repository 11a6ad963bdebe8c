import { GovernanceError } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import type { Tx } from '../database/transaction.ts'
import { redact } from '../journal/redact.ts'
import type { ActionResolution } from '../routing/attempt.ts'
import type { Gate } from '../routing/gate.ts'
import { type BoundProposal, insertVersion, lockProposal } from './approval-store.ts'
import { nextVersion } from './next-version.ts'
import { decided, type HeldReview } from './review-proposal.ts'
import { ruleOnProposal } from './rule-on-proposal.ts'

/**
 * Makes a version with other args the present one: parsed by the schema of the action, ruled on anew, hashed anew.
 *
 * @throws GovernanceError `ARGS_INVALID`, `ACTION_UNKNOWN`, or the code by which the rules deny it.
 */
export async function editProposal(
  gate: Gate,
  tx: Tx,
  input: { readonly actor: Actor; readonly held: HeldReview; readonly resolution: ActionResolution | null },
): Promise<BoundProposal> {
  const { actor, held, resolution } = input
  const { proposal, facts } = held
  const { ruling, resolved } = await ruleOnProposal(gate, tx, { actor, proposal, facts, resolution, isLimited: true })
  const version = nextVersion(gate.context, proposal, {
    workspace: actor.workspace,
    registered: resolved.action,
    args: resolved.args,
    argsHash: resolved.argsHash,
    digest: resolved.action.digest,
    risk: ruling.risk ?? proposal.risk,
    // Other args may need more approvals, never fewer.
    requiredApprovals: Math.max(proposal.requiredApprovals, ruling.requiredApprovals),
    policyVersion: facts.policy.version,
    fingerprint: proposal.fingerprint,
    createdBy: actorName(actor),
  })
  if (!(await insertVersion(tx, version, 'pending'))) throw decided(proposal)
  const hidden = { sensitivePaths: version.description.sensitive }
  await gate.context.journal.append(tx, {
    kind: 'proposal.edited',
    subject: proposal.id,
    agent: proposal.agent,
    body: {
      actor: actorName(actor),
      version: version.from + 1,
      actionHash: version.actionHash,
      before: redact(proposal.args, hidden),
      after: redact(version.args, hidden),
    },
  })
  const edited = await lockProposal(tx, proposal.id)
  if (edited === undefined) throw new GovernanceError('FACT_INVALID')
  return edited
}
