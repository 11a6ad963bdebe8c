import type { JsonObject } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { inWorkspace } from '../database/transaction.ts'
import { hashCanonical } from '../kernel/canonical-json.ts'
import { withDeadline } from '../kernel/deadline.ts'
import type { ActionResolution } from '../routing/attempt.ts'
import type { Gate } from '../routing/gate.ts'
import { resolveAction } from '../routing/resolve-action.ts'
import { type BoundProposal, findBoundProposal } from './approval-store.ts'
import { keepMasked } from './hidden-args.ts'
import { GATE } from './next-version.ts'

/**
 * The action of a proposal as it is registered here, with args as that parses them; null where it is not. The schema is
 * code of the host, which may take its time: nothing is held while it runs.
 */
export async function prepareVersion(
  gate: Gate,
  { workspace }: Actor,
  { id, sent }: { readonly id: string; readonly sent?: JsonObject | undefined },
): Promise<ActionResolution | null> {
  const { context, registry } = gate
  const proposal = await inWorkspace(context.database, { workspace }, (tx) => findBoundProposal(tx, { by: 'id', id }))
  if (proposal === undefined) return null
  const { agent, action, argsHash } = proposal
  const args = sent && keepMasked(sent, proposal)
  const isEdit = args !== undefined && hashCanonical(args) !== argsHash
  const known = registry.find(workspace, action, proposal.digest)
  if (!isEdit && known.found === 'one') {
    return { status: 'resolved', action: known.action, args: proposal.args, argsHash }
  }
  const digest = known.found === 'one' ? proposal.digest : replacement(gate, workspace, proposal)
  if (!isEdit && digest === null) return null
  const trigger = { agent, action, digest: digest ?? proposal.digest, args: isEdit ? args : proposal.args }
  const resolution = resolveAction(registry, workspace, trigger)
  return resolution instanceof Promise
    ? withDeadline(resolution, { milliseconds: context.settings.deadlineMs })
    : resolution
}

/** What the action is registered as by now; null where that cannot be told. */
function replacement({ registry }: Gate, workspace: string, { action, versionBy }: BoundProposal): string | null {
  // At a claim it was bound to the release that runs it, which may be another one than this.
  if (versionBy === GATE) return null
  const present = registry.find(workspace, action)
  return present.found === 'one' ? present.action.digest : null
}
