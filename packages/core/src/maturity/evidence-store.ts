import { type SQL, sql } from 'drizzle-orm'
import { countOf, isoOf, isThere, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { Evidence } from './evidence.ts'

const LEVELS = sql`array['student', 'intern', 'supervised', 'autonomous']`
const IS_DEMOTION = sql`array_position(${LEVELS}, to_maturity) < array_position(${LEVELS}, from_maturity)`

/** One fact about an agent, as it is noted. */
export interface EvidenceFact {
  readonly id: string
  readonly agent: string
  readonly capability: string
  readonly evidence: Evidence
  /** Whether it speaks for the agent; null when it does neither. */
  readonly success: boolean | null
  /** Decided in bulk too fast to be read: it counts half. */
  readonly half: boolean
  /** The people who vouch for it. */
  readonly reviewers: readonly string[]
  /** Together with the kind it counts once. */
  readonly sourceId: string
  readonly actor: string
  readonly reason: string
  readonly at: string
}

/** Notes a fact, to be counted; false when its source was noted before. */
export async function insertEvidence(tx: Tx, fact: EvidenceFact): Promise<boolean> {
  const inserted = await countOf(
    tx,
    sql`insert into evidence (id, workspace_id, agent_id, capability, kind, fact, success, half, reviewers, source_id, actor,
          reason, created_at)
        values (${fact.id}, ${tx.workspace}, ${fact.agent}, ${fact.capability}, ${fact.evidence.kind},
          ${JSON.stringify(fact.evidence)}::jsonb, ${fact.success}, ${fact.half},
          ${sql.param(fact.reviewers)}::text[], ${fact.sourceId}, ${fact.actor}, ${fact.reason}, ${fact.at})
        on conflict do nothing`,
  )
  return inserted === 1
}

/** What a run shows of its agent; where it counts, and from when it is, is read from its claim. */
export type RunFact = Omit<EvidenceFact, 'capability' | 'at' | 'half' | 'reviewers'>

/** The statement that notes a run, if `runs` gives its `capability` and `claimed_at`: a part of what settles it. */
export function insertRunFact(tx: Tx, fact: RunFact, runs: SQL): SQL {
  return sql`insert into evidence (id, workspace_id, agent_id, capability, kind, fact, success, source_id, actor, reason,
      created_at)
    select ${fact.id}, ${tx.workspace}, ${fact.agent}, capability, ${fact.evidence.kind},
      ${JSON.stringify(fact.evidence)}::jsonb, ${fact.success}::boolean, ${fact.sourceId}, ${fact.actor}, ${fact.reason},
      claimed_at from (${runs}) as runs
    on conflict do nothing`
}

interface EvidenceRow {
  readonly id: string
  readonly agent_id: string
  readonly capability: string
  readonly fact: Evidence
  readonly success: boolean | null
  readonly half: boolean
  readonly reviewers: readonly string[]
  readonly source_id: string
  readonly actor: string
  readonly reason: string
  readonly created_at: string
}

/** Lists what was noted of an agent and not yet counted, the oldest first; the caller holds the agent. */
export async function listDueEvidence(
  tx: Tx,
  query: { readonly agent: string; readonly limit: number },
): Promise<readonly EvidenceFact[]> {
  const rows = await rowsOf<EvidenceRow>(
    tx,
    sql`select * from evidence where workspace_id = ${tx.workspace} and agent_id = ${query.agent} and counted_at is null
        order by created_at, id limit ${query.limit}`,
  )
  return rows.map((row) => ({
    id: row.id,
    agent: row.agent_id,
    capability: row.capability,
    evidence: row.fact,
    success: row.success,
    half: row.half,
    reviewers: row.reviewers,
    sourceId: row.source_id,
    actor: row.actor,
    reason: row.reason,
    at: isoOf(row.created_at),
  }))
}

/** Marks facts as counted; false when somebody else counted one of them. */
export async function markCounted(
  tx: Tx,
  counted: { readonly ids: readonly string[]; readonly at: string },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update evidence set counted_at = ${counted.at}
        where workspace_id = ${tx.workspace} and id = any(${sql.param(counted.ids)}::text[]) and counted_at is null`,
  )
  return changed === counted.ids.length
}

/** Lists the agents of the workspace of which something waits to be counted, but for some. */
export async function listAgentsWithDueEvidence(
  tx: Tx,
  { limit, except }: { readonly limit: number; readonly except: readonly string[] },
): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly agent_id: string }>(
    tx,
    sql`select distinct agent_id from evidence where workspace_id = ${tx.workspace} and counted_at is null
          and agent_id <> all(${sql.param(except)}::text[]) limit ${limit}`,
  )
  return rows.map((row) => row.agent_id)
}

/** Finds the workspaces in which something waits to be counted. */
export async function findDueEvidence(tx: Tx): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly workspace_id: string }>(
    tx,
    sql`select distinct workspace_id from evidence where counted_at is null`,
  )
  return rows.map((row) => row.workspace_id)
}

/** What an agent gained since a time: in all, and by the people who vouched for it; basis points. */
export async function gainedSince(
  tx: Tx,
  query: { readonly agent: string; readonly since: string; readonly reviewers: readonly string[] },
): Promise<{ readonly gained: number; readonly gainedThrough: readonly number[] }> {
  const row = await rowOf<{ readonly gained: string; readonly through: Readonly<Record<string, number>> }>(
    tx,
    // Most facts are vouched for by nobody: for those, what was gained is not looked up fact by fact.
    sql`with gains as (
          select capability, source_type, source_id, applied from confidence_entries
          where workspace_id = ${tx.workspace} and agent_id = ${query.agent} and created_at > ${query.since}
            and applied > 0 and kind in ('training', 'supervision', 'proposal', 'run')
        )
        select coalesce((select sum(applied) from gains), 0) as gained,
          coalesce((select jsonb_object_agg(reviewer, total) from (
            select reviewer, sum(applied) as total
            from gains g join evidence e on e.workspace_id = ${tx.workspace} and e.agent_id = ${query.agent}
              and e.capability = g.capability and e.kind = g.source_type and e.source_id = g.source_id,
              unnest(e.reviewers) as reviewer
            where cardinality(${sql.param(query.reviewers)}::text[]) > 0
              and reviewer = any(${sql.param(query.reviewers)}::text[])
            group by reviewer) as of_reviewers), '{}') as through`,
  )
  return {
    gained: Number(row?.gained ?? 0),
    gainedThrough: query.reviewers.map((reviewer) => Number(row?.through[reviewer] ?? 0)),
  }
}

/** Whether an agent was demoted at a capability at a time or after it. */
export async function wasDemotedSince(
  tx: Tx,
  query: { readonly agent: string; readonly capability: string; readonly since: string },
): Promise<boolean> {
  return isThere(
    tx,
    sql`select from maturity_transitions where workspace_id = ${tx.workspace} and agent_id = ${query.agent}
          and capability = ${query.capability} and created_at >= ${query.since}
          and ${IS_DEMOTION}`,
  )
}

/** When an agent was last demoted at each capability at which it was, in milliseconds. */
export async function lastDemotions(tx: Tx, agent: string): Promise<ReadonlyMap<string, number>> {
  const rows = await rowsOf<{ readonly capability: string; readonly at: string }>(
    tx,
    sql`select capability, max(created_at) as at from maturity_transitions
        where workspace_id = ${tx.workspace} and agent_id = ${agent} and ${IS_DEMOTION} group by capability`,
  )
  return new Map(rows.map(({ capability, at }) => [capability, Date.parse(isoOf(at))]))
}

/** What was counted of one kind, by outcome and by who vouches for it. */
export interface CountedEvidence {
  readonly kind: Evidence['kind']
  readonly success: boolean
  readonly half: boolean
  readonly reviewers: readonly string[]
  readonly number: number
}

/** Sums up what was shown of an agent at a capability, and counted, since its last transition. */
export async function summarizeEvidence(
  tx: Tx,
  query: { readonly agent: string; readonly capability: string },
): Promise<readonly CountedEvidence[]> {
  const rows = await rowsOf<Omit<CountedEvidence, 'number'> & { readonly number: string }>(
    tx,
    sql`select e.kind, e.success, e.half, e.reviewers, count(*) as number
        from evidence e join maturity_records m on m.workspace_id = e.workspace_id and m.agent_id = e.agent_id
          and m.capability = e.capability
        where e.workspace_id = ${tx.workspace} and e.agent_id = ${query.agent} and e.capability = ${query.capability}
          and e.counted_at > m.maturity_since and e.created_at > m.maturity_since and e.success is not null
        group by e.kind, e.success, e.half, e.reviewers`,
  )
  return rows.map((row) => ({ ...row, number: Number(row.number) }))
}

/** How many of the last sessions of an agent, in the order in which they were counted, were terminated. */
export async function countRecentTerminations(
  tx: Tx,
  query: { readonly agent: string; readonly capability: string; readonly last: number },
): Promise<number> {
  const row = await rowOf<{ readonly terminated: string }>(
    tx,
    sql`select count(*) filter (where kind = 'termination') as terminated from (
          select kind from evidence where workspace_id = ${tx.workspace} and agent_id = ${query.agent}
            and capability = ${query.capability} and kind in ('supervision', 'termination') and counted_at is not null
          order by counted_at desc, created_at desc, id desc limit ${query.last}) as sessions`,
  )
  return Number(row?.terminated ?? 0)
}
