import { GovernanceError, type StoredOutcome } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { settle } from './settle.ts'
import { isSelfReported, storableOutcome } from './storable-outcome.ts'
import { findClaimOf } from './store.ts'

/**
 * Records the outcome of an execution that `decide` claimed for its caller.
 *
 * @throws GovernanceError `NOT_FOUND`, `EXECUTION_FENCED`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function reportOutcome(
  context: GovernorContext,
  actor: Actor,
  report: { readonly decisionId: string; readonly outcome: StoredOutcome },
): Promise<void> {
  authorize(actor, 'decisions.report')
  const { decisionId } = report
  const claim = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) => findClaimOf(tx, decisionId))
  if (claim === undefined) {
    throw new GovernanceError('NOT_FOUND', {
      message: `The decision ${JSON.stringify(decisionId)} claimed no execution.`,
    })
  }
  authorize(actor, 'decisions.report', { agent: claim.agent })
  if (!claim.reported || claim.claimant !== actorName(actor)) {
    throw new GovernanceError('PERMISSION_DENIED', {
      message: 'Only who claimed the run with decide() reports its outcome; what runs under guard() is recorded there.',
    })
  }
  const settled = await settle(context, {
    workspace: actor.workspace,
    agent: claim.agent,
    actor: actorName(actor),
    decisionId,
    proof: claim,
    sessionId: claim.sessionId,
    end: storableOutcome(report.outcome, actor),
    isSelfReported: isSelfReported(actor),
  })
  if (!settled) throw new GovernanceError('EXECUTION_FENCED')
}
