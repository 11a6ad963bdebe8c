import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import type { EventKind } from '../journal/event-kinds.ts'
import { isoTime } from '../kernel/clock.ts'
import { isSuccess } from '../maturity/evidence.ts'
import type { RunFact } from '../maturity/evidence-store.ts'
import { returnLimitUses } from '../routing/limit-store.ts'
import { outcomeShown, type RunEnd, shownBy } from './shown-run.ts'
import { type ClaimProof, isSettledBy, settleExecution } from './store.ts'

const ACTOR = 'system:executions'

/** The end of a claimed execution. */
export interface Settlement extends RunEnd {
  readonly workspace: string
  readonly agent: string
  readonly actor: string
  readonly decisionId: string
  readonly proof: ClaimProof
  /** The supervision session that watches the run, if one does. */
  readonly sessionId: string | null
}

/** What the journal calls each end. */
export const KINDS: Readonly<Record<Settlement['end']['status'], EventKind>> = {
  succeeded: 'run.completed',
  failed: 'run.failed',
  released: 'run.released',
} as const

/** Records the end of an execution with its journal row; false when the claim was lost to another claimant. */
export async function settle(context: GovernorContext, settlement: Settlement): Promise<boolean> {
  const { workspace, proof, sessionId } = settlement
  const settled = await inWorkspace(
    context.database,
    { workspace, deadlineMs: context.settings.deadlineMs, retry: true, named: true },
    async (tx) => {
      const end = await endUnderWatch(context, tx, settlement)
      const state = end.status
      const at = isoTime(context.clock.now())
      const outcome = end.status === 'released' ? null : end
      const changed = await settleExecution(tx, proof, { state, outcome, at, fact: factOf(context, settlement) })
      if (changed === undefined) return false
      if (state === 'released') await returnLimitUses(tx, proof)
      if (sessionId !== null) {
        await context.sessionSteps.ended(tx, { sessionId, decisionId: settlement.decisionId, end: state })
      }
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
        const shown = shownBy(settlement, changed)
        const about = { proposalId, grantId, queueEntryId, executionId, agent, actor }
        await context.settled(tx, { ...about, end: state, shown })
      }
      await context.failpoint('record.before_commit')
      return true
    },
  )
  await context.failpoint('record.after_commit')
  const { agent, end } = settlement
  if (settled && end.status === 'failed') await context.failed({ workspace, agent })
  return settled
}

/** The fact that a run on the agent's own is; whether it was one is known where it was claimed. */
function factOf(context: GovernorContext, settlement: Settlement): RunFact | null {
  const outcome = outcomeShown(settlement)
  if (outcome === null) return null
  const { agent, actor, proof } = settlement
  const { executionId, fence } = proof
  const evidence = { kind: 'run', outcome } as const
  // An attempt counts once; what failed around it must not stand in the way of what it comes to.
  const sourceId = outcome === 'infrastructure_failed' ? `${executionId}:${fence}` : executionId
  const reason = `Run ${executionId}, told by ${actor}.`
  return { id: context.ids.next('evd'), agent, evidence, success: isSuccess(evidence), sourceId, actor: ACTOR, reason }
}

/** What a run gives after it was terminated is kept, and is no success. */
async function endUnderWatch(
  context: GovernorContext,
  tx: Tx,
  { sessionId, end }: Settlement,
): Promise<Settlement['end']> {
  if (sessionId === null) return end
  const { isTerminated } = await context.sessionSteps.hold(tx, sessionId)
  if (!isTerminated || end.status !== 'succeeded') return end
  return { status: 'failed', message: 'The run was terminated; what it gave came late.', late: end.value }
}

/** Whether this settlement is what stands on record. */
export function isSettled(context: GovernorContext, { workspace, proof, end }: Settlement): Promise<boolean> {
  const options = { workspace, deadlineMs: context.settings.deadlineMs }
  return inWorkspace(context.database, options, (tx) => isSettledBy(tx, proof, end.status))
}
