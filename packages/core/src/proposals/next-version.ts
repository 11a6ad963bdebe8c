import type { Risk } from '@preceptor/client'
import type { ActionSpecification } from '../actions/registered-action.ts'
import type { GovernorContext } from '../context.ts'
import { isoTime } from '../kernel/clock.ts'
import { actionHash } from './action-hash.ts'
import type { BoundProposal, NewVersion } from './approval-store.ts'
import { describeVersion } from './describe-version.ts'

/** Who makes a version at a claim. */
export const GATE = 'system:gate'

/** What is different in the next version. */
export interface VersionChange {
  readonly workspace: string
  /** The action as it is registered here; null where it is not, and the args stay as they are. */
  readonly registered: ActionSpecification | null
  readonly args: NewVersion['args']
  readonly argsHash: string
  readonly digest: string
  readonly risk: Risk
  readonly requiredApprovals: number
  readonly policyVersion: number
  readonly fingerprint: NewVersion['fingerprint']
  /** ISO 8601; that of the version before unless given. */
  readonly expiresAt?: string
  readonly createdBy: string
}

/** Makes the next version of a proposal: bound anew, to the same agent. */
export function nextVersion(context: GovernorContext, proposal: BoundProposal, change: VersionChange): NewVersion {
  const { workspace, registered, ...changed } = change
  const nonce = context.ids.next('evt')
  const { agent, action, summary, preview, sensitive } = proposal
  const { args, digest, policyVersion, fingerprint, expiresAt = proposal.expiresAt } = change
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
    description:
      registered === null
        ? { summary, preview, sensitive }
        : describeVersion(context, registered, { args, hidden: sensitive }),
  }
}
