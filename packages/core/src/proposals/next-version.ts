import type { Risk } from '@preceptor/client'
import type { ActionSpecification } from '../actions/registered-action.ts'
import type { GovernorContext } from '../context.ts'
import { isoTime } from '../kernel/clock.ts'
import { actionHash } from './action-hash.ts'
import type { BoundProposal, NewVersion } from './approval-store.ts'
import { describeVersion } from './describe-version.ts'

/** What is different in the next version. */
export interface VersionChange {
  readonly workspace: string
  /** The action as it is registered here. */
  readonly registered: ActionSpecification
  readonly args: NewVersion['args']
  readonly argsHash: string
  readonly digest: string
  readonly risk: Risk
  readonly requiredApprovals: number
  readonly policyVersion: number
  readonly fingerprint: NewVersion['fingerprint']
  readonly createdBy: string
}

/** Makes the next version of a proposal: bound anew, to the same agent and for the same time. */
export function nextVersion(context: GovernorContext, proposal: BoundProposal, change: VersionChange): NewVersion {
  const { workspace, registered, ...changed } = change
  const nonce = context.ids.next('evt')
  const { agent, action, expiresAt } = proposal
  const { args, digest, policyVersion, fingerprint } = change
  const hash = actionHash({ workspace, agent, fingerprint, action, digest, args, policyVersion, expiresAt, nonce })
  const at = isoTime(context.clock.now())
  return {
    ...changed,
    proposal: proposal.id,
    from: proposal.version,
    actionHash: hash,
    nonce,
    expiresAt,
    at,
    description: describeVersion(context, registered, { args, hidden: proposal.sensitive }),
  }
}
