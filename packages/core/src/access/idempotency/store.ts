import type { StoredAnswer } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { countOf, isoOf, rowOf } from '../../database/rows.ts'
import type { Tx } from '../../database/transaction.ts'

/** What one idempotency key belongs to. */
export interface OnceKey {
  readonly principal: string
  readonly operation: string
  readonly key: string
}

/** One try to be the call that does the work. */
export interface OnceClaim extends OnceKey {
  readonly requestHash: string
  /** ISO 8601; it also tells the claims of one key apart. */
  readonly at: string
  readonly expiresAt: string
}

/** What is known of a key that was used before. */
export interface OnceRow {
  readonly requestHash: string
  readonly state: 'in_flight' | 'answered' | 'secret'
  readonly answer: StoredAnswer | null
  readonly claimedAt: string
  readonly expiresAt: string
}

/** Claims a key that was never used; false when it was. */
export async function insertClaim(tx: Tx, claim: OnceClaim): Promise<boolean> {
  const inserted = await countOf(
    tx,
    sql`insert into idempotency_keys (workspace_id, principal_id, operation, key, request_hash, state, created_at,
          expires_at)
        values (${tx.workspace}, ${claim.principal}, ${claim.operation}, ${claim.key}, ${claim.requestHash}, 'in_flight',
          ${claim.at}, ${claim.expiresAt})
        on conflict do nothing`,
  )
  return inserted === 1
}

/** Reads what is known of a key. */
export async function findClaim(tx: Tx, key: OnceKey): Promise<OnceRow | undefined> {
  const row = await rowOf<{
    request_hash: string
    state: OnceRow['state']
    status: number | null
    response: string | null
    created_at: string
    expires_at: string
  }>(
    tx,
    sql`select request_hash, state, status, response #>> '{}' as response, created_at, expires_at
        from idempotency_keys where ${isKey(tx, key)}`,
  )
  if (row === undefined) return undefined
  const answer =
    row.status === null || row.response === null ? null : { status: row.status, body: JSON.parse(row.response) }
  const [claimedAt, expiresAt] = [isoOf(row.created_at), isoOf(row.expires_at)]
  return { requestHash: row.request_hash, state: row.state, answer, claimedAt, expiresAt }
}

/** Claims a key anew whose claim was left behind or whose time is over; false when somebody else was quicker. */
export async function takeClaim(tx: Tx, claim: OnceClaim, from: OnceRow): Promise<boolean> {
  const taken = await countOf(
    tx,
    sql`update idempotency_keys
        set request_hash = ${claim.requestHash}, state = 'in_flight', status = null, response = null,
          created_at = ${claim.at}, expires_at = ${claim.expiresAt}
        where ${isKey(tx, claim)} and state = ${from.state} and created_at = ${from.claimedAt}`,
  )
  return taken === 1
}

/** Stores the answer of the claim; a claim that was taken over in between stays as it is. */
export async function settleClaim(tx: Tx, claim: OnceClaim, answer: StoredAnswer): Promise<void> {
  const isSecret = answer.secret === true
  // A JSON text inside a JSON string: jsonb would reorder keys and refuse NUL.
  const response = isSecret ? null : JSON.stringify(JSON.stringify(answer.body))
  await countOf(
    tx,
    sql`update idempotency_keys
        set state = ${isSecret ? 'secret' : 'answered'}, status = ${isSecret ? null : answer.status}::int,
          response = ${response}::jsonb
        where ${isKey(tx, claim)} and state = 'in_flight' and created_at = ${claim.at}`,
  )
}

/** Gives up a claim whose work failed, so that a repeat may try again. */
export async function dropClaim(tx: Tx, claim: OnceClaim): Promise<void> {
  await countOf(
    tx,
    sql`delete from idempotency_keys where ${isKey(tx, claim)} and state = 'in_flight' and created_at = ${claim.at}`,
  )
}

function isKey(tx: Tx, key: OnceKey): ReturnType<typeof sql> {
  return sql`workspace_id = ${tx.workspace} and principal_id = ${key.principal} and operation = ${key.operation}
    and key = ${key.key}`
}
