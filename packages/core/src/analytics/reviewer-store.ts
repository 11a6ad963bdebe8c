import { sql } from 'drizzle-orm'
import { rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { Analysis } from './analysis.ts'
import { exercises, isOfAgents, isWithin } from './filter-store.ts'

/** What one reviewer decided. */
export interface ReviewerCount {
  readonly reviewer: string
  readonly displayName: string | null
  readonly approved: number
  readonly edited: number
  readonly rejected: number
  readonly responded: number
  readonly medianSeconds: number
  /** Decided within less time than it takes to read. */
  readonly fast: number
  /** Those of them that approved without an edit. */
  readonly fastApproved: number
}

/**
 * Counts what reviewers decided in a range, those with the most decisions first. The time of a decision goes from the
 * first look that is on record, else from the making of the version that was there to be looked at.
 */
export function countReviews(
  tx: Tx,
  analysis: Analysis,
  { fastSeconds, limit }: { readonly fastSeconds: number; readonly limit: number },
): Promise<readonly ReviewerCount[]> {
  return rowsOf(
    tx,
    sql`with looks as (
          select j.subject_id as proposal_id, j.body::json ->> 'actor' as viewer, min(j.recorded_at) as at
          from journal j
          where j.workspace_id = ${tx.workspace} and j.kind = 'viewer.joined'
            -- No proposal is older than that when it is decided on.
            and j.recorded_at >= ${analysis.range.from}::timestamptz - interval '30 days'
            and j.recorded_at < ${analysis.range.to}::timestamptz
          group by 1, 2
        ), reviews as (
          select r.reviewer, r.verdict, greatest(0, extract(epoch from r.created_at - coalesce(
              least(case when l.at <= r.created_at then l.at end,
                case when p.acknowledged_by = r.reviewer and p.acknowledged_at <= r.created_at
                  then p.acknowledged_at end),
              -- Whoever edits makes the version that is approved then.
              (select v.created_at from proposal_versions v where v.proposal_id = r.proposal_id
                and v.version = case when r.verdict = 'edit' then r.version - 1 else r.version end),
              p.created_at)))::float8 as seconds
          from proposal_reviews r
          join proposals p on p.workspace_id = r.workspace_id and p.id = r.proposal_id
          left join looks l on l.proposal_id = r.proposal_id and l.viewer = r.reviewer
          where r.workspace_id = ${tx.workspace} and ${isWithin('r.created_at', analysis.range)}
            and ${isOfAgents('p.agent_id', analysis)}
            and ${exercises(tx, { name: 'p.action', digest: 'p.digest' }, analysis)}
        ), counted as (
          select reviewer, (count(*) filter (where verdict = 'approve'))::int as approved,
            (count(*) filter (where verdict = 'edit'))::int as edited,
            (count(*) filter (where verdict = 'reject'))::int as rejected,
            (count(*) filter (where verdict = 'respond'))::int as responded,
            percentile_cont(0.5) within group (order by seconds) as "medianSeconds",
            (count(*) filter (where seconds < ${fastSeconds}))::int as fast,
            (count(*) filter (where seconds < ${fastSeconds} and verdict = 'approve'))::int as "fastApproved"
          from reviews group by reviewer
          order by count(*) desc, reviewer limit ${limit}
        )
        select c.*, coalesce(m.display_name, a.display_name) as "displayName" from counted c
        left join memberships m on m.workspace_id = ${tx.workspace} and 'user:' || m.user_id = c.reviewer
        left join agents a on a.workspace_id = ${tx.workspace} and 'agent:' || a.id = c.reviewer
        order by c.approved + c.edited + c.rejected + c.responded desc, c.reviewer`,
  )
}
