import type { JsonObject, JsonValue, ProposalState, Risk, Verdict } from '@preceptor/client'
import { type SQL, sql } from 'drizzle-orm'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { SensitivePath } from '../journal/redact-schema.ts'
import type { AgentEpoch, Rejection } from '../routing/consequences.ts'
import type { VersionDescription } from './describe-version.ts'
import { description } from './store.ts'

/** A proposal with everything that its approval is bound to. */
export interface BoundProposal {
  readonly id: string
  readonly agent: string
  readonly decisionId: string
  readonly idempotencyKey: string
  readonly action: string
  readonly digest: string
  readonly risk: Risk
  readonly source: string
  readonly type: string | null
  readonly resource: string | null
  readonly delegation: readonly string[]
  readonly executor: 'caller' | 'registered'
  readonly requiredApprovals: number
  readonly state: ProposalState
  readonly version: number
  readonly proposedBy: string
  /** Hash of the args that were asked for. */
  readonly requestedHash: string
  readonly decidedBy: readonly string[]
  readonly response: JsonValue
  /** Why it was rejected, where it was. */
  readonly rejection: Rejection | null
  readonly expiresAt: string
  readonly createdAt: string
  /** Approved, it may run from then on; null without a wait. */
  readonly runnableAt: string | null
  /** Id of the user who is to decide. */
  readonly assignedTo: string | null
  /** Who said that they are looking. */
  readonly acknowledgedBy: string | null
  /** The present version. */
  readonly args: JsonObject
  /** What people are shown of it, and the places of the args that are hidden from everybody. */
  readonly summary: VersionDescription['summary']
  readonly preview: VersionDescription['preview']
  readonly sensitive: readonly SensitivePath[]
  readonly argsHash: string
  readonly actionHash: string
  readonly nonce: string
  readonly policyVersion: number
  readonly fingerprint: JsonObject
  /** Who made the present version. */
  readonly versionBy: string
}

interface BoundRow {
  readonly id: string
  readonly agent_id: string
  readonly decision_id: string
  readonly idempotency_key: string
  readonly action: string
  readonly digest: string
  readonly risk: Risk
  readonly source: string
  readonly type: string | null
  readonly resource: string | null
  readonly delegation: readonly string[]
  readonly executor: 'caller' | 'registered'
  readonly required_approvals: number
  readonly state: ProposalState
  readonly version: number
  readonly proposed_by: string
  readonly requested_hash: string
  readonly decided_by: readonly string[]
  readonly response: JsonValue
  readonly rejection: Rejection | null
  readonly version_expires_at: string
  readonly version_by: string
  readonly created_at: string
  readonly runnable_at: string | null
  readonly assigned_to: string | null
  readonly acknowledged_by: string | null
  readonly args: JsonObject
  readonly summary: VersionDescription['summary']
  readonly preview: VersionDescription['preview']
  readonly sensitive: readonly SensitivePath[]
  readonly args_hash: string
  readonly action_hash: string
  readonly nonce: string
  readonly policy_version: number
  readonly fingerprint: JsonObject
}

const bound: SQL = sql`select p.*, v.args, v.summary, v.preview, v.sensitive, v.args_hash, v.action_hash, v.nonce, v.policy_version,
    v.fingerprint, v.expires_at as version_expires_at, v.created_by as version_by, (
      select json_build_object('category', r.category, 'reason', r.reason) from proposal_reviews r
      where r.proposal_id = p.id and r.verdict = 'reject' limit 1) as rejection
  from proposals p join proposal_versions v on v.proposal_id = p.id and v.version = p.version`

/** Holds a proposal until the transaction ends: who comes second sees what the first one decided. */
export async function lockProposal(tx: Tx, id: string): Promise<BoundProposal | undefined> {
  // Two statements, one behind the other: one that waited for the lock would join the version of before the wait.
  const locking = rowOf(
    tx,
    sql`select id from proposals where workspace_id = ${tx.workspace} and id = ${id} for update`,
  )
  const reading = rowOf<BoundRow>(tx, sql`${bound} where p.workspace_id = ${tx.workspace} and p.id = ${id}`)
  const [row] = await Promise.all([reading, locking])
  return row && toBound(row)
}

