import type {
  Fingerprint,
  JsonObject,
  JsonValue,
  Maturity,
  Proposal,
  ProposalReview,
  ProposalState,
  Risk,
  TriggerSource,
} from '@preceptor/client'
import { type SQL, sql } from 'drizzle-orm'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import { maskArgs } from '../journal/mask-sensitive.ts'
import type { SensitivePath } from '../journal/redact-schema.ts'
import { redactText } from '../journal/redact-text.ts'
import type { TimePlace } from '../kernel/pagination.ts'
import type { RecordListQuery } from '../kernel/record-list-query.ts'
import type { VersionDescription } from './describe-version.ts'

/** A new proposal with its first version. */
export interface NewProposal {
  readonly id: string
  readonly agent: string
  readonly decisionId: string
  readonly idempotencyKey: string
  readonly action: string
  readonly digest: string
  readonly risk: Risk
  readonly maturity: Maturity
  readonly source: TriggerSource
  readonly type: string | null
  readonly resource: string | null
  readonly context: JsonObject | null
  readonly delegation: readonly string[]
  readonly executor: 'caller' | 'registered'
  readonly requiredApprovals: number
  readonly proposedBy: string
  readonly args: JsonObject
  readonly argsHash: string
  readonly actionHash: string
  readonly nonce: string
  readonly policyVersion: number
  readonly fingerprint: JsonObject
  readonly expiresAt: string
  readonly at: string
  readonly description: VersionDescription
}

/** Writes a pending proposal and its first version in one statement; false when its key has one already. */
export async function insertProposal(tx: Tx, proposal: NewProposal): Promise<boolean> {
  const context = proposal.context === null ? null : JSON.stringify(proposal.context)
  const inserted = await countOf(
    tx,
    sql`with new_proposal as (
          insert into proposals (id, workspace_id, agent_id, decision_id, idempotency_key, action, digest, risk, maturity,
            source, type, resource, context, delegation, executor, required_approvals, state, version, proposed_by,
            requested_hash, expires_at, created_at, updated_at)
          values (${proposal.id}, ${tx.workspace}, ${proposal.agent}, ${proposal.decisionId}, ${proposal.idempotencyKey},
            ${proposal.action}, ${proposal.digest}, ${proposal.risk}, ${proposal.maturity}, ${proposal.source},
            ${proposal.type}, ${proposal.resource}, ${context}::jsonb,
            ${sql.param(proposal.delegation)}::text[], ${proposal.executor}, ${proposal.requiredApprovals}, 'pending', 1,
            ${proposal.proposedBy}, ${proposal.argsHash}, ${proposal.expiresAt}, ${proposal.at}, ${proposal.at})
          on conflict (workspace_id, agent_id, idempotency_key) do nothing
          returning id
        )
        insert into proposal_versions (proposal_id, version, workspace_id, args, args_hash, action_hash, nonce,
          policy_version, fingerprint, expires_at, created_by, created_at, summary, preview, sensitive)
        select id, 1, ${tx.workspace}, ${JSON.stringify(proposal.args)}::jsonb, ${proposal.argsHash},
          ${proposal.actionHash}, ${proposal.nonce}, ${proposal.policyVersion}::int,
          ${JSON.stringify(proposal.fingerprint)}::jsonb, ${proposal.expiresAt}::timestamptz, ${proposal.proposedBy},
          ${proposal.at}::timestamptz, ${description(proposal.description)}
        from new_proposal`,
  )
  return inserted === 1
}

/** Values of the columns `summary`, `preview` and `sensitive` of a version. */
export function description({ summary, preview, sensitive }: VersionDescription): SQL {
  const blocks = preview === null ? null : JSON.stringify(preview)
  return sql`${summary}::text, ${blocks}::jsonb, ${JSON.stringify(sensitive)}::jsonb`
}

interface ProposalRow {
  readonly id: string
  readonly agent_id: string
  readonly decision_id: string
  readonly action: string
  readonly risk: Risk
  readonly maturity: Maturity
  readonly source: string
  readonly type: string | null
  readonly resource: string | null
  readonly context: JsonObject | null
  readonly executor: 'caller' | 'registered'
  readonly required_approvals: number
  readonly state: ProposalState
  readonly version: number
  readonly args: JsonObject
  readonly sensitive: readonly SensitivePath[]
  readonly args_hash: string
  readonly action_hash: string
  readonly digest: string
  readonly nonce: string
  readonly fingerprint: Fingerprint
  readonly policy_version: number
  readonly proposed_by: string
  readonly reviews: readonly ProposalReview[]
  readonly decided_by: readonly string[]
  readonly decided_at: string | null
  readonly response: JsonValue
  readonly assigned_to: string | null
  readonly acknowledged_by: string | null
  readonly acknowledged_at: string | null
  readonly snoozed_until: string | null
  readonly runnable_at: string | null
  readonly expires_at: string
  readonly created_at: string
  readonly updated_at: string
}

