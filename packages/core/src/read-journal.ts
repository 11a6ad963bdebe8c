import type {
  EventQuery,
  EventSubscription,
  JournalEntry,
  JournalQuery,
  JournalVerification,
  JsonObject,
  Page,
} from '@preceptor/client'
import type { Actor } from './access/actor.ts'
import { agentFilter, authorize, visibleArgs } from './access/authorize.ts'
import type { GovernorContext } from './context.ts'
import type { EventKind } from './journal/event-kinds.ts'
import { followJournal } from './journal/follow-journal.ts'
import { listJournal } from './journal/list-journal.ts'
import { verifyJournal } from './journal/verify.ts'
import { seesNotes } from './proposals/visible-proposal.ts'

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

/**
 * Follows what the same actor may list.
 *
 * @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function followJournalOf(
  context: GovernorContext & { readonly isClosed: () => boolean },
  actor: Actor,
  { after, signal }: EventQuery,
): Promise<EventSubscription> {
  authorize(actor, 'journal.list')
  const { workspace } = actor
  const subscription = await followJournal(context, { workspace, only: agentFilter(actor), after, signal })
  return {
    get position() {
      return subscription.position
    },
    async *[Symbol.asyncIterator]() {
      for await (const entry of subscription) yield visible(actor, entry)
    },
  }
}

const NOTES = new Set<string>([
  'proposal.reviewed',
  'proposal.rejected',
  'proposal.responded',
  'proposal.resolved',
  'grant.created',
  'grant.revoked',
] satisfies EventKind[])

// Where args stand: those that were asked for, and those before and after a reviewer edited them.
const ARGS = ['args', 'before', 'after'] as const

/**
 * What an agent wrote stands in the args of a decision; a viewer learns their names only. Why reviewers decided as they
 * did, and what they let run ahead of time, is for those who judge.
 */
function visible(actor: Actor, entry: JournalEntry): JournalEntry {
  if (NOTES.has(entry.kind) && !seesNotes(actor, 'journal.list')) {
    const { matcher, ...body } = entry.body
    return { ...entry, body: { ...body, ...(matcher !== undefined && { matcher: null }), reason: null } }
  }
  const shown = ARGS.flatMap((name) => {
    const args = entry.body[name]
    if (typeof args !== 'object' || args === null || Array.isArray(args)) return []
    // An array was told apart above, which the compiler cannot see of a readonly one.
    return [[name, visibleArgs(actor, 'journal.list', args as JsonObject)] as const]
  })
  return shown.length === 0 ? entry : { ...entry, body: { ...entry.body, ...Object.fromEntries(shown) } }
}

/** @throws GovernanceError `PERMISSION_DENIED`, or the code of a fault. */
export async function verifyJournalOf(context: GovernorContext, actor: Actor): Promise<JournalVerification> {
  authorize(actor, 'journal.verify')
  return verifyJournal(context, actor.workspace)
}