/** What a caller goes by that wants to run under an approval. */
export type ApprovalKey =
  | { readonly by: 'key'; readonly agent: string; readonly idempotencyKey: string }
  | { readonly by: 'id'; readonly id: string }
  | {
      readonly by: 'args'
      readonly agent: string
      readonly action: string
      readonly argsHash: string
      readonly proposedBy: string
      readonly at: string
      /** Whether one is found, where none is approved, that waits, runs, or was not let run. */
      readonly isOpenToo: boolean
    }

/** Finds the proposal of an attempt. */
export async function findBoundProposal(tx: Tx, key: ApprovalKey): Promise<BoundProposal | undefined> {
  const row = await rowOf<BoundRow>(
    tx,
    sql`${bound} where p.workspace_id = ${tx.workspace} and ${matches(tx.workspace, key)}`,
  )
  return row && toBound(row)
}

function matches(workspace: string, key: ApprovalKey): SQL {
  switch (key.by) {
    case 'key':
      // The key of the attempt that was proposed, or one that ran under its approval.
      // One id, so that it is found by its index however many proposals there are.
      return sql`p.agent_id = ${key.agent} and p.id = (
          select found.id from (
            select id, 0 as place from proposals
            where workspace_id = ${workspace} and agent_id = ${key.agent} and idempotency_key = ${key.idempotencyKey}
            union all select proposal_id, 1 from executions
            where workspace_id = ${workspace} and agent_id = ${key.agent} and asked_key = ${key.idempotencyKey}
              and proposal_id is not null) as found
          order by found.place limit 1)`
    case 'id':
      return sql`p.id = ${key.id}`
    case 'args':
      return sql`p.agent_id = ${key.agent} and p.action = ${key.action}
        and ${key.argsHash} in (p.requested_hash, v.args_hash)
        and p.proposed_by = ${key.proposedBy} and p.expires_at > ${key.at}
        and (p.state = 'approved' or (${key.isOpenToo}
          and p.state in ('pending', 'executing', 'outcome_unknown', 'rejected', 'responded')))
        order by array_position(array['approved', 'pending', 'executing', 'outcome_unknown'], p.state), p.created_at,
          p.id limit 1`
    default:
      return key satisfies never
  }
}

function toBound(row: BoundRow): BoundProposal {
  return {
    id: row.id,
    agent: row.agent_id,
    decisionId: row.decision_id,
    idempotencyKey: row.idempotency_key,
    action: row.action,
    digest: row.digest,
    risk: row.risk,
    source: row.source,
    type: row.type,
    resource: row.resource,
    delegation: row.delegation,
    executor: row.executor,
    requiredApprovals: row.required_approvals,
    state: row.state,
    version: row.version,
    proposedBy: row.proposed_by,
    requestedHash: row.requested_hash,
    decidedBy: row.decided_by,
    response: row.response ?? null,
    rejection: row.rejection,
    expiresAt: isoOf(row.version_expires_at),
    createdAt: isoOf(row.created_at),
    runnableAt: isoOf(row.runnable_at),
    assignedTo: row.assigned_to,
    acknowledgedBy: row.acknowledged_by,
    args: row.args,
    summary: row.summary,
    preview: row.preview,
    sensitive: row.sensitive,
    argsHash: row.args_hash,
    actionHash: row.action_hash,
    nonce: row.nonce,
    policyVersion: row.policy_version,
    fingerprint: row.fingerprint,
    versionBy: row.version_by,
  }
}