/** What proposals, given as a table or a query, are shown with. */
const shown = (proposals: SQL): SQL => sql`
  select p.*, v.args, v.sensitive, v.args_hash, v.action_hash, v.nonce, v.fingerprint, v.policy_version, coalesce((
    select json_agg(json_build_object('reviewer', r.reviewer, 'version', r.version, 'verdict', r.verdict,
      'category', r.category, 'reason', r.reason, 'actionHash', r.action_hash,
      'createdAt', to_char(r.created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by r.created_at, r.id)
    from proposal_reviews r where r.proposal_id = p.id), '[]'::json) as reviews
  from ${proposals} p cross join lateral (
    -- The limit keeps the planner from reading all versions for a page of proposals.
    select * from proposal_versions of_it where of_it.proposal_id = p.id and of_it.version = p.version limit 1) as v`

/** A page of the proposals that meet a condition, newest first, and one more; what they are shown with is read for these alone. */
function pageOf(condition: SQL, { before, limit }: Pick<RecordListQuery, 'before' | 'limit'>): SQL {
  const page = sql`(
    select p.* from proposals p where ${condition}
      and (${before?.at ?? null}::timestamptz is null
        or (p.created_at, p.id) < (${before?.at ?? null}::timestamptz, ${before?.id ?? null}))
    order by p.created_at desc, p.id desc limit ${limit + 1})`
  return sql`${shown(page)} order by p.created_at desc, p.id desc`
}

/** Finds a proposal by id. */
export async function findProposal(tx: Tx, id: string): Promise<Proposal | undefined> {
  const proposals = sql`proposals`
  const row = await rowOf<ProposalRow>(
    tx,
    sql`${shown(proposals)} where p.workspace_id = ${tx.workspace} and p.id = ${id}`,
  )
  return row && toProposal(row)
}

/** Reads a page of proposals, newest first, one more than the limit. */
export async function listProposals(tx: Tx, query: RecordListQuery): Promise<readonly Proposal[]> {
  const condition = sql`p.workspace_id = ${tx.workspace}
    and (${query.agent}::text is null or p.agent_id = ${query.agent})
    and (${sql.param(query.only)}::text[] is null or p.agent_id = any(${sql.param(query.only)}::text[]))
    and (${query.state}::text is null or p.state = ${query.state}
      or (${query.state} = 'active' and p.state in ('pending', 'approved', 'executing')))`
  const rows = await rowsOf<ProposalRow>(tx, pageOf(condition, query))
  return rows.map(toProposal)
}

/** What was decided on the proposals of an agent, as a store reads it. */
export interface DecidedQuery {
  readonly agent: string
  readonly action: string | null
  readonly before: TimePlace | null
  readonly limit: number
}

/** Reads a page of the proposals of an agent that are not pending any more, newest first, one more than the limit. */
export async function listDecided(tx: Tx, query: DecidedQuery): Promise<readonly Proposal[]> {
  const condition = sql`p.workspace_id = ${tx.workspace} and p.agent_id = ${query.agent} and p.state <> 'pending'
    and (${query.action}::text is null or p.action = ${query.action})`
  const rows = await rowsOf<ProposalRow>(tx, pageOf(condition, query))
  return rows.map(toProposal)
}

function toProposal(row: ProposalRow): Proposal {
  return {
    id: row.id,
    agent: row.agent_id,
    decisionId: row.decision_id,
    action: row.action,
    risk: row.risk,
    maturity: row.maturity,
    source: row.source,
    type: row.type,
    resource: row.resource === null ? null : redactText(row.resource),
    context: row.context,
    executor: row.executor,
    requiredApprovals: row.required_approvals,
    state: row.state,
    version: row.version,
    args: maskArgs(row.args, row.sensitive),
    actionHash: row.action_hash,
    policyVersion: row.policy_version,
    fingerprint: row.fingerprint,
    digest: row.digest,
    nonce: row.nonce,
    proposedBy: row.proposed_by,
    reviews: row.reviews,
    decidedBy: row.decided_by,
    decidedAt: isoOf(row.decided_at),
    response: row.response ?? null,
    assignedTo: row.assigned_to,
    acknowledgedBy: row.acknowledged_by,
    acknowledgedAt: isoOf(row.acknowledged_at),
    snoozedUntil: isoOf(row.snoozed_until),
    runnableAt: isoOf(row.runnable_at),
    expiresAt: isoOf(row.expires_at),
    createdAt: isoOf(row.created_at),
    updatedAt: isoOf(row.updated_at),
  }
}
