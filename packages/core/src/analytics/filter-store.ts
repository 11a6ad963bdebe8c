import type { AnalyticsRange } from '@preceptor/client'
import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../database/transaction.ts'
import type { Analysis } from './analysis.ts'

/** Whether a time lies in a range. */
export function isWithin(column: string, { from, to }: Pick<AnalyticsRange, 'from' | 'to'>): SQL {
  const time = sql.raw(column)
  return sql`${time} >= ${from}::timestamptz and ${time} < ${to}::timestamptz`
}

/** Whether an agent is one that is asked about. */
export function isOfAgents(column: string, { agent, only }: Pick<Analysis, 'agent' | 'only'>): SQL {
  const id = sql.raw(column)
  const asked = agent === null ? sql`true` : sql`${id} = ${agent}`
  return only === null ? asked : sql`${asked} and ${id} = any(${sql.param(only)}::text[])`
}

/** Whether a capability is the one that is asked about. */
export function isOfCapability(column: string, { capability }: Pick<Analysis, 'capability'>): SQL {
  return capability === null ? sql`true` : sql`${sql.raw(column)} = ${capability}`
}

/** Whether a definition of an action exercises the capability that is asked about. */
export function exercises(
  tx: Tx,
  action: { readonly name: string; readonly digest: string },
  { capability }: Pick<Analysis, 'capability'>,
): SQL {
  if (capability === null) return sql`true`
  return sql`exists (select from actions x where x.workspace_id = ${tx.workspace} and x.name = ${sql.raw(action.name)}
    and x.digest = ${sql.raw(action.digest)} and x.capability = ${capability})`
}

/** The begin of the bucket that a time lies in. */
export function bucketOf(column: string, { bucket }: Pick<AnalyticsRange, 'bucket'>): SQL {
  return sql`date_trunc(${bucket}, ${sql.raw(column)}, 'UTC')`
}
