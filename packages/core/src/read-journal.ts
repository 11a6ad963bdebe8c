import type { JournalEntry, JournalExportQuery, JournalQuery, JournalVerification, Page } from '@preceptor/client'
import { z } from 'zod'
import { type Actor, actorName } from './access/actor.ts'
import { agentFilter, authorize } from './access/authorize.ts'
import { parseInput } from './access/parse-input.ts'
import type { GovernorContext } from './context.ts'
import { exportJournal } from './journal/export/export-journal.ts'
import { listJournal } from './journal/list-journal.ts'
import { verifyJournal } from './journal/verify.ts'
import { visible } from './visible-entry.ts'

const moment = z.iso.datetime({ offset: true }).exactOptional()
// The rest is held against what it names, and matches nothing where it is none.
const listQuery = z.looseObject({ actor: z.string().min(1).max(200).exactOptional(), from: moment, to: moment })

/** @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readJournal(
  context: GovernorContext,
  actor: Actor,
  query: JournalQuery,
): Promise<Page<JournalEntry>> {
  authorize(actor, 'journal.list')
  parseInput(listQuery, query, 'query')
  const page = await listJournal(context, { workspace: actor.workspace, query, only: agentFilter(actor) })
  return { ...page, items: page.items.map((entry) => visible(actor, entry)) }
}

/** @throws GovernanceError `PERMISSION_DENIED`, or the code of a fault. */
export async function verifyJournalOf(context: GovernorContext, actor: Actor): Promise<JournalVerification> {
  authorize(actor, 'journal.verify')
  return verifyJournal(context, actor.workspace, { checkpoints: context.checkpoints })
}

const exportQuery = z.strictObject({
  format: z.enum(['jsonl', 'csv']).exactOptional(),
  after: z.int().min(0).exactOptional(),
  agent: z.string().min(1).max(128).exactOptional(),
  kind: z.string().min(1).max(64).exactOptional(),
})

/** @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function exportJournalOf(
  context: GovernorContext,
  actor: Actor,
  { signal, ...asked }: JournalExportQuery,
): Promise<AsyncIterable<string>> {
  authorize(actor, 'journal.export')
  const query = parseInput(exportQuery, asked, 'export')
  const { workspace } = actor
  return exportJournal(context, { workspace, actor: actorName(actor), query, only: agentFilter(actor), signal })
}
