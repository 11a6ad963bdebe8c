import type { BlockedTrigger, JsonObject, Maturity, Route, TrainingProposal } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import { maskArgs } from '../journal/mask-sensitive.ts'
import type { SensitivePath } from '../journal/redact-schema.ts'
import type { RecordListQuery } from '../kernel/record-list-query.ts'

/** A course that a block asks for. */
export interface NewTrainingProposal {
  readonly id: string
  readonly agent: string
  readonly capability: string
  readonly gaps: readonly string[]
  readonly gapKey: string
  readonly title: string
  readonly plan: JsonObject
  readonly at: string
}

/** Opens a training proposal, or counts one more block on the one that is open for the same gaps. */
export async function openTrainingProposal(
  tx: Tx,
  proposal: NewTrainingProposal,
): Promise<{ readonly id: string; readonly repeats: number }> {
  const row = await rowOf<{ readonly id: string; readonly repeats: number }>(
    tx,
    sql`insert into training_proposals as t (id, workspace_id, agent_id, capability, gaps, gap_key, title, plan, state,
          repeats, created_at, updated_at)
        values (${proposal.id}, ${tx.workspace}, ${proposal.agent}, ${proposal.capability},
          ${sql.param(proposal.gaps)}::text[], ${proposal.gapKey}, ${proposal.title},
          ${JSON.stringify(proposal.plan)}::jsonb, 'proposed', 1, ${proposal.at}, ${proposal.at})
        on conflict (workspace_id, agent_id, gap_key) where state = 'proposed'
        do update set repeats = t.repeats + 1, updated_at = excluded.updated_at
        returning id, repeats`,
  )
  return row ?? { id: proposal.id, repeats: 1 }
}

/** A block, as it is written. */
export interface NewBlockedTrigger {
  readonly id: string
  readonly agent: string
  readonly decisionId: string
  readonly idempotencyKey: string
  readonly source: string
  readonly type: string | null
  readonly action: string
  readonly args: JsonObject
  /** Places of the args that are hidden. */
  readonly sensitive: readonly SensitivePath[]
  readonly argsHash: string
  readonly context: JsonObject | null
  readonly resource: string | null
  readonly maturity: Maturity
  readonly confidence: number
  readonly route: Route
  readonly trainingProposalId: string
  readonly at: string
}

/** Writes a blocked trigger; false when its key has one already. */
export async function insertBlockedTrigger(tx: Tx, blocked: NewBlockedTrigger): Promise<boolean> {
  const context = blocked.context === null ? null : JSON.stringify(blocked.context)
  const inserted = await countOf(
    tx,
    sql`insert into blocked_triggers (id, workspace_id, agent_id, decision_id, idempotency_key, source, type, action,
          args_hash, args, context, resource, maturity, confidence, route, training_proposal_id, created_at,
          sensitive)
        values (${blocked.id}, ${tx.workspace}, ${blocked.agent}, ${blocked.decisionId}, ${blocked.idempotencyKey},
          ${blocked.source}, ${blocked.type}, ${blocked.action}, ${blocked.argsHash},
          ${JSON.stringify(blocked.args)}::jsonb, ${context}::jsonb, ${blocked.resource}, ${blocked.maturity},
          ${blocked.confidence}, ${blocked.route}, ${blocked.trainingProposalId}, ${blocked.at},
          ${JSON.stringify(blocked.sensitive)}::jsonb)
        on conflict (workspace_id, agent_id, idempotency_key) do nothing`,
  )
  return inserted === 1
}

/** What an earlier block of the same attempt led to. */
export interface KeyedBlock {
  readonly id: string
  readonly decisionId: string
  readonly action: string
  readonly argsHash: string
  readonly trainingProposal: { readonly id: string; readonly repeats: number }
}

