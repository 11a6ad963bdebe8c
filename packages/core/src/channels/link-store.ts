import type { ReviewedVersion } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { countOf, isoOf, rowOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

/** A link as it is stored: its hash, and never itself. */
export interface StoredLink extends ReviewedVersion {
  readonly tokenHash: string
  readonly proposal: string
  readonly user: string
  readonly expiresAt: string
}

/** Stores a link that was not used. */
export async function insertLink(tx: Tx, link: StoredLink & { readonly createdAt: string }): Promise<void> {
  await countOf(
    tx,
    sql`insert into approval_links (workspace_id, token_sha256, proposal_id, version, action_hash, user_id, created_at,
          expires_at)
        values (${tx.workspace}, ${link.tokenHash}, ${link.proposal}, ${link.version}, ${link.actionHash}, ${link.user},
          ${link.createdAt}, ${link.expiresAt})`,
  )
}

/** Removes links that expired, some at a time. */
export async function removeLinks(tx: Tx, expiredBefore: string): Promise<void> {
  await countOf(
    tx,
    sql`delete from approval_links where workspace_id = ${tx.workspace} and token_sha256 in (
          select token_sha256 from approval_links
          where workspace_id = ${tx.workspace} and expires_at < ${expiredBefore} order by expires_at limit 100
          for update skip locked)`,
  )
}

interface LinkRow {
  readonly proposal_id: string
  readonly version: number
  readonly action_hash: string
  readonly user_id: string
  readonly expires_at: string
  readonly used_at: string | null
}

/** Finds a link by the hash of its token. */
export async function findLink(
  tx: Tx,
  tokenHash: string,
): Promise<(StoredLink & { readonly isUsed: boolean }) | undefined> {
  const row = await rowOf<LinkRow>(
    tx,
    sql`select proposal_id, version, action_hash, user_id, expires_at, used_at from approval_links
        where workspace_id = ${tx.workspace} and token_sha256 = ${tokenHash}`,
  )
  return (
    row && {
      tokenHash,
      proposal: row.proposal_id,
      version: row.version,
      actionHash: row.action_hash,
      user: row.user_id,
      expiresAt: isoOf(row.expires_at),
      isUsed: row.used_at !== null,
    }
  )
}

/** Uses a link; false when it was used before, or has expired. */
export async function useLink(
  tx: Tx,
  { tokenHash, at }: { readonly tokenHash: string; readonly at: string },
): Promise<boolean> {
  const used = await countOf(
    tx,
    sql`update approval_links set used_at = ${at}
        where workspace_id = ${tx.workspace} and token_sha256 = ${tokenHash} and used_at is null
          and expires_at > ${at}::timestamptz`,
  )
  return used === 1
}
