import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { newestPolicyDocument } from '../policy/newest-policy-document.ts'
import { listEndedGuardrails } from './guardrail-alert-store.ts'
import { listOutdated, listUnclaimed, listUndecidable, type UndecidableProposal } from './proposal-alert-store.ts'
import { clearAlert, raiseAlert } from './raise-alert.ts'

const PATIENCE_MS = 30_000
const BATCH = 100

/**
 * Raises an alert for each approved proposal that no worker claims, and each pending one that too few may decide on, for
 * 30 s; clears those about what has moved on, about bypasses whose time is
 * over and agents that were resumed. Harmless when it runs twice at once.
 */
export async function checkAlerts(context: GovernorContext, workspace: string): Promise<void> {
  const since = isoTime(context.clock.now() - PATIENCE_MS)
  await inWorkspace(context.database, { workspace }, async (tx) => {
    const { separationOfDuties = true } = await newestPolicyDocument(tx)
    for (const about of await listOutdated(tx, { separationOfDuties })) await clearAlert(context, tx, about)
    for (const about of await listEndedGuardrails(tx, isoTime(context.clock.now())))
      await clearAlert(context, tx, about)
    await raiseUnclaimed(context, tx, since)
    for (const proposal of await listUndecidable(tx, { since, separationOfDuties, limit: BATCH })) {
      const { id, agent } = proposal
      await raiseAlert(context, tx, { code: 'NO_APPROVER', subject: id, agent, message: lackOf(proposal) })
    }
  })
}

async function raiseUnclaimed(context: GovernorContext, tx: Tx, since: string): Promise<void> {
  for (const { id, agent, action } of await listUnclaimed(tx, { since, limit: BATCH })) {
    const message = `No worker that has ${action} registered has claimed the approved proposal for 30 s.`
    await raiseAlert(context, tx, { code: 'NO_EXECUTOR', subject: id, agent, message })
  }
}

function lackOf({ needed, eligible }: UndecidableProposal): string {
  const may = eligible === 0 ? 'no member may decide on it' : `only ${eligible} may decide on it`
  return `The proposal needs ${needed} approval${needed === 1 ? '' : 's'}, and ${may}.`
}
