import type { JsonObject, QueueEntry, Risk } from '@preceptor/client'
import { type SQL, sql } from 'drizzle-orm'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import { maskArgs } from '../journal/mask-sensitive.ts'
import type { SensitivePath } from '../journal/redact-schema.ts'
import type { RecordListQuery } from '../kernel/record-list-query.ts'

/** A run that waits for a supervisor. */
export interface NewQueueEntry {
  readonly id: string
  readonly agent: string
  readonly decisionId: string
  readonly idempotencyKey: string
  readonly action: string
  readonly digest: string
  readonly args: JsonObject
  /** Places of the args that are hidden. */
  readonly sensitive: readonly SensitivePath[]
  readonly argsHash: string
  readonly risk: Risk
  readonly source: string
  readonly type: string | null
  readonly resource: string | null
  readonly askedBy: string
  readonly delegation: readonly string[]
  /** Who runs it: a worker that has it registered, or who asked. */
  readonly executor: 'caller' | 'registered'
  readonly priority: number
  readonly expiresAt: string
  readonly at: string
}

/** Writes a queue entry; false when its key has one already. */
export async function insertQueueEntry(tx: Tx, entry: NewQueueEntry): Promise<boolean> {
  const inserted = await countOf(
    tx,
    sql`insert into supervised_queue (id, workspace_id, agent_id, decision_id, idempotency_key, action, digest, args,
          args_hash, risk, source, type, resource, asked_by, delegation, executor, priority, state, expires_at,
          created_at, updated_at, sensitive)
        values (${entry.id}, ${tx.workspace}, ${entry.agent}, ${entry.decisionId}, ${entry.idempotencyKey},
          ${entry.action}, ${entry.digest}, ${JSON.stringify(entry.args)}::jsonb, ${entry.argsHash}, ${entry.risk},
          ${entry.source}, ${entry.type}, ${entry.resource}, ${entry.askedBy}, ${sql.param(entry.delegation)}::text[],
          ${entry.executor}, ${entry.priority}, 'pending', ${entry.expiresAt}, ${entry.at}, ${entry.at}, ${JSON.stringify(entry.sensitive)}::jsonb)
        on conflict (workspace_id, agent_id, idempotency_key) do nothing`,
  )
  return inserted === 1
}

/** Finds an entry that waits for the same caller to do the same. */
export async function findWaiting(
  tx: Tx,
  entry: Pick<NewQueueEntry, 'agent' | 'action' | 'digest' | 'argsHash' | 'askedBy' | 'at'>,
): Promise<Pick<NewQueueEntry, 'id' | 'expiresAt'> | undefined> {
  const row = await rowOf<{ readonly id: string; readonly expires_at: string }>(
    tx,
    sql`select id, expires_at from supervised_queue where workspace_id = ${tx.workspace} and agent_id = ${entry.agent}
          and action = ${entry.action} and digest = ${entry.digest} and args_hash = ${entry.argsHash}
          and asked_by = ${entry.askedBy} and executor = 'caller' and state = 'pending' and expires_at > ${entry.at}
        order by created_at, id limit 1`,
  )
  return row && { id: row.id, expiresAt: isoOf(row.expires_at) }
}

/** Finds the queue entry of an attempt. */
export async function findQueueEntryByKey(
  tx: Tx,
  attempt: { readonly agent: string; readonly idempotencyKey: string },
): Promise<
  | (Pick<NewQueueEntry, 'id' | 'decisionId' | 'action' | 'argsHash' | 'expiresAt'> & Pick<QueueEntry, 'state'>)
  | undefined
> {
  const row = await rowOf<{
    readonly id: string
    readonly decision_id: string
    readonly action: string
    readonly args_hash: string
    readonly state: QueueEntry['state']
    readonly expires_at: string
  }>(
    tx,
    sql`select id, decision_id, action, args_hash, state, expires_at from supervised_queue where workspace_id = ${tx.workspace}
          and agent_id = ${attempt.agent} and idempotency_key = ${attempt.idempotencyKey}`,
  )
  if (row === undefined) return undefined
  const { id, decision_id: decisionId, action, args_hash: argsHash, state } = row
  return { id, decisionId, action, argsHash, state, expiresAt: isoOf(row.expires_at) }
}

interface QueueRow {
  readonly id: string
  readonly agent_id: string
  readonly decision_id: string
  readonly action: string
  readonly args: JsonObject
  readonly sensitive: readonly SensitivePath[]
  readonly risk: Risk
  readonly source: string
  readonly priority: number
  readonly state: QueueEntry['state']
  readonly executor: QueueEntry['executor']
  readonly attempt: number
  readonly session_id: string | null
  readonly offered_to: string | null
  readonly execution_id: string | null
  readonly execution_state: string | null
  readonly reason: string | null
  readonly expires_at: string
  readonly created_at: string
  readonly started_at: string | null
  readonly settled_at: string | null
}

const SHOWN: SQL = sql.raw(`select q.*, e.id as execution_id, e.state as execution_state from supervised_queue q
  left join executions e on e.queue_entry_id = q.id`)

