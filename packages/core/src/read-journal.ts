import type { JournalEntry, JournalQuery, JournalVerification, Page } from '@preceptor/client'
import type { Actor } from './access/actor.ts'
import { agentFilter, authorize } from './access/authorize.ts'
import type { GovernorContext } from './context.ts'
import { listJournal } from './journal/list-journal.ts'
import { verifyJournal } from './journal/verify.ts'
import { visible } from './visible-entry.ts'

/** @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readJournal(
  context: GovernorContext,
  actor: Actor,
  query: JournalQuery,
): Promise<Page<JournalEntry>> {
  authorize(actor, 'journal.list')
  const page = await listJournal(context, { workspace: actor.workspace, query, only: agentFilter(actor) })
  return { ...page, items: page.items.map((entry) => visible(actor, entry)) }
}

/** @throws GovernanceError `PERMISSION_DENIED`, or the code of a fault. */
export async function verifyJournalOf(context: GovernorContext, actor: Actor): Promise<JournalVerification> {
  authorize(actor, 'journal.verify')
  return verifyJournal(context, actor.workspace, { checkpoints: context.checkpoints })
}
