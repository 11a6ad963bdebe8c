import { sql } from 'drizzle-orm'
import { countOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

/** Somebody who looks at a proposal through a place. */
export interface Viewer {
  readonly proposal: string
  readonly user: string
  readonly place: string
}

/** Lets nobody else come or leave until the transaction ends, so that each is told of once. */
export async function lockViewers(tx: Tx, proposal: string): Promise<void> {
  const name = JSON.stringify(['preceptor', tx.workspace, 'viewers', proposal])
  await rowsOf(tx, sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))::text`)
}

/** Reads the ids of those who look at a proposal. */
export async function listViewers(tx: Tx, proposal: string, at: string): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly user_id: string }>(
    tx,
    sql`select distinct user_id from proposal_viewers
        where workspace_id = ${tx.workspace} and proposal_id = ${proposal} and expires_at > ${at} order by user_id`,
  )
  return rows.map(({ user_id: user }) => user)
}

/** Notes that somebody looks. */
export async function noteViewer(tx: Tx, { proposal, user, place }: Viewer, expiresAt: string): Promise<void> {
  await countOf(
    tx,
    sql`insert into proposal_viewers (workspace_id, proposal_id, user_id, place, expires_at)
        values (${tx.workspace}, ${proposal}, ${user}, ${place}, ${expiresAt})
        on conflict (workspace_id, proposal_id, user_id, place) do update set expires_at = excluded.expires_at`,
  )
}

/** Takes away that somebody looks. */
export async function forgetViewer(tx: Tx, { proposal, user, place }: Viewer): Promise<void> {
  await countOf(
    tx,
    sql`delete from proposal_viewers where workspace_id = ${tx.workspace} and proposal_id = ${proposal}
          and user_id = ${user} and place = ${place}`,
  )
}

/** Renews all that a place noted, in every workspace, and finds where something was not renewed. */
export async function renewViewers(
  tx: Tx,
  renewal: { readonly place: string; readonly at: string; readonly expiresAt: string },
): Promise<{ readonly renewed: number; readonly lapsedIn: readonly string[] }> {
  const row = await rowOf<{ readonly renewed: string; readonly lapsed: readonly string[] }>(
    tx,
    sql`with renewed as (
          update proposal_viewers set expires_at = ${renewal.expiresAt} where place = ${renewal.place} returning 1
        )
        select (select count(*) from renewed) as renewed, array(
          select distinct workspace_id from proposal_viewers
          where expires_at <= ${renewal.at} and place <> ${renewal.place}
        ) as lapsed`,
  )
  return { renewed: Number(row?.renewed ?? 0), lapsedIn: row?.lapsed ?? [] }
}

/** Reads which proposals have viewers that nobody renewed. */
export async function findLapsedProposals(tx: Tx, at: string, limit: number): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly proposal_id: string }>(
    tx,
    sql`select distinct proposal_id from proposal_viewers
        where workspace_id = ${tx.workspace} and expires_at <= ${at} order by proposal_id limit ${limit}`,
  )
  return rows.map(({ proposal_id: proposal }) => proposal)
}

/** Takes away the viewers of a proposal that nobody renewed; gives their ids. */
export async function forgetLapsedViewers(tx: Tx, proposal: string, at: string): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly user_id: string }>(
    tx,
    sql`delete from proposal_viewers
        where workspace_id = ${tx.workspace} and proposal_id = ${proposal} and expires_at <= ${at} returning user_id`,
  )
  return [...new Set(rows.map(({ user_id: user }) => user))].sort()
}
