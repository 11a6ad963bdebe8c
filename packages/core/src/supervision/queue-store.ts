import type { JsonObject, QueueEntry, Risk } from '@preceptor/client'
import { sql } from 'drizzle-orm'
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
  readonly priority: number
  readonly expiresAt: string
  readonly at: string
}

/** Writes a queue entry; false when its key has one already. */
export async function insertQueueEntry(tx: Tx, entry: NewQueueEntry): Promise<boolean> {
  const inserted = await countOf(
    tx,
    sql`insert into supervised_queue (id, workspace_id, agent_id, decision_id, idempotency_key, action, digest, args,
          args_hash, risk, source, type, resource, priority, state, expires_at, created_at, updated_at,
          sensitive)
        values (${entry.id}, ${tx.workspace}, ${entry.agent}, ${entry.decisionId}, ${entry.idempotencyKey},
          ${entry.action}, ${entry.digest}, ${JSON.stringify(entry.args)}::jsonb, ${entry.argsHash}, ${entry.risk},
          ${entry.source}, ${entry.type}, ${entry.resource}, ${entry.priority}, 'pending', ${entry.expiresAt},
          ${entry.at}, ${entry.at}, ${JSON.stringify(entry.sensitive)}::jsonb)
        on conflict (workspace_id, agent_id, idempotency_key) do nothing`,
  )
  return inserted === 1
}

/** Finds the queue entry of an attempt. */
export async function findQueueEntryByKey(
  tx: Tx,
  attempt: { readonly agent: string; readonly idempotencyKey: string },
): Promise<Pick<NewQueueEntry, 'id' | 'decisionId' | 'action' | 'argsHash' | 'expiresAt'> | undefined> {
  const row = await rowOf<{
    readonly id: string
    readonly decision_id: string
    readonly action: string
    readonly args_hash: string
    readonly expires_at: string
  }>(
    tx,
    sql`select id, decision_id, action, args_hash, expires_at from supervised_queue where workspace_id = ${tx.workspace}
          and agent_id = ${attempt.agent} and idempotency_key = ${attempt.idempotencyKey}`,
  )
  if (row === undefined) return undefined
  const { id, decision_id: decisionId, action, args_hash: argsHash } = row
  return { id, decisionId, action, argsHash, expiresAt: isoOf(row.expires_at) }
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
  readonly attempt: number
  readonly expires_at: string
  readonly created_at: string
}

/** Finds a queue entry by id. */
export async function findQueueEntry(tx: Tx, id: string): Promise<QueueEntry | undefined> {
  const row = await rowOf<QueueRow>(
    tx,
    sql`select * from supervised_queue where workspace_id = ${tx.workspace} and id = ${id}`,
  )
  return row && toQueueEntry(row)
}

/** Reads a page of queue entries, newest first, one more than the limit. */
export async function listQueueEntries(tx: Tx, query: RecordListQuery): Promise<readonly QueueEntry[]> {
  const rows = await rowsOf<QueueRow>(
    tx,
    sql`select * from supervised_queue where workspace_id = ${tx.workspace}
          and (${query.agent}::text is null or agent_id = ${query.agent})
          and (${sql.param(query.only)}::text[] is null or agent_id = any(${sql.param(query.only)}::text[]))
          and (${query.state}::text is null or state = ${query.state}
            or (${query.state} = 'active' and state in ('pending', 'executing')))
          and (${query.before?.at ?? null}::timestamptz is null
            or (created_at, id) < (${query.before?.at ?? null}::timestamptz, ${query.before?.id ?? null}))
        order by created_at desc, id desc limit ${query.limit + 1}`,
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
    attempt: row.attempt,
    expiresAt: isoOf(row.expires_at),
    createdAt: isoOf(row.created_at),
  }
}
