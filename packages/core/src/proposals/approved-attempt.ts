import type { JsonObject } from '@preceptor/client'
import type { Attempt } from '../routing/attempt.ts'
import { assertResolved } from '../routing/resolve-action.ts'
import type { BoundProposal } from './approval-store.ts'
import { editedArgs } from './edited-args.ts'

type ApprovedArgs = Pick<BoundProposal, 'args' | 'argsHash'>

/** The attempt with the args that were approved: an edit of a reviewer replaces what was asked for. */
export function approvedAttempt(
  proposal: ApprovedArgs & Pick<BoundProposal, 'idempotencyKey'>,
  attempt: Attempt,
): Attempt {
  const { keyed, idempotencyKey } = attempt
  const resolution = { ...assertResolved(attempt.resolution), args: proposal.args, argsHash: proposal.argsHash }
  // Who came with a key of its own comes back with that: it has run then.
  const askedKey = keyed && idempotencyKey !== proposal.idempotencyKey ? { askedKey: idempotencyKey } : {}
  return { ...attempt, ...askedKey, keyed: true, idempotencyKey: proposal.idempotencyKey, resolution }
}

/** What the caller is told that did not ask for these args. */
export function editOf(
  { resolution }: Pick<Attempt, 'resolution'>,
  { args, argsHash }: ApprovedArgs,
): { edited?: JsonObject } {
  const asked = assertResolved(resolution)
  return asked.argsHash === argsHash ? {} : { edited: editedArgs(asked.action, { asked: asked.args, approved: args }) }
}
