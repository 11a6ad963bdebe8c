import type { JsonObject, Maturity, Route } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { countOf, rowOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { SensitivePath } from '../journal/redact-schema.ts'

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

/**
 * Opens a training proposal, or counts one more block on the one that is open for the same gaps: proposed, or approved
 * with a session that has not ended.
 */
export async function openTrainingProposal(
  tx: Tx,
  proposal: NewTrainingProposal,
): Promise<{ readonly id: string; readonly repeats: number }> {
  const inTraining = await rowOf<{ readonly id: string; readonly repeats: number }>(
    tx,
    sql`update training_proposals t set repeats = t.repeats + 1, updated_at = ${proposal.at}
        where t.workspace_id = ${tx.workspace} and t.agent_id = ${proposal.agent} and t.gap_key = ${proposal.gapKey}
          and t.state = 'approved' and exists (select from training_sessions s where s.workspace_id = t.workspace_id
            and s.training_proposal_id = t.id and s.state in ('scheduled', 'in_progress', 'paused'))
        returning t.id, t.repeats`,
  )
  if (inTraining !== undefined) return inTraining
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
  /** Name of the principal. */
  readonly askedBy: string
  readonly delegation: readonly string[]
  readonly at: string
}

/** Writes a blocked trigger; false when its key has one already. */
export async function insertBlockedTrigger(tx: Tx, blocked: NewBlockedTrigger): Promise<boolean> {
  const context = blocked.context === null ? null : JSON.stringify(blocked.context)
  const inserted = await countOf(
    tx,
    sql`insert into blocked_triggers (id, workspace_id, agent_id, decision_id, idempotency_key, source, type, action,
          args_hash, args, context, resource, maturity, confidence, route, training_proposal_id, asked_by,
          delegation, created_at, sensitive)
        values (${blocked.id}, ${tx.workspace}, ${blocked.agent}, ${blocked.decisionId}, ${blocked.idempotencyKey},
          ${blocked.source}, ${blocked.type}, ${blocked.action}, ${blocked.argsHash},
          ${JSON.stringify(blocked.args)}::jsonb, ${context}::jsonb, ${blocked.resource}, ${blocked.maturity},
          ${blocked.confidence}, ${blocked.route}, ${blocked.trainingProposalId}, ${blocked.askedBy},
          ${sql.param(blocked.delegation)}::text[], ${blocked.at}, ${JSON.stringify(blocked.sensitive)}::jsonb)
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
