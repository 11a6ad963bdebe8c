import { type SQL, sql } from 'drizzle-orm'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { Tested } from './canary-due.ts'
import type { Judged, Shown } from './reviewer-standing.ts'

/** Lets nobody else in the workspace begin or end a review until the transaction ends: what is counted stays so. */
export async function holdReviews(tx: Tx): Promise<void> {
  const name = JSON.stringify(['preceptor', 'reviews', tx.workspace])
  await rowsOf(tx, sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))::text`)
}

/** Whether an agent may review, as it is stored. */
export interface ReviewerRow {
  readonly agent: string
  readonly state: 'active' | 'suspended'
  readonly changedBy: string
  readonly reason: string | null
  readonly changedAt: string
}

interface StoredRow {
  readonly agent_id: string
  readonly state: 'active' | 'suspended'
  readonly changed_by: string
  readonly reason: string | null
  readonly changed_at: string
}

/** Makes an agent a reviewer that was none. */
export async function ensureReviewer(
  tx: Tx,
  agent: string,
  { by, at }: { readonly by: string; readonly at: string },
): Promise<void> {
  await countOf(
    tx,
    sql`insert into reviewers (workspace_id, agent_id, state, counts_from, changed_by, changed_at)
        values (${tx.workspace}, ${agent}, 'active', ${at}, ${by}, ${at}) on conflict do nothing`,
  )
}

/** Lists some reviewers, or those after an id, at most so many. */
export async function listReviewerRows(
  tx: Tx,
  query: { readonly only: readonly string[] } | { readonly after: string; readonly limit: number },
): Promise<readonly ReviewerRow[]> {
  const chosen =
    'only' in query
      ? sql`agent_id = any(${sql.param(query.only)}::text[])`
      : sql`agent_id > ${query.after} order by agent_id limit ${query.limit}`
  const rows = await rowsOf<StoredRow>(
    tx,
    sql`select * from reviewers where workspace_id = ${tx.workspace} and ${chosen}`,
  )
  return rows.map(({ agent_id: agent, state, changed_by: changedBy, reason, changed_at }) => ({
    agent,
    state,
    changedBy,
    reason,
    changedAt: isoOf(changed_at),
  }))
}

/** Moves a reviewer; false when it was not in the state before. Back in, its record begins anew after that moment. */
export async function moveReviewer(
  tx: Tx,
  move: {
    readonly agent: string
    readonly to: 'active' | 'suspended'
    readonly by: string
    readonly reason: string
    readonly at: string
  },
): Promise<boolean> {
  const from = move.to === 'active' ? 'suspended' : 'active'
  const changed = await countOf(
    tx,
    sql`update reviewers set state = ${move.to}, changed_by = ${move.by}, reason = ${move.reason}, changed_at = ${move.at},
          counts_from = case when ${move.to} = 'active' then ${move.at}::timestamptz + interval '1 millisecond'
            else counts_from end
        where workspace_id = ${tx.workspace} and agent_id = ${move.agent} and state = ${from}`,
  )
  return changed === 1
}

/** What a reviewer has shown, and when it was last tested. */
export interface ShownBefore extends Shown, Omit<Tested, 'by'> {
  readonly load: number
}

const MOST_JUDGED = 500

/** Reads what a reviewer has shown since it counts, by what it is bound to now. */
export async function readShown(
  tx: Tx,
  { reviewer, by, busySince }: { readonly reviewer: string; readonly by: string; readonly busySince: string },
): Promise<ShownBefore> {
  const counts = await rowOf<{
    readonly caught: string
    readonly missed: string
    readonly decided: string
    readonly last_canary: string | null
    readonly since_canary: string
    readonly at_canaries: string
    readonly load: string
  }>(
    tx,
    sql`with own as (
          select v.* from reviews v join reviewers r on r.workspace_id = v.workspace_id and r.agent_id = v.reviewer_id
          where v.workspace_id = ${tx.workspace} and v.reviewer_id = ${reviewer} and v.made_by = ${by}
            and v.created_at >= r.counts_from
        ), canary as (
          select max(created_at) as at from own where kind = 'canary' and state = 'completed' and not is_fault)
        select count(*) filter (where kind = 'canary' and verdict <> 'approve' and not is_fault) as caught,
          count(*) filter (where kind = 'canary' and verdict = 'approve') as missed,
          count(*) filter (where effect <> 'none') as decided,
          (select at from canary) as last_canary,
          count(*) filter (where kind = 'canary' and state = 'asked' and created_at > ${busySince}) as at_canaries,
          count(*) filter (where kind <> 'canary' and created_at >= coalesce((select at from canary), '-infinity')) as since_canary,
          (select count(*) from reviews b where b.workspace_id = ${tx.workspace} and b.reviewer_id = ${reviewer}
            and b.state = 'asked' and b.created_at > ${busySince}) as load
        from own`,
  )
  const judged = await readJudged(tx, { reviewer, by })
  return {
    judged,
    caught: Number(counts?.caught ?? 0),
    missed: Number(counts?.missed ?? 0),
    decided: Number(counts?.decided ?? 0),
    lastCanaryAt: isoOf(counts?.last_canary ?? null),
    sinceCanary: Number(counts?.since_canary ?? 0),
    atCanaries: Number(counts?.at_canaries ?? 0),
    load: Number(counts?.load ?? 0),
  }
}

/** What people made of its verdicts, the newest first: of a proposal as they decided it, of a step as they judged its run. */
export async function readJudged(
  tx: Tx,
  { reviewer, by }: { readonly reviewer: string; readonly by: string },
): Promise<readonly Judged[]> {
  return rowsOf<Judged>(
    tx,
    // What people made another version of before they decided was another action by then.
    sql`with own as (
          select v.* from reviews v join reviewers r on r.workspace_id = v.workspace_id and r.agent_id = v.reviewer_id
          where v.workspace_id = ${tx.workspace} and v.reviewer_id = ${reviewer} and v.made_by = ${by}
            and v.created_at >= r.counts_from and v.kind <> 'canary' and not v.is_fault)
        (select v.risk, (v.verdict = 'approve' and d.verdict = 'approve' or v.verdict = 'deny' and d.verdict = 'reject') as agreed,
          false as "isStep", v.created_at, v.id
        from own v cross join lateral (
          select p.verdict, p.version from proposal_reviews p
          where p.workspace_id = v.workspace_id and p.proposal_id = v.proposal_id and p.version >= v.version
            and p.reviewer like 'user:%' and p.created_at >= v.created_at
          order by p.created_at, p.id limit 1) d
        where v.kind = 'proposal' and v.effect = 'none'
          and (v.verdict = 'approve' or v.verdict = 'deny' and d.verdict in ('approve', 'reject'))
          and (d.version = v.version or d.version = v.version + 1 and d.verdict = 'edit'))
        union all
        (select v.risk, not j.intervened and coalesce(w.rating, 0) >= 4, true, v.created_at, v.id
        from own v join supervision_sessions w on w.id = v.session_id
        cross join lateral (select exists (${AGAINST}) as intervened) j
        where v.kind = 'step' and v.effect = 'approved' and (j.intervened or v.is_sampled and w.rating is not null))
        order by created_at desc, id desc limit ${MOST_JUDGED}`,
  )
}

// An intervention is against the step that it names, and else against the last one that had begun by then.
const AGAINST: SQL = sql.raw(`select from interventions i
  where i.workspace_id = v.workspace_id and i.session_id = v.session_id and i.requested_by like 'user:%'
    and i.type in ('correct', 'object', 'terminate') and i.requested_at >= v.completed_at
    and (i.step_id = v.step_id or i.step_id is null and v.step_id = (
      select n.id from session_steps n where n.session_id = v.session_id and n.state = 'started'
        and n.created_at <= i.requested_at order by n.created_at desc, n.id desc limit 1))`)

/** How much the reviewers of the workspace were asked, and how one of them does. */
export async function readReviewUse(
  tx: Tx,
  { reviewer, hourAgo, dayAgo }: { readonly reviewer: string; readonly hourAgo: string; readonly dayAgo: string },
): Promise<{
  readonly asked: number
  readonly characters: number
  readonly faults: number
  readonly lastAt: string | null
}> {
  const row = await rowOf<{
    readonly asked: string
    readonly characters: string
    readonly faults: string
    readonly last_at: string | null
  }>(
    tx,
    sql`with last as (
          select is_fault, completed_at from reviews where workspace_id = ${tx.workspace} and reviewer_id = ${reviewer}
            and state = 'completed' order by completed_at desc, id desc limit 5)
        select count(*) filter (where created_at > ${hourAgo} and made_by <> 'rules') as asked, coalesce(sum(characters), 0) as characters,
          (select count(*) from last where is_fault) as faults, (select max(completed_at) from last) as last_at
        from reviews where workspace_id = ${tx.workspace} and created_at > ${dayAgo}`,
  )
  return {
    asked: Number(row?.asked ?? 0),
    characters: Number(row?.characters ?? 0),
    faults: Number(row?.faults ?? 0),
    lastAt: isoOf(row?.last_at ?? null),
  }
}
