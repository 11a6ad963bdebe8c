import type { BlockedTrigger, JsonObject, Maturity, Route } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import { maskArgs } from '../journal/mask-sensitive.ts'
import type { SensitivePath } from '../journal/redact-schema.ts'
import { redactText } from '../journal/redact-text.ts'
import type { RecordListQuery } from '../kernel/record-list-query.ts'

interface BlockedTriggerRow {
  readonly id: string
  readonly agent_id: string
  readonly decision_id: string
  readonly source: string
  readonly type: string | null
  readonly action: string
  readonly args: JsonObject
  readonly sensitive: readonly SensitivePath[]
  readonly resource: string | null
  readonly maturity: Maturity
  readonly confidence: number
  readonly route: Route
  readonly training_proposal_id: string
  readonly offered_at: string | null
  readonly resolved_at: string | null
  readonly resolution: string | null
  readonly created_at: string
}

/** Finds a blocked trigger by id. */
export async function findBlockedTrigger(tx: Tx, id: string): Promise<BlockedTrigger | undefined> {
  const row = await rowOf<BlockedTriggerRow>(
    tx,
    sql`select * from blocked_triggers where workspace_id = ${tx.workspace} and id = ${id}`,
  )
  return row && toBlockedTrigger(row)
}

/** A page of blocked triggers, as the store reads it. */
export interface BlockedListQuery extends RecordListQuery {
  /** Those behind this training proposal only. */
  readonly proposal: string | null
}

/** Reads a page of blocked triggers, newest first, one more than the limit. */
export async function listBlockedTriggers(tx: Tx, query: BlockedListQuery): Promise<readonly BlockedTrigger[]> {
  const rows = await rowsOf<BlockedTriggerRow>(
    tx,
    sql`select * from blocked_triggers where workspace_id = ${tx.workspace}
          and (${query.agent}::text is null or agent_id = ${query.agent})
          and (${sql.param(query.only)}::text[] is null or agent_id = any(${sql.param(query.only)}::text[]))
          and (${query.proposal}::text is null or training_proposal_id = ${query.proposal})
          and (${query.state}::text is null
            or (${query.state} = 'active' and resolved_at is null)
            or (${query.state} = 'open' and resolved_at is null and offered_at is null)
            or (${query.state} = 'offered' and resolved_at is null and offered_at is not null)
            or (${query.state} = 'resolved' and resolved_at is not null))
          and (${query.before?.at ?? null}::timestamptz is null
            or (created_at, id) < (${query.before?.at ?? null}::timestamptz, ${query.before?.id ?? null}))
        order by created_at desc, id desc limit ${query.limit + 1}`,
  )
  return rows.map(toBlockedTrigger)
}

function toBlockedTrigger(row: BlockedTriggerRow): BlockedTrigger {
  return {
    id: row.id,
    agent: row.agent_id,
    decisionId: row.decision_id,
    source: row.source,
    type: row.type,
    action: row.action,
    args: maskArgs(row.args, row.sensitive),
    resource: row.resource === null ? null : redactText(row.resource),
    maturity: row.maturity,
    confidence: row.confidence,
    route: row.route,
    trainingProposalId: row.training_proposal_id,
    offeredAt: isoOf(row.offered_at),
    resolvedAt: isoOf(row.resolved_at),
    resolution: row.resolution,
    createdAt: isoOf(row.created_at),
  }
}

/** A blocked attempt with all that it takes to make it again. */
export interface BlockedAttempt {
  readonly record: BlockedTrigger
  /** As they were; those of the record are masked for readers, and its resource is redacted. */
  readonly args: JsonObject
  readonly resource: string | null
  readonly context: JsonObject | null
  /** Name of the principal who asked. */
  readonly askedBy: string
  readonly delegation: readonly string[]
  /** How often it was blocked again when it was retried. */
  readonly retries: number
}

/** Finds a blocked attempt by id. */
export async function findBlockedAttempt(tx: Tx, id: string): Promise<BlockedAttempt | undefined> {
  const row = await rowOf<
    BlockedTriggerRow & {
      readonly context: JsonObject | null
      readonly asked_by: string | null
      readonly delegation: string[]
      readonly retries: string
    }
  >(
    tx,
    sql`select b.*, (select count(*) from blocked_triggers a where a.workspace_id = b.workspace_id
            and a.agent_id = b.agent_id and a.idempotency_key like 'retry:' || b.id || ':%') as retries
        from blocked_triggers b where b.workspace_id = ${tx.workspace} and b.id = ${id}`,
  )
  if (row === undefined) return undefined
  return {
    record: toBlockedTrigger(row),
    args: row.args,
    resource: row.resource,
    context: row.context,
    askedBy: row.asked_by ?? `agent:${row.agent_id}`,
    delegation: row.delegation,
    retries: Number(row.retries),
  }
}

/** Resolves a blocked trigger, once; false when it was. */
export async function resolveBlocked(
  tx: Tx,
  resolved: { readonly id: string; readonly resolution: string; readonly by: string; readonly at: string },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update blocked_triggers set resolved_at = ${resolved.at}, resolution = ${resolved.resolution},
          resolved_by = ${resolved.by}
        where workspace_id = ${tx.workspace} and id = ${resolved.id} and resolved_at is null`,
  )
  return changed === 1
}

/** Offers what was blocked for a course for another attempt; gives how many. */
export function offerBlocked(tx: Tx, offer: { readonly proposal: string; readonly at: string }): Promise<number> {
  return countOf(
    tx,
    sql`update blocked_triggers set offered_at = ${offer.at}
        where workspace_id = ${tx.workspace} and training_proposal_id = ${offer.proposal} and resolved_at is null
          and offered_at is null`,
  )
}

/** Finds what is offered of a course, oldest first. */
export async function listOffered(
  tx: Tx,
  query: { readonly proposal: string; readonly limit: number },
): Promise<readonly BlockedTrigger[]> {
  const rows = await rowsOf<BlockedTriggerRow>(
    tx,
    sql`select * from blocked_triggers
        where workspace_id = ${tx.workspace} and training_proposal_id = ${query.proposal} and resolved_at is null
          and offered_at is not null
        order by created_at, id limit ${query.limit}`,
  )
  return rows.map(toBlockedTrigger)
}
