import type { GovernorContext, StepEnd } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { loseExecutions } from './store.ts'

const BATCH = 100
const ACTOR = 'system:executions'

/**
 * Says of claims whose lease lapsed without an outcome that their outcome is unknown; gives how many. Nothing is run
 * again here: an idempotent action may be claimed again, any other waits for a person.
 */
export async function settleLostExecutions(context: GovernorContext, workspace: string): Promise<number> {
  const lostSteps: Omit<StepEnd, 'end'>[] = []
  const lost = await inWorkspace(context.database, { workspace }, async (tx) => {
    lostSteps.length = 0
    const executions = await loseExecutions(tx, { at: isoTime(context.clock.now()), limit: BATCH })
    for (const { id, agent, action, decisionId, proposalId, sessionId, queueEntryId } of executions) {
      await context.journal.append(tx, {
        kind: 'run.lost',
        subject: id,
        agent,
        body: { actor: ACTOR, action, decisionId, outcome: 'outcome_unknown' },
      })
      if (sessionId !== null) lostSteps.push({ sessionId, decisionId })
      if (proposalId === null && queueEntryId === null) continue
      await context.settled(tx, {
        proposalId,
        grantId: null,
        queueEntryId,
        executionId: id,
        agent,
        actor: ACTOR,
        end: 'outcome_unknown',
        // What nobody knows shows nothing.
        shown: null,
      })
    }
    return executions.length
  })
  for (const step of lostSteps) {
    // On its own: a session is held before the executions in it, never after.
    await inWorkspace(context.database, { workspace, retry: true }, (tx) =>
      context.sessionSteps.ended(tx, { ...step, end: 'outcome_unknown' }),
    )
  }
  return lost
}
