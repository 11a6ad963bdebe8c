import { sql } from 'drizzle-orm'
import { isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

/** When a key ends. */
export interface KeyEnd {
  readonly revokedAt: string | null
  readonly expiresAt: string | null
}

/** Ends a key that still stands in favour of another; undefined when it stands no more, or was replaced before. */
export async function replaceKeyRow(
  tx: Tx,
  { id, by, at, endsAt }: { readonly id: string; readonly by: string; readonly at: string; readonly endsAt: string },
): Promise<KeyEnd | undefined> {
  const row = await rowOf<{ readonly revoked_at: string | null; readonly expires_at: string | null }>(
    tx,
    sql`update api_keys
        set replaced_by = ${by}, expires_at = least(expires_at, ${endsAt}::timestamptz),
            revoked_at = case when ${endsAt}::timestamptz <= ${at}::timestamptz then ${at}::timestamptz end
        where workspace_id = ${tx.workspace} and id = ${id} and replaced_by is null and revoked_at is null
          and (expires_at is null or expires_at > ${at}::timestamptz)
        returning revoked_at, expires_at`,
  )
  return row && { revokedAt: isoOf(row.revoked_at), expiresAt: isoOf(row.expires_at) }
}

/** Revokes every key of a user that still stands; gives their ids. */
export async function revokeKeysOf(tx: Tx, userId: string, at: string): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly id: string }>(
    tx,
    sql`update api_keys set revoked_at = ${at}
        where workspace_id = ${tx.workspace} and principal_kind = 'user' and principal_id = ${userId}
          and revoked_at is null
        returning id`,
  )
  return rows.map(({ id }) => id)
}

/**
 * The users who administer the workspace, held until the transaction ends: of two who would take each other away, the
 * second one sees what the first one did.
 */
export async function holdAdministrators(tx: Tx): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly user_id: string }>(
    tx,
    sql`select user_id from memberships where workspace_id = ${tx.workspace} and 'admin' = any(roles)
        order by user_id for no key update`,
  )
  return rows.map((row) => row.user_id)
}

/** Removes a user from the workspace, with presence; false when it is no member. */
export async function deleteMember(tx: Tx, userId: string): Promise<boolean> {
  const row = await rowOf<{ readonly user_id: string }>(
    tx,
    sql`delete from memberships where workspace_id = ${tx.workspace} and user_id = ${userId} returning user_id`,
  )
  return row !== undefined
}