/** Finds the block of an attempt, resolved or not: its key stays used. */
export async function findBlockByKey(
  tx: Tx,
  attempt: { readonly agent: string; readonly idempotencyKey: string },
): Promise<KeyedBlock | undefined> {
  const row = await rowOf<{
    readonly id: string
    readonly decision_id: string
    readonly action: string
    readonly args_hash: string
    readonly training_proposal_id: string
    readonly repeats: number
  }>(
    tx,
    sql`select b.id, b.decision_id, b.action, b.args_hash, b.training_proposal_id, t.repeats
        from blocked_triggers b join training_proposals t on t.id = b.training_proposal_id
        where b.workspace_id = ${tx.workspace} and b.agent_id = ${attempt.agent}
          and b.idempotency_key = ${attempt.idempotencyKey}`,
  )
  if (row === undefined) return undefined
  const trainingProposal = { id: row.training_proposal_id, repeats: row.repeats }
  const { id, decision_id: decisionId, action, args_hash: argsHash } = row
  return { id, decisionId, action, argsHash, trainingProposal }
}

interface TrainingProposalRow {
  readonly id: string
  readonly agent_id: string
  readonly capability: string
  readonly gaps: string[]
  readonly title: string
  readonly plan: JsonObject
  readonly state: TrainingProposal['state']
  readonly repeats: number
  readonly created_at: string
  readonly updated_at: string
}

/** Finds a training proposal by id. */
export async function findTrainingProposal(tx: Tx, id: string): Promise<TrainingProposal | undefined> {
  const row = await rowOf<TrainingProposalRow>(
    tx,
    sql`select * from training_proposals where workspace_id = ${tx.workspace} and id = ${id}`,
  )
  return row && toTrainingProposal(row)
}

/** Reads a page of training proposals, newest first, one more than the limit. */
export async function listTrainingProposals(tx: Tx, query: RecordListQuery): Promise<readonly TrainingProposal[]> {
  const rows = await rowsOf<TrainingProposalRow>(
    tx,
    sql`select * from training_proposals where workspace_id = ${tx.workspace}
          and (${query.agent}::text is null or agent_id = ${query.agent})
          and (${sql.param(query.only)}::text[] is null or agent_id = any(${sql.param(query.only)}::text[]))
          and (${query.state}::text is null or state = ${query.state}
            or (${query.state} = 'active' and state in ('proposed', 'approved')))
          and (${query.before?.at ?? null}::timestamptz is null
            or (created_at, id) < (${query.before?.at ?? null}::timestamptz, ${query.before?.id ?? null}))
        order by created_at desc, id desc limit ${query.limit + 1}`,
  )
  return rows.map(toTrainingProposal)
}

function toTrainingProposal(row: TrainingProposalRow): TrainingProposal {
  return {
    id: row.id,
    agent: row.agent_id,
    capability: row.capability,
    gaps: row.gaps,
    title: row.title,
    plan: row.plan,
    state: row.state,
    repeats: row.repeats,
    createdAt: isoOf(row.created_at),
    updatedAt: isoOf(row.updated_at),
  }
}

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

/** Reads a page of blocked triggers, newest first, one more than the limit. */
export async function listBlockedTriggers(tx: Tx, query: RecordListQuery): Promise<readonly BlockedTrigger[]> {
  const rows = await rowsOf<BlockedTriggerRow>(
    tx,
    sql`select * from blocked_triggers where workspace_id = ${tx.workspace}
          and (${query.agent}::text is null or agent_id = ${query.agent})
          and (${sql.param(query.only)}::text[] is null or agent_id = any(${sql.param(query.only)}::text[]))
          and (${query.state}::text is null or (${query.state} = 'active') = (resolved_at is null))
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
    resource: row.resource,
    maturity: row.maturity,
    confidence: row.confidence,
    route: row.route,
    trainingProposalId: row.training_proposal_id,
    resolvedAt: isoOf(row.resolved_at),
    resolution: row.resolution,
    createdAt: isoOf(row.created_at),
  }
}
