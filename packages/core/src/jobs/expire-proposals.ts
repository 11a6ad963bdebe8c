import type { GovernorContext } from '../context.ts'
import { expireRecords } from './expire-records.ts'
import { expireDueProposals } from './store.ts'

/** Ends the proposals of a workspace that nobody decided, or nobody ran, in time; gives how many. */
export function expireProposals(context: GovernorContext, workspace: string): Promise<number> {
  return expireRecords(context, workspace, { kind: 'proposal.expired', expire: expireDueProposals })
}
