import { GovernanceError, type JournalEntry, type JournalQuery, type Page, type PrincipalKind } from '@preceptor/client'
import { inWorkspace } from '../database/transaction.ts'
import { cursorNumber, pageOf, parseLimit } from '../kernel/pagination.ts'
import type { JournalPorts } from './ports.ts'
import { type JournalFilter, type ListedRow, listNewest, listSealed } from './store.ts'

/** A list of journal rows as a reader asks for it. */
export interface JournalListing {
  readonly workspace: string
  readonly query: JournalQuery
  /** Agents whose rows the reader may see; null: all of the workspace. */
  readonly only: readonly string[] | null
}

/**
 * Reads a page of the journal: newest first, or with `after` the sealed rows in the order of the chain, which misses and
 * repeats none however far apart the pages are read.
 *
 * @throws GovernanceError `INPUT_INVALID`, or the code of a fault.
 */
export async function listJournal(
  ports: Pick<JournalPorts, 'database'>,
  { workspace, query, only }: JournalListing,
): Promise<Page<JournalEntry>> {
  const limit = parseLimit(query.limit)
  const filter: JournalFilter = {
    agent: query.agent ?? null,
    subject: query.subject ?? null,
    kind: query.kind ?? null,
    actors: query.actor === undefined ? null : actorsNamed(query.actor),
    from: query.from ?? null,
    to: query.to ?? null,
    only,
  }
  const place = cursorNumber(query.cursor)
  const after = query.after === undefined ? null : sequenceOf(query.after)
  const rows = await inWorkspace(ports.database, { workspace }, (tx) =>
    after === null
      ? listNewest(tx, filter, { before: place ?? null, limit })
      : listSealed(tx, filter, { after: place ?? after, limit }),
  )
  const page = pageOf(rows, limit, (row) => [(after === null ? row.position : row.sequence) ?? 0])
  return { items: page.items.map(toEntry), next: page.next }
}

const KINDS: readonly PrincipalKind[] = ['user', 'agent', 'service', 'system']

/** Who is meant by a name: the one of that kind, or whoever bears it. */
function actorsNamed(name: string): readonly string[] {
  return KINDS.some((kind) => name.startsWith(`${kind}:`)) ? [name] : KINDS.map((kind) => `${kind}:${name}`)
}

/** @throws GovernanceError `INPUT_INVALID` */
export function sequenceOf(after: number): number {
  if (Number.isSafeInteger(after) && after >= 0) return after
  throw new GovernanceError('INPUT_INVALID', { message: 'after: a whole number of at least 0 is needed.' })
}

/** The resource that a row is shown as. */
export function toEntry(row: ListedRow): JournalEntry {
  return {
    id: row.id,
    sequence: row.sequence,
    kind: row.kind,
    subjectId: row.subject,
    agent: row.agent,
    body: JSON.parse(row.body),
    recordedAt: row.recordedAt,
    hash: row.hash,
  }
}
