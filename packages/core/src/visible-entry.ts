import type { JournalEntry, JsonObject } from '@preceptor/client'
import type { Actor } from './access/actor.ts'
import { visibleArgs } from './access/authorize.ts'
import type { EventKind } from './journal/event-kinds.ts'
import { seesNotes } from './proposals/visible-proposal.ts'

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
export function visible(actor: Actor, entry: JournalEntry): JournalEntry {
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
  // Whoever sees them all gets the entry itself: what goes to many is written once.
  if (shown.every(([name, args]) => args === entry.body[name])) return entry
  return { ...entry, body: { ...entry.body, ...Object.fromEntries(shown) } }
}
