import { GovernanceError, type JsonObject, type Trigger } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import type { Tx } from '../database/transaction.ts'
import { redact } from '../journal/redact.ts'
import { isoTime } from '../kernel/clock.ts'
import type { Attempt } from '../routing/attempt.ts'
import type { Gate } from '../routing/gate.ts'
import { checkLimits } from '../routing/limits.ts'
import { resolveAction } from '../routing/resolve-action.ts'
import { ruleOn } from '../routing/ruling.ts'
import { type BoundProposal, insertVersion, lockProposal } from './approval-store.ts'
import { nextVersion } from './next-version.ts'
import { decided, type HeldReview } from './review-proposal.ts'

/**
 * Makes a version with other args the present one: parsed by the schema of the action, ruled on anew, hashed anew.
 *
 * @throws GovernanceError `ARGS_INVALID`, `ACTION_UNKNOWN`, or the code by which the rules deny it.
 */
export async function editProposal(
  gate: Gate,
  tx: Tx,
  { actor, held, args }: { readonly actor: Actor; readonly held: HeldReview; readonly args: JsonObject },
): Promise<BoundProposal> {
  const { proposal, facts } = held
  const attempt = await attemptWith(gate, actor, { proposal, args })
  const ruling = ruleOn(attempt, facts, await checkLimits(tx, attempt, facts.policy))
  if (ruling.route === 'denied') throw new GovernanceError(ruling.code ?? 'CONFLICT', { message: ruling.reason })
  if (attempt.resolution.status !== 'resolved') throw new GovernanceError('INTERNAL')
  const version = nextVersion(gate.context, proposal, {
    workspace: actor.workspace,
    registered: attempt.resolution.action,
    args: attempt.resolution.args,
    argsHash: attempt.resolution.argsHash,
    digest: proposal.digest,
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

/** The attempt that was proposed, with other args: still of the source that it came from, not of the reviewer. */
async function attemptWith(
  gate: Gate,
  actor: Actor,
  { proposal, args }: { readonly proposal: BoundProposal; readonly args: JsonObject },
): Promise<Attempt> {
  const { agent, action, digest, type, resource, delegation, idempotencyKey } = proposal
  const trigger: Trigger = {
    agent,
    action,
    digest,
    args,
    ...(type === null ? {} : { type }),
    ...(resource === null ? {} : { resource }),
    ...(delegation.length === 0 ? {} : { delegation }),
  }
  const resolution = await resolveAction(gate.registry, actor.workspace, trigger)
  if (resolution.status === 'unresolved') throw new GovernanceError(resolution.code, { message: resolution.reason })
  const { clock } = gate.context
  return {
    actor: { ...actor, source: proposal.source },
    trigger,
    keyed: true,
    idempotencyKey,
    decisionId: proposal.decisionId,
    decidedAt: isoTime(clock.now()),
    startedAt: clock.monotonic(),
    resolution,
  }
}