/** Lists approved proposals that a worker runs, of the given actions, the oldest first. */
export async function listClaimable(
  tx: Tx,
  query: { readonly digests: readonly string[]; readonly at: string; readonly limit: number },
): Promise<readonly BoundProposal[]> {
  const rows = await rowsOf<BoundRow>(
    tx,
    sql`${bound} where p.workspace_id = ${tx.workspace} and p.state = 'approved' and p.executor = 'registered'
          and p.digest = any(${sql.param(query.digests)}::text[]) and p.expires_at > ${query.at}
          and (p.runnable_at is null or p.runnable_at <= ${query.at})
        order by p.created_at, p.id limit ${query.limit}`,
  )
  return rows.map(toBound)
}

/** A review, as it is written. */
export interface NewReview {
  readonly id: string
  readonly proposal: string
  readonly version: number
  readonly reviewer: string
  readonly verdict: Verdict
  readonly category: string | null
  readonly reason: string | null
  readonly actionHash: string
  readonly epochs: readonly AgentEpoch[]
  /** The key or token by which it was given. */
  readonly credential: string | null
  readonly at: string
}

/** Writes what a reviewer said; false when that person reviewed this version already. */
export async function insertReview(tx: Tx, review: NewReview): Promise<boolean> {
  const inserted = await countOf(
    tx,
    sql`insert into proposal_reviews (id, workspace_id, proposal_id, version, reviewer, verdict, category, reason,
          action_hash, epochs, credential, created_at)
        values (${review.id}, ${tx.workspace}, ${review.proposal}, ${review.version}, ${review.reviewer},
          ${review.verdict}, ${review.category}, ${review.reason}, ${review.actionHash},
          ${JSON.stringify(review.epochs)}::jsonb, ${review.credential}, ${review.at})
        on conflict do nothing`,
  )
  return inserted === 1
}

/** One approval of a version. */
export interface Approval {
  readonly reviewer: string
  /** What the agents were when it was given. */
  readonly epochs: readonly AgentEpoch[]
  /** The key or token by which it was given. */
  readonly credential: string | null
}

/** Who approved a version, in the order in which they did. */
export async function approvalsOf(
  tx: Tx,
  { id, version }: { readonly id: string; readonly version: number },
): Promise<readonly Approval[]> {
  return rowsOf<Approval>(
    tx,
    sql`select reviewer, epochs, credential from proposal_reviews
        where workspace_id = ${tx.workspace} and proposal_id = ${id} and version = ${version}
          and verdict in ('approve', 'edit')
        order by created_at, id`,
  )
}

/** Whether one of some agents may not review any more: by its level, its lifecycle, its build, or because it was suspended or stopped. */
export async function hasLostReviewer(tx: Tx, agents: readonly string[]): Promise<boolean> {
  const row = await rowOf<{ readonly left: string }>(
    tx,
    sql`select count(*) as left from agents a
        join maturity_records m on m.workspace_id = a.workspace_id and m.agent_id = a.id and m.capability = '*'
        join reviewers r on r.workspace_id = a.workspace_id and r.agent_id = a.id
        where a.workspace_id = ${tx.workspace} and a.id = any(${sql.param(agents)}::text[]) and a.lifecycle = 'active'
          and not a.fingerprint_capped and m.maturity = 'autonomous' and m.confidence >= 9000 and r.state = 'active'
          and not exists (select from stops s where s.workspace_id = a.workspace_id and s.agent_id = a.id
            and s.lifted_at is null)`,
  )
  return Number(row?.left ?? 0) < new Set(agents).size
}

/** A further version of a proposal. */
export interface NewVersion {
  readonly proposal: string
  /** The version that it replaces. */
  readonly from: number
  readonly digest: string
  readonly risk: Risk
  readonly requiredApprovals: number
  readonly args: JsonObject
  readonly argsHash: string
  readonly actionHash: string
  readonly nonce: string
  readonly policyVersion: number
  readonly fingerprint: JsonObject
  readonly expiresAt: string
  readonly createdBy: string
  readonly at: string
  readonly description: VersionDescription
}

