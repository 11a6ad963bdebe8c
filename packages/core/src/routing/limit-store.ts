import { sql } from 'drizzle-orm'
import { countOf, rowOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

/** What a limit is counted by, in one window of time. */
export interface LimitCounter {
  /** An agent, `target:` and a hash, or `*` for the workspace. */
  readonly subject: string
  /** Name of the limit. */
  readonly name: string
  /** ISO 8601. */
  readonly windowStart: string
}

/** Reads how much of a limit is used in its present window. */
export async function readLimitUse(tx: Tx, { subject, name, windowStart }: LimitCounter): Promise<number> {
  const row = await rowOf<{ readonly used: string }>(
    tx,
    sql`select used from limit_counters where workspace_id = ${tx.workspace} and subject = ${subject}
          and name = ${name} and window_start = ${windowStart}`,
  )
  return Number(row?.used ?? 0)
}

/**
 * Uses up part of a limit, and notes under which claim; false when not enough is left. Two at once wait for each other
 * here: together they never use more than there is.
 */
export async function consumeLimit(
  tx: Tx,
  use: LimitCounter & {
    readonly most: number
    readonly cost: number
    readonly claim: { readonly executionId: string; readonly fence: number } | null
  },
): Promise<boolean> {
  const { subject, name, windowStart, most, cost, claim } = use
  if (cost > most) return false
  const row = await rowOf<{ readonly counted: number }>(
    tx,
    sql`with counted as (
          insert into limit_counters (workspace_id, subject, name, window_start, used)
          values (${tx.workspace}, ${subject}, ${name}, ${windowStart}, ${cost})
          on conflict (workspace_id, subject, name, window_start)
          do update set used = limit_counters.used + ${cost} where limit_counters.used + ${cost} <= ${most}
          returning 1),
        noted as (
          insert into limit_uses (workspace_id, execution_id, fence, subject, name, window_start, used)
          select ${tx.workspace}, ${claim?.executionId ?? null}, ${claim?.fence ?? null}, ${subject}, ${name},
            ${windowStart}, ${cost} from counted where ${claim !== null})
        select count(*)::int as counted from counted`,
  )
  return row?.counted === 1
}

/** Gives back what a claim used of the limits under which nothing ran. */
export async function returnLimitUses(
  tx: Tx,
  { executionId, fence }: { readonly executionId: string; readonly fence: number },
): Promise<void> {
  await countOf(
    tx,
    sql`with returned as (
          delete from limit_uses
          where workspace_id = ${tx.workspace} and execution_id = ${executionId} and fence = ${fence}
          returning subject, name, window_start, used)
        update limit_counters c set used = c.used - r.used from returned r
        where c.workspace_id = ${tx.workspace} and c.subject = r.subject and c.name = r.name
          and c.window_start = r.window_start`,
  )
}
