import type { DeniedDecision, GovernanceError } from '@preceptor/client'
import { inWorkspace } from '../database/transaction.ts'
import type { Attempt } from './attempt.ts'
import type { Gate } from './gate.ts'
import { decisionDraft } from './journal-decision.ts'
import { inTime } from './time-left.ts'

/**
 * Puts a refusal on record. A refusal stands whether or not it can be recorded; one that cannot goes to the host's log,
 * and a store that failed is not asked again. The caller waits for the record only as long as its decision may last:
 * what is late is still written, behind its back.
 */
export async function refuseAndRecord(
  gate: Gate,
  attempt: Omit<Attempt, 'resolution'>,
  { decision, fault }: { readonly decision: DeniedDecision; readonly fault: GovernanceError },
): Promise<void> {
  const { context } = gate
  const message = `Denied ${decision.id}: ${attempt.trigger.agent} ${attempt.trigger.action}: ${fault.message}`
  const { workspace } = attempt.actor
  if (fault.status >= 500 || gate.isClosed()) {
    context.meter.of(workspace).count('unrecorded')
    context.report({ level: 'error', code: fault.code, message })
    return
  }
  const recorded = inWorkspace(context.database, { workspace, deadlineMs: context.settings.deadlineMs }, (tx) =>
    context.journal.append(tx, decisionDraft(attempt, decision, null)),
  ).catch(() => {
    context.meter.of(workspace).count('unrecorded')
    context.report({ level: 'error', code: fault.code, message: `${message} (and it could not be recorded)` })
  })
  await inTime(context, attempt, recorded).catch(() => undefined)
}
