import { type SQL, sql } from 'drizzle-orm'
import { rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import { telling } from './bus-store.ts'
import { parseSnapshot, type Snapshot, snapshotText } from './snapshot.ts'
import { CONTENT, type ContentColumns, type NewJournalRow, toContent } from './store.ts'

/** The end of a chain. */
export interface JournalHead {
  readonly sequence: number
  readonly hash: string
}

/** Lets one sealer at a time work on a workspace until the transaction ends; false when another one does. */
export function trySealerLock(tx: Tx): Promise<boolean> {
  return tryLock(tx, `preceptor.seal:${tx.workspace}`)
}

/** Lets one process at a time add a checkpoint, of whichever workspace; false when another one does. */
export function tryCheckpointLock(tx: Tx): Promise<boolean> {
  return tryLock(tx, 'preceptor.checkpoint')
}

async function tryLock(tx: Tx, name: string): Promise<boolean> {
  const row = await rowOf<{ locked: boolean }>(
    tx,
    sql`select pg_try_advisory_xact_lock(hashtextextended(${name}::text, 0)) as locked`,
  )
  return row?.locked === true
}

/** Reads the head with the snapshot that it was moved at, and the present snapshot. */
export async function readHead(
  tx: Tx,
): Promise<{ readonly head: (JournalHead & { readonly snapshot: Snapshot }) | null; readonly now: Snapshot }> {
  const row = await rowOf<{ sequence: string | null; hash: string | null; snapshot: string | null; now: string }>(
    tx,
    sql`select h.sequence::text, h.hash, h.snapshot::text, pg_current_snapshot()::text as now
        from (values (1)) as one left join journal_heads h on h.workspace_id = ${tx.workspace}`,
  )
  const now = parseSnapshot(row?.now ?? '1:1:')
  if (row?.sequence == null || row.hash === null || row.snapshot === null) return { head: null, now }
  return { head: { sequence: Number(row.sequence), hash: row.hash, snapshot: parseSnapshot(row.snapshot) }, now }
}

/** A row that waits for its seal. */
export interface UnsealedRow extends NewJournalRow {
  readonly xid: bigint
  readonly position: number
}

interface UnsealedColumns extends ContentColumns {
  readonly xid: string
  readonly position: string
}

const COLUMNS = sql`${CONTENT}, j.xid::text, j.position::text`
const UNSEALED = sql.raw('not exists (select from journal_seals s where s.journal_id = j.id)')

/** Reads the first unsealed rows, by transaction, that `seen` does not see and `now` may see. */
export async function readUnsealed(
  tx: Tx,
  { seen, now, limit }: { readonly seen: Snapshot; readonly now: Snapshot; readonly limit: number },
): Promise<readonly UnsealedRow[]> {
  // Two ranges of one index, so that a transaction that runs for hours costs the sealer nothing.
  const rows = await rowsOf<UnsealedColumns>(
    tx,
    sql`select * from (
          (select ${COLUMNS} from journal j
           where j.workspace_id = ${tx.workspace} and j.xid = any(${sql.param(seen.running.map(String))}::text[]::xid8[])
             and ${UNSEALED}
           order by j.xid, j.position limit ${limit})
          union all
          (select ${COLUMNS} from journal j
           where j.workspace_id = ${tx.workspace} and j.xid >= ${String(seen.end)}::xid8
             and j.xid < ${String(now.end)}::xid8 and ${UNSEALED}
           order by j.xid, j.position limit ${limit})
        ) as waiting order by xid::xid8, position::bigint limit ${limit}`,
  )
  return rows.map(toUnsealed)
}

/** Where a pass over the whole journal stands. */
export interface JournalPlace {
  readonly xid: bigint
  readonly position: number
}

/** Reads the next rows of the whole journal, by transaction, and tells which of them are unsealed. */
export async function readPassage(
  tx: Tx,
  { after, limit }: { readonly after: JournalPlace; readonly limit: number },
): Promise<{ readonly unsealed: readonly UnsealedRow[]; readonly last: JournalPlace | null }> {
  const rows = await rowsOf<UnsealedColumns & { readonly waits: boolean }>(
    tx,
    sql`select ${COLUMNS}, ${UNSEALED} as waits from journal j
        where j.workspace_id = ${tx.workspace}
          and (j.xid, j.position) > (${String(after.xid)}::xid8, ${after.position}::bigint)
        order by j.xid, j.position limit ${limit}`,
  )
  const last = rows.at(-1)
  return {
    unsealed: rows.filter((row) => row.waits).map(toUnsealed),
    last: last ? { xid: BigInt(last.xid), position: Number(last.position) } : null,
  }
}

function toUnsealed(row: UnsealedColumns): UnsealedRow {
  return { ...toContent(row), xid: BigInt(row.xid), position: Number(row.position) }
}

/** A place in the chain. */
export interface Seal {
  readonly sequence: number
  readonly id: string
  readonly hash: string
}

/** Writes the seals, moves the head and tells who listens; false, and nothing done, when another sealer moved the head. */
export async function writeSeals(
  tx: Tx,
  move: {
    readonly from: JournalHead | null
    readonly to: JournalHead
    readonly seals: readonly Seal[]
    readonly snapshot: Snapshot
    readonly at: string
  },
): Promise<boolean> {
  const { from, to, seals } = move
  const head = sql`(${tx.workspace}, ${to.sequence}, ${to.hash}, ${snapshotText(move.snapshot)}::pg_snapshot, ${move.at})`
  const moving =
    from === null
      ? sql`insert into journal_heads (workspace_id, sequence, hash, snapshot, sealed_at) values ${head}
            on conflict (workspace_id) do nothing returning workspace_id`
      : sql`update journal_heads set (workspace_id, sequence, hash, snapshot, sealed_at) = ${head}
            where workspace_id = ${tx.workspace} and sequence = ${from.sequence} and hash = ${from.hash}
            returning workspace_id`
  // All that follows from the head is of the statement that moves it: it is written where it moved.
  const moved = await rowsOf(
    tx,
    sql`with moved as (${moving}), sealed as (
          insert into journal_seals (workspace_id, sequence, journal_id, hash, sealed_at)
          select moved.workspace_id, sequence, journal_id, hash, ${move.at}::timestamptz
          from moved cross join unnest(
            ${sql.param(seals.map((seal) => seal.sequence))}::bigint[], ${sql.param(seals.map((seal) => seal.id))}::text[],
            ${sql.param(seals.map((seal) => seal.hash))}::text[]
          ) as new (sequence, journal_id, hash))
        select ${seals.length > 0 ? telling('journal', tx.workspace) : sql`1`} from moved`,
  )
  return moved.length === 1
}

// By the index that has the rows in the order of their transactions: another plan would read the whole journal.
const UNSEALED_ONE_BY_ONE = sql.raw('not exists (select from journal_seals s where s.journal_id = j.id offset 0)')

/** The workspaces in which rows wait for a seal, or whose head stems from another cluster, as a query. */
export const UNSEALED_WORKSPACES: SQL = sql`select w.workspace_id
  from (select workspace_id from workspaces union all select '*') as w
  left join journal_heads h on h.workspace_id = w.workspace_id
  left join lateral (
    select true as waits from journal j
    where j.workspace_id = w.workspace_id and j.xid >= coalesce(pg_snapshot_xmax(h.snapshot), '0'::xid8)
      and j.xid < pg_snapshot_xmax(pg_current_snapshot()) and ${UNSEALED_ONE_BY_ONE}
    order by j.xid, j.position limit 1) as later on true
  left join lateral (
    select true as waits from pg_snapshot_xip(h.snapshot) as running (xid) cross join lateral (
      select from journal j where j.workspace_id = w.workspace_id and j.xid = running.xid and ${UNSEALED_ONE_BY_ONE}
      offset 0) as own
    limit 1) as before on true
  where later.waits or before.waits or pg_snapshot_xmax(h.snapshot) > pg_snapshot_xmax(pg_current_snapshot())`

/** Finds the workspaces in which rows wait for a seal, or whose head stems from another cluster. */
export async function findUnsealedWorkspaces(tx: Tx): Promise<readonly string[]> {
  const rows = await rowsOf<{ workspace_id: string }>(tx, UNSEALED_WORKSPACES)
  return rows.map((row) => row.workspace_id)
}
