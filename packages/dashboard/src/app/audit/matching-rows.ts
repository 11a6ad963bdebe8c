import type { JournalEntry, Page } from '@preceptor/client'
import type { AuditSearch } from './audit-search.ts'

/** Reads a page of the journal, newest first. */
export type ReadRows = (cursor: string | undefined) => Promise<Page<JournalEntry>>

/** What the server does not filter by: who, and when. */
export interface RowFilter {
  readonly actor: string | undefined
  /** Milliseconds; nothing before it matches. */
  readonly from: number
  /** Milliseconds; nothing from it on matches. */
  readonly to: number
}

const DAY_MS = 86_400_000

/** What the address asks for that the server does not filter by; days are those of the reader. */
export function rowFilterOf({ actor, from, to }: AuditSearch): RowFilter {
  const begin = from === undefined ? Number.NEGATIVE_INFINITY : new Date(`${from}T00:00:00`).getTime()
  // A day may have 23 or 25 hours: it ends where the next one begins.
  const end = to === undefined ? Number.POSITIVE_INFINITY : nextDay(new Date(`${to}T00:00:00`).getTime())
  return { actor, from: begin, to: end }
}

function nextDay(day: number): number {
  const next = new Date(day + DAY_MS + DAY_MS / 2)
  return new Date(next.getFullYear(), next.getMonth(), next.getDate()).getTime()
}

/** Who did what a row tells of; null where it does not say. */
export function actorOf({ body }: Pick<JournalEntry, 'body'>): string | null {
  return typeof body.actor === 'string' ? body.actor : null
}

/** Tells whether a row matches; a name without its kind matches whoever bears it. */
export function rowMatches(entry: JournalEntry, { actor, from, to }: RowFilter): boolean {
  const at = Date.parse(entry.recordedAt)
  if (at < from || at >= to) return false
  if (actor === undefined) return true
  const who = actorOf(entry)
  return who === actor || who?.slice(who.indexOf(':') + 1) === actor
}

const MOST_PAGES = 20

/** One page of rows that match, and how many were looked at for it. */
export interface MatchingPage extends Page<JournalEntry> {
  readonly looked: number
}

/**
 * Reads on until there are as many matching rows as fill a page, the rows are older than asked for, or twenty pages were
 * read: what is rare in a long journal is looked for piece by piece, by whoever asks for more.
 */
export async function readMatching(
  read: ReadRows,
  {
    filter,
    cursor,
    enough,
  }: { readonly filter: RowFilter; readonly cursor: string | undefined; readonly enough: number },
): Promise<MatchingPage> {
  const items: JournalEntry[] = []
  let looked = 0
  let place = cursor
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await read(place)
    looked += page.items.length
    items.push(...page.items.filter((entry) => rowMatches(entry, filter)))
    const last = page.items.at(-1)
    const isOver = page.next === null || (last !== undefined && Date.parse(last.recordedAt) < filter.from)
    if (isOver) return { items, looked, next: null }
    if (items.length >= enough) return { items, looked, next: page.next }
    place = page.next ?? undefined
  }
  return { items, looked, next: place ?? null }
}
