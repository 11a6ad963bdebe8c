import { raiseAlert } from '../alerts/raise-alert.ts'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { redactText } from '../journal/redact-text.ts'
import { isoTime } from '../kernel/clock.ts'
import { moveReviewer } from './reviewer-store.ts'

/** Suspends a reviewer, with its journal row and an alert; false when it was no active one. */
export async function suspendIn(
  context: GovernorContext,
  tx: Tx,
  { agent, by, reason }: { readonly agent: string; readonly by: string; readonly reason: string },
): Promise<boolean> {
  const at = isoTime(context.clock.now())
  if (!(await moveReviewer(tx, { agent, to: 'suspended', by, reason, at }))) return false
  const said = redactText(reason)
  await context.journal.append(tx, {
    kind: 'reviewer.suspended',
    subject: agent,
    agent,
    body: { actor: by, reason: said },
  })
  const message = `The autonomous reviewer was suspended: ${said}`
  await raiseAlert(context, tx, { code: 'REVIEWER_SUSPENDED', subject: agent, agent, message })
  return true
}