/** Finds a queue entry by id. */
export async function findQueueEntry(tx: Tx, id: string): Promise<QueueEntry | undefined> {
  const row = await rowOf<QueueRow>(tx, sql`${SHOWN} where q.workspace_id = ${tx.workspace} and q.id = ${id}`)
  return row && toQueueEntry(row)
}

/** Reads a page of queue entries, newest first, one more than the limit. */
export async function listQueueEntries(tx: Tx, query: RecordListQuery): Promise<readonly QueueEntry[]> {
  const rows = await rowsOf<QueueRow>(
    tx,
    sql`${SHOWN} where q.workspace_id = ${tx.workspace}
          and (${query.agent}::text is null or q.agent_id = ${query.agent})
          and (${sql.param(query.only)}::text[] is null or q.agent_id = any(${sql.param(query.only)}::text[]))
          and (${query.state}::text is null or q.state = ${query.state}
            or (${query.state} = 'active' and q.state in ('pending', 'executing')))
          and (${query.before?.at ?? null}::timestamptz is null
            or (q.created_at, q.id) < (${query.before?.at ?? null}::timestamptz, ${query.before?.id ?? null}))
        order by q.created_at desc, q.id desc limit ${query.limit + 1}`,
  )
  return rows.map(toQueueEntry)
}

function toQueueEntry(row: QueueRow): QueueEntry {
  return {
    id: row.id,
    agent: row.agent_id,
    decisionId: row.decision_id,
    action: row.action,
    args: maskArgs(row.args, row.sensitive),
    risk: row.risk,
    source: row.source,
    priority: row.priority,
    state: row.state,
    executor: row.executor,
    attempt: row.attempt,
    sessionId: row.session_id,
    offeredTo: row.offered_to,
    executionId: row.execution_id,
    outcome: OUTCOMES.find((outcome) => outcome === row.execution_state) ?? null,
    reason: row.reason,
    expiresAt: isoOf(row.expires_at),
    createdAt: isoOf(row.created_at),
    startedAt: isoOf(row.started_at),
    settledAt: isoOf(row.settled_at),
  }
}

const OUTCOMES = ['succeeded', 'failed', 'outcome_unknown'] as const

/** What waits, as far as a user may watch it, in the order in which it is offered. */
export async function listWaiting(
  tx: Tx,
  query: {
    readonly userId: string
    readonly separationOfDuties: boolean
    /** Agents whose entries the reader may see; null: all of the workspace. */
    readonly only: readonly string[] | null
    readonly at: string
    readonly after: WaitingPlace | null
    readonly limit: number
  },
): Promise<readonly QueueEntry[]> {
  const { after } = query
  const rows = await rowsOf<QueueRow>(
    tx,
    sql`${SHOWN} join agents a on a.workspace_id = q.workspace_id and a.id = q.agent_id
        where q.workspace_id = ${tx.workspace} and q.state = 'pending' and q.expires_at > ${query.at}::timestamptz
          and not (${query.separationOfDuties}::boolean and a.owner_id = ${query.userId})
          and (${sql.param(query.only)}::text[] is null or q.agent_id = any(${sql.param(query.only)}::text[]))
          and (${after?.priority ?? null}::int is null
            or (-q.priority, q.created_at, q.id) > (-${after?.priority ?? 0}::int, ${after?.at ?? null}::timestamptz, ${after?.id ?? null}::text))
        order by q.priority desc, q.created_at, q.id limit ${query.limit + 1}`,
  )
  return rows.map(toQueueEntry)
}

/** A place in the order of the queue. */
export interface WaitingPlace {
  readonly priority: number
  /** ISO 8601, UTC. */
  readonly at: string
  readonly id: string
}

/** Counts the entries of each state, and those that wait for somebody to watch. */
export async function countQueue(
  tx: Tx,
  at: string,
): Promise<{
  readonly states: readonly { readonly state: QueueEntry['state']; readonly count: string }[]
  readonly enqueued: number
  readonly waiting: number
  readonly oldestWaitingSince: string | null
}> {
  const row = await rowOf<{
    readonly states: readonly { readonly state: QueueEntry['state']; readonly count: string }[] | null
    readonly enqueued: string
    readonly waiting: string
    readonly oldest: string | null
  }>(
    tx,
    sql`select
          (select json_agg(json_build_object('state', state, 'count', count)) from (
            select state, count(*)::text as count from supervised_queue where workspace_id = ${tx.workspace} group by state
          ) as counted) as states,
          (select count(*) from journal where workspace_id = ${tx.workspace} and kind = 'queue_entry.created') as enqueued,
          count(*) as waiting, min(created_at) as oldest
        from supervised_queue where workspace_id = ${tx.workspace} and state = 'pending'
          and expires_at > ${at}::timestamptz`,
  )
  return {
    states: row?.states ?? [],
    enqueued: Number(row?.enqueued),
    waiting: Number(row?.waiting),
    oldestWaitingSince: isoOf(row?.oldest ?? null),
  }
}
