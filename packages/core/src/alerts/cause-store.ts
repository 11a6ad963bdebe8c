import type { AlertCode } from '@preceptor/client'
import { type SQL, sql } from 'drizzle-orm'
import { rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { Cause } from './standing-rule.ts'

/** What a rule finds. */
export interface Findings {
  readonly code: AlertCode
  /** All causes that hold. */
  readonly causes: SQL
}

/** Causes of which no alert is open, or muted. */
export function listNewCauses(
  tx: Tx,
  { code, causes, at, limit }: Findings & { readonly at: string; readonly limit: number },
): Promise<readonly Cause[]> {
  return rowsOf(
    tx,
    sql`select c.subject, c.agent, c.facts from (${causes}) as c
        where not exists (select from alerts l where l.workspace_id = ${tx.workspace} and l.code = ${code}
          and l.subject_id = c.subject and (l.cleared_at is null or l.muted_until > ${at}::timestamptz))
        order by c.subject limit ${limit}`,
  )
}

/** What open alerts of a code are about whose cause does not hold any more. */
export async function listGoneCauses(tx: Tx, { code, causes }: Findings): Promise<readonly string[]> {
  // Most often nothing is open: then the causes are not looked for.
  const rows = await rowsOf<{ readonly subject: string }>(
    tx,
    sql`with opened as materialized (select l.subject_id as subject from alerts l
          where l.workspace_id = ${tx.workspace} and l.code = ${code} and l.cleared_at is null)
        select subject from opened where subject not in (select c.subject from (${causes}) as c) order by subject`,
  )
  return rows.map(({ subject }) => subject)
}

/** Causes that hold, as many as are asked for. */
export function listCauses(tx: Tx, causes: SQL, limit: number): Promise<readonly Cause[]> {
  return rowsOf(tx, sql`select c.subject, c.agent, c.facts from (${causes}) as c order by c.subject limit ${limit}`)
}

/** Causes that were found otherwise, as a query. */
export function knownCauses(causes: readonly Cause[]): SQL {
  return sql`select subject, agent, facts
    from jsonb_to_recordset(${JSON.stringify(causes)}::jsonb) as known(subject text, agent text, facts jsonb)`
}

/** No cause at all. */
export const NO_CAUSES: SQL = sql.raw(
  'select null::text as subject, null::text as agent, null::jsonb as facts where false',
)
