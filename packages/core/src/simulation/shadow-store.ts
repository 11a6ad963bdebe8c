import type { ShadowedDecision, SimulatedRoute } from '@preceptor/client'
import { type SQL, sql } from 'drizzle-orm'
import { isoOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { PastQuery } from './past-store.ts'

/**
 * What ran at a capability that the policy of its decision only watched. A decision can be written a moment before its
 * policy by another clock; an hour is more than the gate bears between clocks.
 */
function ranInShadow(tx: Tx, { from, to, only }: PastQuery): SQL {
  const isVisible = only === null ? sql`true` : sql`j.agent_id = any(${sql.param(only)}::text[])`
  return sql`from journal j
    cross join lateral (select j.body::json -> 'decision' as decision, j.body::json ->> 'digest' as digest) m
    join policies p on p.workspace_id = j.workspace_id and p.version = (m.decision ->> 'policyVersion')::int
    join actions a on a.workspace_id = j.workspace_id and a.name = m.decision ->> 'action' and a.digest = m.digest
    where j.workspace_id = ${tx.workspace} and j.kind = 'decision.made' and ${isVisible}
      and j.recorded_at <= ${to}::timestamptz
      and j.recorded_at >= greatest(${from}::timestamptz, (
        select min(o.created_at) - interval '1 hour' from policies o
        where o.workspace_id = ${tx.workspace} and jsonb_array_length(coalesce(o.document -> 'shadow', '[]')) > 0))
      and exists (select 1 from policies o
        where o.workspace_id = ${tx.workspace} and jsonb_array_length(coalesce(o.document -> 'shadow', '[]')) > 0)
      and m.decision ->> 'route' = 'execution' and p.document -> 'shadow' @> to_jsonb(a.capability)`
}

/** So many attempts that the policy would have sent on one route: of a capability, of an agent or an action at it. */
export interface ShadowCountRow {
  readonly capability: string
  readonly agent: string | null
  readonly action: string | null
  readonly would: SimulatedRoute
  readonly count: number
}

/** Counts what ran in shadow, each attempt three times: for its capability, for its agent, for its action. */
export function countShadowed(tx: Tx, query: PastQuery): Promise<readonly ShadowCountRow[]> {
  return rowsOf<ShadowCountRow>(
    tx,
    sql`select r.capability, r.agent, r.action, r.would, count(*)::int as count from (
          select a.capability, j.agent_id as agent, a.name as action,
            coalesce(m.decision -> 'shadow' ->> 'route', 'execution') as would
          ${ranInShadow(tx, query)}
        ) r
        group by grouping sets ((r.capability, r.would), (r.capability, r.agent, r.would), (r.capability, r.action, r.would))`,
  )
}

/** Reads the newest that would not just have run. */
export async function listShadowed(tx: Tx, query: PastQuery, limit: number): Promise<readonly ShadowedDecision[]> {
  const rows = await rowsOf<ShadowedDecision>(
    tx,
    sql`select m.decision ->> 'id' as id, j.agent_id as agent, a.name as action, a.capability,
          m.decision ->> 'decidedAt' as "decidedAt", m.decision -> 'shadow' ->> 'route' as would,
          m.decision -> 'shadow' ->> 'code' as code, m.decision ->> 'reason' as reason
        ${ranInShadow(tx, query)} and m.decision -> 'shadow' ->> 'route' is not null
        order by j.recorded_at desc, j.position desc limit ${limit}`,
  )
  return rows.map((row) => ({ ...row, decidedAt: isoOf(row.decidedAt) }))
}
