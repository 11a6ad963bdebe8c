import type { JournalEntry, JournalQuery } from '@preceptor/client'
import type { AuditSearch } from './audit-search.ts'

const DAY_MS = 86_400_000

/** What the server is asked for by an address; days are those of the reader. */
export function journalQueryOf({ from, to, ...rest }: AuditSearch): JournalQuery {
  return {
    ...rest,
    ...(from === undefined ? {} : { from: dayAt(from).toISOString() }),
    // A day may have 23 or 25 hours: it ends where the next one begins.
    ...(to === undefined ? {} : { to: nextDay(dayAt(to)).toISOString() }),
  }
}

const dayAt = (day: string): Date => new Date(`${day}T00:00:00`)

function nextDay(day: Date): Date {
  const next = new Date(day.getTime() + DAY_MS + DAY_MS / 2)
  return new Date(next.getFullYear(), next.getMonth(), next.getDate())
}

/** Who did what a row tells of; null where it does not say. */
export function actorOf({ body }: Pick<JournalEntry, 'body'>): string | null {
  return typeof body.actor === 'string' ? body.actor : null
}

/** Tells whether a row that is new would be in the list; a name without its kind matches whoever bears it. */
export function rowMatches(entry: JournalEntry, { kind, subject, agent, actor, from, to }: JournalQuery): boolean {
  const at = Date.parse(entry.recordedAt)
  const who = actorOf(entry)
  return (
    (kind === undefined || entry.kind === kind) &&
    (subject === undefined || entry.subjectId === subject) &&
    (agent === undefined || entry.agent === agent) &&
    (actor === undefined || who === actor || who?.slice(who.indexOf(':') + 1) === actor) &&
    (from === undefined || at >= Date.parse(from)) &&
    (to === undefined || at < Date.parse(to))
  )
}
