import type { JsonObject, TrainingProposal } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { RecordListQuery } from '../kernel/record-list-query.ts'

interface TrainingProposalRow {
  readonly id: string
  readonly agent_id: string
  readonly capability: string
  readonly gaps: string[]
  readonly title: string
  readonly plan: JsonObject
  readonly state: TrainingProposal['state']
  readonly repeats: number
  readonly decided_by: string | null
  readonly decided_at: string | null
  readonly reason: string | null
  readonly session_id: string | null
  readonly created_at: string
  readonly updated_at: string
}

const sessionOf = sql.raw(
  '(select s.id from training_sessions s where s.workspace_id = t.workspace_id and s.training_proposal_id = t.id) as session_id',
)

/** Finds a training proposal by id. */
export async function findTrainingProposal(tx: Tx, id: string): Promise<TrainingProposal | undefined> {
  const row = await rowOf<TrainingProposalRow>(
    tx,
    sql`select t.*, ${sessionOf} from training_proposals t where t.workspace_id = ${tx.workspace} and t.id = ${id}`,
  )
  return row && toTrainingProposal(row)
}

/** Reads a page of training proposals, newest first, one more than the limit. */
export async function listTrainingProposals(tx: Tx, query: RecordListQuery): Promise<readonly TrainingProposal[]> {
  const rows = await rowsOf<TrainingProposalRow>(
    tx,
    sql`select t.*, ${sessionOf} from training_proposals t where t.workspace_id = ${tx.workspace}
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
    decidedBy: row.decided_by,
    decidedAt: isoOf(row.decided_at),
    reason: row.reason,
    sessionId: row.session_id,
    createdAt: isoOf(row.created_at),
    updatedAt: isoOf(row.updated_at),
  }
}

/** Decides on a proposal that nobody has decided on; false when somebody has. */
export async function decideTrainingProposal(
  tx: Tx,
  decided: {
    readonly id: string
    readonly to: 'approved' | 'rejected'
    readonly decidedBy: string
    readonly reason: string | null
    readonly at: string
  },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update training_proposals set state = ${decided.to}, decided_by = ${decided.decidedBy},
          decided_at = ${decided.at}, reason = ${decided.reason}, updated_at = ${decided.at}
        where workspace_id = ${tx.workspace} and id = ${decided.id} and state = 'proposed'`,
  )
  return changed === 1
}

/** Gives a course that nobody has decided on another plan; false when somebody has. */
export async function redesignTrainingProposal(
  tx: Tx,
  { id, plan, at }: { readonly id: string; readonly plan: JsonObject; readonly at: string },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update training_proposals set plan = ${JSON.stringify(plan)}::jsonb, updated_at = ${at}
        where workspace_id = ${tx.workspace} and id = ${id} and state = 'proposed'`,
  )
  return changed === 1
}
