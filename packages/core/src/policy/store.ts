import type { JsonObject, Maturity, PolicyVersion } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { holdForChange } from '../database/hold.ts'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

interface PolicyRow {
  readonly version: number
  readonly document: JsonObject
  readonly reason: string
  readonly created_by: string
  readonly created_at: string
}

/** Writes a version, once every decision by an older one has ended; false when the version is taken. */
export async function insertPolicy(tx: Tx, policy: PolicyVersion): Promise<boolean> {
  await holdForChange(tx, null)
  const inserted = await countOf(
    tx,
    sql`insert into policies (workspace_id, version, document, reason, created_by, created_at)
        values (${tx.workspace}, ${policy.version}, ${JSON.stringify(policy.document)}::jsonb, ${policy.reason},
          ${policy.createdBy}, ${policy.createdAt})
        on conflict do nothing`,
  )
  return inserted === 1
}

/** The newest version, if there is one. */
export async function newestPolicy(tx: Tx): Promise<PolicyVersion | undefined> {
  const row = await rowOf<PolicyRow>(
    tx,
    sql`select version, document, reason, created_by, created_at from policies
        where workspace_id = ${tx.workspace} order by version desc limit 1`,
  )
  return row && toPolicy(row)
}

/** One version, if it exists. */
export async function findPolicy(tx: Tx, version: number): Promise<PolicyVersion | undefined> {
  const row = await rowOf<PolicyRow>(
    tx,
    sql`select version, document, reason, created_by, created_at from policies
        where workspace_id = ${tx.workspace} and version = ${version}`,
  )
  return row && toPolicy(row)
}

/** A page of versions, newest first, one more than the limit. */
export async function listPolicies(
  tx: Tx,
  query: { readonly below: number; readonly limit: number },
): Promise<readonly PolicyVersion[]> {
  const rows = await rowsOf<PolicyRow>(
    tx,
    sql`select version, document, reason, created_by, created_at from policies
        where workspace_id = ${tx.workspace} and version < ${query.below} order by version desc limit ${query.limit + 1}`,
  )
  return rows.map(toPolicy)
}

function toPolicy(row: PolicyRow): PolicyVersion {
  return {
    version: row.version,
    document: row.document,
    reason: row.reason,
    createdBy: row.created_by,
    createdAt: isoOf(row.created_at),
  }
}

/** A record that decides, above the level that everybody begins at. */
export interface LevelInForce {
  readonly agent: string
  readonly capability: string
  readonly maturity: Maturity
}

/** Names the records above student that decide under a policy of trust, and says how many there are. */
export async function listInForce(
  tx: Tx,
  query: { readonly trust: 'agent' | 'capability'; readonly limit: number },
): Promise<{ readonly total: number; readonly named: readonly LevelInForce[] }> {
  const rows = await rowsOf<LevelInForce & { readonly total: string }>(
    tx,
    sql`select agent_id as agent, capability, maturity, count(*) over () as total from maturity_records
        where workspace_id = ${tx.workspace} and (capability = '*') = ${query.trust === 'agent'} and maturity <> 'student'
        order by agent_id, capability limit ${query.limit}`,
  )
  const named = rows.map(({ agent, capability, maturity }) => ({ agent, capability, maturity }))
  return { total: Number(rows[0]?.total ?? 0), named }
}
