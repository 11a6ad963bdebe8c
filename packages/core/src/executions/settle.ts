import type { StoredOutcome } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import type { EventKind } from '../journal/event-kinds.ts'
import { isoTime } from '../kernel/clock.ts'
import { type ClaimProof, isSettledBy, settleExecution } from './store.ts'

/** The end of a claimed execution. */
export interface Settlement {
  readonly workspace: string
  readonly agent: string
  readonly actor: string
  readonly decisionId: string
  readonly proof: ClaimProof
  readonly end: StoredOutcome | { readonly status: 'released' }
}

/** What the journal calls each end. */
export const KINDS: Readonly<Record<Settlement['end']['status'], EventKind>> = {
  succeeded: 'run.completed',
  failed: 'run.failed',
  released: 'run.released',
} as const

/** Records the end of an execution with its journal row; false when the claim was lost to another claimant. */
export async function settle(context: GovernorContext, settlement: Settlement): Promise<boolean> {
  const { workspace, proof, end } = settlement
  const settled = await inWorkspace(
    context.database,
    { workspace, deadlineMs: context.settings.deadlineMs, retry: true },
    async (tx) => {
      const state = end.status
      const outcome = end.status === 'released' ? null : end
      const changed = await settleExecution(tx, proof, { state, outcome, at: isoTime(context.clock.now()) })
      if (changed === undefined) return false
      await context.journal.append(tx, {
        kind: KINDS[end.status],
        subject: proof.executionId,
        agent: settlement.agent,
        body: { actor: settlement.actor, decisionId: settlement.decisionId, outcome: end.status, fence: proof.fence },
      })
      const { proposalId, grantId, queueEntryId } = changed
      if (proposalId !== null || grantId !== null || queueEntryId !== null) {
        const { executionId } = proof
        const { agent, actor } = settlement
        await context.settled(tx, { proposalId, grantId, queueEntryId, executionId, agent, actor, end: state })
      }
      await context.failpoint('record.before_commit')
      return true
    },
  )
  await context.failpoint('record.after_commit')
  return settled
}

/** Whether this settlement is what stands on record. */
export function isSettled(context: GovernorContext, { workspace, proof, end }: Settlement): Promise<boolean> {
  const options = { workspace, deadlineMs: context.settings.deadlineMs }
  return inWorkspace(context.database, options, (tx) => isSettledBy(tx, proof, end.status))
}
