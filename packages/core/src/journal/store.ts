import { and, type SQL, sql } from 'drizzle-orm'
import { rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import { isoOfMicroseconds } from './recorded-at.ts'

/** A row to insert; `body` is canonical JSON. */
export interface NewJournalRow {
  readonly id: string
  readonly kind: string
  readonly subject: string
  readonly agent: string | null
  readonly body: string
  /** ISO 8601, UTC. */
  readonly recordedAt: string
}

/**
 * Inserts rows of one workspace in their order. A row that is there already stays, because the flush that wrote it was cut
 * off.
 */
export function insertJournalRows(tx: Tx, rows: readonly NewJournalRow[]): void {
  tx.writeLast(() => sql`${newRows(tx, rows)} on conflict (id) do nothing`)
}

/**
 * Inserts rows that are new in their transaction, as a query. Bodies go as one text of lines, which no JSON breaks: in an
 * array each of their many quotes would have to be escaped.
 */
export function newRows(tx: Tx, rows: readonly NewJournalRow[]): SQL {
  return sql`insert into journal (id, workspace_id, kind, subject_id, agent_id, body, recorded_at)
        select id, ${tx.workspace}, kind, subject_id, agent_id, body, recorded_at
        from unnest(
          ${sql.param(rows.map((row) => row.id))}::text[], ${sql.param(rows.map((row) => row.kind))}::text[],
          ${sql.param(rows.map((row) => row.subject))}::text[], ${sql.param(rows.map((row) => row.agent))}::text[],
          string_to_array(${rows.map((row) => row.body).join('\n')}, E'\\n'),
          ${sql.param(rows.map((row) => row.recordedAt))}::timestamptz[]
        ) as new (id, kind, subject_id, agent_id, body, recorded_at)`
}

/** Inserts one row, as a query. */
export function oneRow(tx: Tx, row: NewJournalRow): SQL {
  return sql`insert into journal (id, workspace_id, kind, subject_id, agent_id, body, recorded_at)
        values (${row.id}, ${tx.workspace}, ${row.kind}, ${row.subject}, ${row.agent}, ${row.body}, ${row.recordedAt})`
}

/** The columns that a seal covers, as they come from the database. */
export interface ContentColumns {
  readonly id: string
  readonly kind: string
  readonly subject_id: string
  readonly agent_id: string | null
  readonly body: string
  readonly recorded_at: string
}

/** Selects `ContentColumns` from `journal j`. */
export const CONTENT: SQL = sql.raw(`j.id, j.kind, j.subject_id, j.agent_id, j.body,
  to_char(j.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as recorded_at`)

/** The row that the columns hold. */
export function toContent(row: ContentColumns): NewJournalRow {
  return {
    id: row.id,
    kind: row.kind,
    subject: row.subject_id,
    agent: row.agent_id,
    body: row.body,
    recordedAt: isoOfMicroseconds(row.recorded_at),
  }
}

/** Which rows a list shows. */
export interface JournalFilter {
  readonly agent: string | null
  readonly subject: string | null
  readonly kind: string | null
  /** Who did it: one of these. */
  readonly actors: readonly string[] | null
  /** ISO 8601: recorded then or later. */
  readonly from: string | null
  /** ISO 8601: recorded before. */
  readonly to: string | null
  /** Agents whose rows the reader may see; null: all of the workspace. */
  readonly only: readonly string[] | null
}

/** Leaves no row out. */
export const EVERY_ROW: JournalFilter = {
  agent: null,
  subject: null,
  kind: null,
  actors: null,
  from: null,
  to: null,
  only: null,
}

/** A row of a list; `sequence` and `hash` are null while it waits for its seal. */
export interface ListedRow extends NewJournalRow {
  readonly position: number
  readonly sequence: number | null
  readonly hash: string | null
}

interface ListedColumns extends ContentColumns {
  readonly position: string
  readonly sequence: string | null
  readonly hash: string | null
}

/** Lists rows newest first, from before a position; one more than the limit. */
export async function listNewest(
  tx: Tx,
  filter: JournalFilter,
  { before, limit }: { readonly before: number | null; readonly limit: number },
): Promise<readonly ListedRow[]> {
  const rows = await rowsOf<ListedColumns>(
    tx,
    sql`select ${CONTENT}, j.position::text, s.sequence::text, s.hash
        from journal j left join journal_seals s on s.journal_id = j.id
        where j.workspace_id = ${tx.workspace} and (${before}::bigint is null or j.position < ${before}::bigint)
          and ${matches(filter)}
        order by j.position desc limit ${limit + 1}`,
  )
  return rows.map(toListed)
}

/** Lists sealed rows in the order of the chain, from after a sequence; one more than the limit. */
export async function listSealed(
  tx: Tx,
  filter: JournalFilter,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<readonly ListedRow[]> {
  // Sequences have no gap, so a page that nothing is left out of has an end: the planner needs no statistics to find it.
  const last = Object.values(filter).every((value) => value === null) ? after + limit + 1 : null
  const rows = await rowsOf<ListedColumns>(
    tx,
    sql`select ${CONTENT}, j.position::text, s.sequence::text, s.hash
        from journal_seals s join journal j on j.id = s.journal_id
        where s.workspace_id = ${tx.workspace} and j.workspace_id = ${tx.workspace} and s.sequence > ${after}::bigint
          and (${last}::bigint is null or s.sequence <= ${last}::bigint)
          and ${matches(filter)}
        order by s.sequence limit ${limit + 1}`,
  )
  return rows.map(toListed)
}

/** The sequence of the last sealed row; 0 before the first. */
export async function readSealedEnd(tx: Tx): Promise<number> {
  const row = await rowOf<{ sequence: string }>(
    tx,
    sql`select coalesce(max(sequence), 0)::text as sequence from journal_seals where workspace_id = ${tx.workspace}`,
  )
  return Number(row?.sequence ?? 0)
}

function matches({ agent, subject, kind, actors, from, to, only }: JournalFilter): SQL {
  const conditions = [
    agent === null ? undefined : sql`j.agent_id = ${agent}`,
    subject === null ? undefined : sql`j.subject_id = ${subject}`,
    kind === null ? undefined : sql`j.kind = ${kind}`,
    actors === null ? undefined : isOneOf(actors),
    from === null ? undefined : sql`j.recorded_at >= ${from}::timestamptz`,
    to === null ? undefined : sql`j.recorded_at < ${to}::timestamptz`,
    only === null ? undefined : sql`j.agent_id = any(${sql.param(only)}::text[])`,
  ]
  return and(...conditions) ?? sql`true`
}

/** One actor alone is found in the order of the list. */
function isOneOf(actors: readonly string[]): SQL {
  const [actor] = actors
  return actors.length === 1 ? sql`j.actor = ${actor}` : sql`j.actor = any(${sql.param(actors)}::text[])`
}

function toListed(row: ListedColumns): ListedRow {
  return {
    ...toContent(row),
    position: Number(row.position),
    sequence: row.sequence === null ? null : Number(row.sequence),
    hash: row.hash,
  }
}
