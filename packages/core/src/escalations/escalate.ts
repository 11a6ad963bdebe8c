import type { JsonObject } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { type DueStep, holdDueSteps, insertStep } from './escalation-store.ts'

const BATCH = 50

/**
 * Takes the steps that are due in a workspace, each once however many processes look, with its journal row; gives how many.
 * It tells people and decides nothing: silence is no consent.
 */
export async function escalate(context: GovernorContext, workspace: string): Promise<number> {
  let total = 0
  for (;;) {
    const at = isoTime(context.clock.now())
    const taken = await inWorkspace(context.database, { workspace }, async (tx) => {
      const due = await holdDueSteps(tx, { at, limit: BATCH })
      let steps = 0
      for (const step of due) {
        if (!(await insertStep(tx, step, at))) continue
        steps += 1
        await context.journal.append(tx, {
          kind: 'proposal.escalated',
          subject: step.proposal,
          agent: step.agent,
          body: bodyOf(step),
        })
      }
      return steps
    })
    total += taken
    if (taken < BATCH) return total
  }
}

function bodyOf({ version, action, risk, expiresAt, escalation, name, loop, step, notify }: DueStep): JsonObject {
  const to: JsonObject = { ...notify }
  return {
    actor: 'system:jobs',
    version,
    action,
    risk,
    expiresAt,
    escalation,
    name,
    loop: loop + 1,
    step: step + 1,
    to,
  }
}
