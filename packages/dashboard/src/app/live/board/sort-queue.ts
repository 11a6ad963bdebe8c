import type { QueueEntry } from '@preceptor/client'

/** Entries in the order in which they are of interest: what waits as it will be offered, then what ended, newest first. */
export function sortQueue(entries: readonly QueueEntry[]): readonly QueueEntry[] {
  return entries.toSorted(
    (a, b) => rank(a) - rank(b) || (rank(a) === 0 ? offered(a, b) : Date.parse(b.createdAt) - Date.parse(a.createdAt)),
  )
}

/** By priority, then by age: as the server offers them. */
function offered(a: QueueEntry, b: QueueEntry): number {
  return b.priority - a.priority || Date.parse(a.createdAt) - Date.parse(b.createdAt) || (a.id < b.id ? -1 : 1)
}

const rank = ({ state }: QueueEntry): number => (state === 'pending' ? 0 : state === 'executing' ? 1 : 2)