/**
 * Makes the next version the present one, pending; false when the proposal moved on. Who was looking at what was approved
 * before has to look again.
 */
export async function insertVersion(tx: Tx, version: NewVersion, was: 'pending' | 'approved'): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`with next as (
          insert into proposal_versions (proposal_id, version, workspace_id, args, args_hash, action_hash, nonce,
            policy_version, fingerprint, expires_at, created_by, created_at, summary, preview, sensitive)
          select id, version + 1, workspace_id, ${JSON.stringify(version.args)}::jsonb, ${version.argsHash},
            ${version.actionHash}, ${version.nonce}, ${version.policyVersion}::int,
            ${JSON.stringify(version.fingerprint)}::jsonb, ${version.expiresAt}::timestamptz, ${version.createdBy},
            ${version.at}::timestamptz, ${description(version.description)}
          from proposals where workspace_id = ${tx.workspace} and id = ${version.proposal} and state = ${was}
            and version = ${version.from}
          returning version
        )
        update proposals p set state = 'pending', version = next.version, digest = ${version.digest},
          risk = ${version.risk}, required_approvals = ${version.requiredApprovals}, decided_by = '{}', decided_at = null,
          expires_at = ${version.expiresAt}::timestamptz, runnable_at = null,
          acknowledged_by = case when ${was} = 'pending' then p.acknowledged_by end,
          acknowledged_at = case when ${was} = 'pending' then p.acknowledged_at end,
          snoozed_until = case when ${was} = 'pending' then p.snoozed_until end, updated_at = ${version.at}
        from next where p.workspace_id = ${tx.workspace} and p.id = ${version.proposal} and p.state = ${was}`,
  )
  return changed === 1
}

/** Approves a pending version; false when it is not that any more. */
export async function approveVersion(
  tx: Tx,
  approved: {
    readonly id: string
    readonly version: number
    readonly decidedBy: readonly string[]
    /** Null without a wait. */
    readonly runnableAt: string | null
    readonly at: string
  },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update proposals set state = 'approved', decided_by = ${sql.param(approved.decidedBy)}::text[],
          decided_at = ${approved.at}, runnable_at = ${approved.runnableAt}, updated_at = ${approved.at}
        where workspace_id = ${tx.workspace} and id = ${approved.id} and version = ${approved.version}
          and state = 'pending' and expires_at > ${approved.at}`,
  )
  return changed === 1
}

/** The end of a proposal by a person. */
export interface ProposalEnd {
  readonly id: string
  readonly from: readonly ProposalState[]
  readonly to: 'rejected' | 'responded' | 'cancelled' | 'expired'
  readonly decidedBy: readonly string[]
  readonly category?: string
  readonly reason?: string
  readonly response?: JsonValue
  readonly at: string
}

/** Ends a proposal for good; false when it is in none of the states that this may follow. */
export async function endProposal(tx: Tx, end: ProposalEnd): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update proposals set state = ${end.to}, decided_by = ${sql.param(end.decidedBy)}::text[],
          decided_at = ${end.at}, category = ${end.category ?? null}, reason = ${end.reason ?? null},
          response = ${end.response === undefined ? null : JSON.stringify(end.response)}::jsonb, updated_at = ${end.at}
        where workspace_id = ${tx.workspace} and id = ${end.id} and state = any(${sql.param(end.from)}::text[])`,
  )
  return changed === 1
}

/** Moves an approved proposal along with its execution; false when it is in none of the states before. */
export async function moveProposal(
  tx: Tx,
  move: {
    readonly id: string
    readonly from: readonly ProposalState[]
    readonly to: 'executing' | 'approved' | 'succeeded' | 'failed' | 'outcome_unknown'
    readonly at: string
  },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update proposals set state = ${move.to}, updated_at = ${move.at}
        where workspace_id = ${tx.workspace} and id = ${move.id} and state = any(${sql.param(move.from)}::text[])`,
  )
  return changed === 1
}
