import { type SQL, sql } from 'drizzle-orm'
import type { ActionRules } from '../actions/store.ts'
import { hadHandIn } from '../agents/store.ts'
import { isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

/** Which decisions are looked at. */
export interface PastQuery {
  readonly from: string
  readonly to: string
  /** Those of these agents; null: all of them. */
  readonly only: readonly string[] | null
}

function decisionsOf(tx: Tx, { from, to, only }: PastQuery): SQL {
  const isVisible = only === null ? sql`true` : sql`j.agent_id = any(${sql.param(only)}::text[])`
  return sql`from journal j where j.workspace_id = ${tx.workspace} and j.kind = 'decision.made'
    and j.recorded_at >= ${from}::timestamptz and j.recorded_at <= ${to}::timestamptz and ${isVisible}`
}

/** Counts the decisions of a time. */
export async function countPastDecisions(tx: Tx, query: PastQuery): Promise<number> {
  const row = await rowOf<{ readonly count: number }>(tx, sql`select count(*)::int as count ${decisionsOf(tx, query)}`)
  return row?.count ?? 0
}

/** What the journal says of a decision, before it is believed. */
export interface PastDecision {
  readonly body: unknown
  readonly position: number
}

/** Reads the newest decisions of a time. */
export async function listPastDecisions(tx: Tx, query: PastQuery, limit: number): Promise<readonly PastDecision[]> {
  const rows = await rowsOf<{ readonly body: unknown; readonly position: string }>(
    tx,
    sql`select j.body::json as body, j.position ${decisionsOf(tx, query)}
        order by j.recorded_at desc, j.position desc limit ${limit}`,
  )
  return rows.map(({ body, position }) => ({ body, position: Number(position) }))
}

/** Something that changed what an agent counts as. */
export interface AgentEvent {
  readonly agent: string
  readonly kind: 'agent.promoted' | 'agent.demoted' | 'agent.capped' | 'agent.attested'
  /** Of a move. */
  readonly capability: string | null
  readonly from: string | null
  /** Its place in the journal. */
  readonly position: number
}

/** Reads what changed some agents, the oldest first. */
export async function listAgentEvents(tx: Tx, agents: readonly string[]): Promise<readonly AgentEvent[]> {
  const rows = await rowsOf<Omit<AgentEvent, 'position'> & { readonly position: string }>(
    tx,
    sql`select j.agent_id as agent, j.kind, j.body::json ->> 'capability' as capability, j.body::json ->> 'from' as "from",
          j.position
        from journal j
        where j.workspace_id = ${tx.workspace} and j.agent_id = any(${sql.param(agents)}::text[])
          and j.kind in ('agent.promoted', 'agent.demoted', 'agent.capped', 'agent.attested')
        order by j.position`,
  )
  return rows.map((row) => ({ ...row, position: Number(row.position) }))
}

/** A definition of an action as the catalogue has it. */
export interface CataloguedRules extends ActionRules {
  readonly digest: string
}

/** Reads the definitions of some actions. */
export function listCatalogued(tx: Tx, names: readonly string[]): Promise<readonly CataloguedRules[]> {
  return rowsOf(
    tx,
    sql`select name, digest, risk, capability, idempotent, ceiling, asks_people as "asksPeople" from actions
        where workspace_id = ${tx.workspace} and name = any(${sql.param(names)}::text[])`,
  )
}

/** A bypass as it was. */
export interface PastBypass {
  readonly id: string
  readonly agent: string | null
  readonly capability: string | null
  readonly action: string | null
  readonly setAt: string
  readonly expiresAt: string
  readonly liftedAt: string | null
  /** When which agents were demoted, or in an incident, since it was set. */
  readonly lapses: readonly { readonly agent: string; readonly at: string }[]
  readonly ownOf: readonly string[]
}

/** Reads the bypasses that were in force at any moment of a time, the oldest first. */
export async function listPastBypasses(
  tx: Tx,
  { from, to, agents }: Omit<PastQuery, 'only'> & { readonly agents: readonly string[] },
): Promise<readonly PastBypass[]> {
  const asked = sql`a.workspace_id = b.workspace_id and a.id = any(${sql.param(agents)}::text[])`
  const rows = await rowsOf<PastBypass>(
    tx,
    sql`select b.id, b.agent_id as agent, b.capability, b.action, b.set_at as "setAt", b.expires_at as "expiresAt",
          b.lifted_at as "liftedAt",
          coalesce((select json_agg(json_build_object('agent', l.agent_id, 'at', l.created_at)) from (
              select t.agent_id, t.created_at from maturity_transitions t
              where t.workspace_id = b.workspace_id and t.agent_id = any(${sql.param(agents)}::text[])
                and t.created_at >= b.set_at and preceptor_level(t.to_maturity) < preceptor_level(t.from_maturity)
              union all
              select i.agent_id, i.created_at from incidents i
              where i.workspace_id = b.workspace_id and i.agent_id = any(${sql.param(agents)}::text[])
                and i.created_at >= b.set_at
            ) as l), '[]'::json) as lapses,
          array(select a.id from agents a where ${asked} and ${hadHandIn(sql`array[b.user_id]`)}) as "ownOf"
        from bypasses b
        where b.workspace_id = ${tx.workspace} and b.set_at <= ${to}::timestamptz
          and b.expires_at > ${from}::timestamptz and (b.lifted_at is null or b.lifted_at > ${from}::timestamptz)
        order by b.set_at, b.id`,
  )
  return rows.map((row) => ({
    ...row,
    setAt: isoOf(row.setAt),
    expiresAt: isoOf(row.expiresAt),
    liftedAt: isoOf(row.liftedAt),
    lapses: row.lapses.map(({ agent, at }) => ({ agent, at: isoOf(at) })),
  }))
}

/** A session that watched over a run. */
export interface PastSession {
  readonly agent: string
  readonly run: string
  readonly createdAt: string
  readonly endedAt: string | null
  readonly isTerminated: boolean
}

/** Reads the sessions of some runs. */
export async function listPastSessions(tx: Tx, runs: readonly string[]): Promise<readonly PastSession[]> {
  const rows = await rowsOf<PastSession>(
    tx,
    sql`select s.agent_id as agent, s.run, s.created_at as "createdAt", s.ended_at as "endedAt",
          s.state = 'terminated' as "isTerminated"
        from supervision_sessions s
        where s.workspace_id = ${tx.workspace} and s.run = any(${sql.param(runs)}::text[])`,
  )
  return rows.map((row) => ({ ...row, createdAt: isoOf(row.createdAt), endedAt: isoOf(row.endedAt) }))
}
