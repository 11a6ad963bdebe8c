import { sql } from 'drizzle-orm'
import { rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

/** When something is due, and how much of it is taken at a time. */
export interface DueQuery {
  /** ISO 8601, UTC. */
  readonly at: string
  readonly limit: number
}

/** A record that has just expired. */
export interface ExpiredRecord {
  readonly id: string
  readonly agent: string
  readonly action: string
  readonly decisionId: string
  /** The state that it left. */
  readonly was: string
}

interface ExpiredRow {
  readonly id: string
  readonly agent_id: string
  readonly action: string
  readonly decision_id: string
  readonly was: string
}

/** Expires proposals that are past their time and not yet being executed; what another transaction holds is left. */
export async function expireDueProposals(tx: Tx, { at, limit }: DueQuery): Promise<readonly ExpiredRecord[]> {
  const rows = await rowsOf<ExpiredRow>(
    tx,
    sql`with due as (
          select id, state from proposals
          where workspace_id = ${tx.workspace} and state in ('pending', 'approved') and expires_at <= ${at}
          order by expires_at limit ${limit} for update skip locked
        )
        update proposals p set state = 'expired', updated_at = ${at} from due
        where p.id = due.id and p.state = due.state
        returning p.id, p.agent_id, p.action, p.decision_id, due.state as was`,
  )
  return rows.map(toExpired)
}

function toExpired(row: ExpiredRow): ExpiredRecord {
  return { id: row.id, agent: row.agent_id, action: row.action, decisionId: row.decision_id, was: row.was }
}

/** Finds the workspaces with proposals past their time. */
export async function findDueProposals(tx: Tx, at: string): Promise<readonly string[]> {
  return workspacesOf(
    tx,
    sql`select distinct workspace_id from proposals where state in ('pending', 'approved') and expires_at <= ${at}`,
  )
}

/** Finds the workspaces with queue entries past their time. */
export async function findDueQueueEntries(tx: Tx, at: string): Promise<readonly string[]> {
  return workspacesOf(
    tx,
    sql`select distinct workspace_id from supervised_queue where state = 'pending' and expires_at <= ${at}`,
  )
}

/** Finds the workspaces with claims whose lease lapsed. */
export async function findLostExecutions(tx: Tx, at: string): Promise<readonly string[]> {
  return workspacesOf(
    tx,
    sql`select distinct workspace_id from executions where state = 'claimed' and lease_expires_at < ${at}`,
  )
}

/** Finds the workspaces with open sessions, in which some may have been left idle. */
export async function findOpenSessions(tx: Tx): Promise<readonly string[]> {
  return workspacesOf(
    tx,
    sql`select distinct workspace_id from supervision_sessions where state not in ('completed', 'terminated', 'failed')`,
  )
}

/** Finds the workspaces that have a journal. */
export async function findJournals(tx: Tx): Promise<readonly string[]> {
  return workspacesOf(tx, sql`select workspace_id from journal_heads`)
}

/** Finds the workspaces of which something is known: all but the one that belongs to everybody. */
export async function findWorkspaces(tx: Tx): Promise<readonly string[]> {
  return workspacesOf(tx, sql`select workspace_id from journal_heads where workspace_id <> '*'`)
}

async function workspacesOf(tx: Tx, statement: ReturnType<typeof sql>): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly workspace_id: string }>(tx, statement)
  return rows.map((row) => row.workspace_id)
}

/** Removes answers to idempotency keys whose time is over; gives how many. */
export async function pruneIdempotencyKeys(tx: Tx, { at, limit }: DueQuery): Promise<number> {
  return prunedBy(
    tx,
    sql`delete from idempotency_keys where (workspace_id, principal_id, operation, key) in (
          select workspace_id, principal_id, operation, key from idempotency_keys where expires_at <= ${at} limit ${limit}
        )`,
  )
}

/** Removes counters of windows that began before a time; gives how many. */
export async function pruneLimitCounters(tx: Tx, { at, limit }: DueQuery): Promise<number> {
  return prunedBy(
    tx,
    sql`delete from limit_counters where (workspace_id, subject, name, window_start) in (
          select workspace_id, subject, name, window_start from limit_counters where window_start < ${at} limit ${limit}
        )`,
  )
}

/** Removes what claims used in windows that began before a time; gives how many. */
export async function pruneLimitUses(tx: Tx, { at, limit }: DueQuery): Promise<number> {
  return prunedBy(
    tx,
    sql`delete from limit_uses where (workspace_id, execution_id, fence, subject, name) in (
          select workspace_id, execution_id, fence, subject, name from limit_uses where window_start < ${at} limit ${limit}
        )`,
  )
}

/** Removes counts of rate limits whose window ended before a time; gives how many. */
export async function pruneRateLimits(tx: Tx, { at, limit }: DueQuery): Promise<number> {
  return prunedBy(
    tx,
    sql`delete from rate_limits where key in (select key from rate_limits where expire < ${Date.parse(at)} limit ${limit})`,
  )
}

/** Removes deliveries that ended before a time; gives how many. */
export async function pruneDeliveries(tx: Tx, { at, limit }: DueQuery): Promise<number> {
  return prunedBy(
    tx,
    sql`delete from deliveries where id in (select id from deliveries where settled_at < ${at} limit ${limit})`,
  )
}

/** Removes presence sessions that ended before a time; gives how many. */
export async function prunePresenceSessions(tx: Tx, { at, limit }: DueQuery): Promise<number> {
  return prunedBy(
    tx,
    sql`delete from presence_sessions where id in (select id from presence_sessions where ended_at < ${at} limit ${limit})`,
  )
}

async function prunedBy(tx: Tx, deletion: ReturnType<typeof sql>): Promise<number> {
  const row = await rowOf<{ readonly pruned: string }>(
    tx,
    sql`with gone as (${deletion} returning 1) select count(*) as pruned from gone`,
  )
  return Number(row?.pruned ?? 0)
}
