import type { ExecutionRecord, StoredOutcome } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import { insertRunFact, type RunFact } from '../maturity/evidence-store.ts'

/** A claim, as it is asked for. */
export interface NewClaim {
  readonly id: string
  readonly agent: string
  readonly idempotencyKey: string
  /** The key that the caller gave, where that is another one. */
  readonly askedKey: string | null
  readonly action: string
  readonly digest: string
  readonly argsHash: string
  readonly idempotent: boolean
  readonly decisionId: string
  readonly sessionId: string | null
  /** The proposal under whose approval it runs. */
  readonly proposalId: string | null
  /** The grant under which it runs. */
  readonly grantId: string | null
  /** The queue entry that it is the run of. */
  readonly queueEntryId: string | null
  /** The capability at which its outcome counts; null where it counts nowhere. */
  readonly earns: string | null
  readonly claimant: string
  /** Whether the claimant runs it out of sight and reports the outcome; else this process records it. */
  readonly reported: boolean
  readonly at: string
  readonly leaseExpiresAt: string
}

/** A claim that succeeded. */
export interface ClaimedRow {
  readonly id: string
  readonly fence: number
  readonly attempt: number
}

/**
 * Claims an attempt: the first claim of its key, or one again after nothing ran, or, for an idempotent action, after it
 * failed, was lost or lapsed. Undefined when the attempt belongs to somebody or is settled.
 * Where nothing ran, an approval may have brought other args since.
 * What an action declares may change between two claims: only one that is idempotent in both runs again after it started.
 */
export async function claimExecution(tx: Tx, claim: NewClaim): Promise<ClaimedRow | undefined> {
  const row = await rowOf<{ readonly id: string; readonly fence: string; readonly attempt: number }>(
    tx,
    sql`insert into executions as e (id, workspace_id, agent_id, idempotency_key, action, digest, args_hash, idempotent,
          decision_id, session_id, proposal_id, grant_id, queue_entry_id, earns, asked_key, state, claimant, reported,
          fence, attempt, lease_expires_at, claimed_at)
        values (${claim.id}, ${tx.workspace}, ${claim.agent}, ${claim.idempotencyKey}, ${claim.action}, ${claim.digest},
          ${claim.argsHash}, ${claim.idempotent}, ${claim.decisionId}, ${claim.sessionId},
          ${claim.proposalId}, ${claim.grantId}, ${claim.queueEntryId}, ${claim.earns}, ${claim.askedKey}, 'claimed', ${claim.claimant},
          ${claim.reported}, 1, 1, ${claim.leaseExpiresAt}, ${claim.at})
        on conflict (workspace_id, agent_id, idempotency_key) do update set
          state = 'claimed', claimant = excluded.claimant, reported = excluded.reported, fence = e.fence + 1, attempt = e.attempt + 1,
          digest = excluded.digest, idempotent = excluded.idempotent, decision_id = excluded.decision_id,
          session_id = excluded.session_id, proposal_id = excluded.proposal_id, grant_id = excluded.grant_id,
          queue_entry_id = excluded.queue_entry_id, earns = excluded.earns, asked_key = excluded.asked_key,
          args_hash = excluded.args_hash, lease_expires_at = excluded.lease_expires_at,
          claimed_at = excluded.claimed_at, outcome = null, settled_at = null
        where e.action = excluded.action and (e.args_hash = excluded.args_hash
            or (e.state = 'released' and excluded.proposal_id is not null)) and (
          e.state = 'released'
          or (e.idempotent and excluded.idempotent and (e.state in ('failed', 'outcome_unknown')
            or (e.state = 'claimed' and e.lease_expires_at < ${claim.at})))
        )
        returning e.id, e.fence, e.attempt`,
  )
  return row && { id: row.id, fence: Number(row.fence), attempt: row.attempt }
}

/** An execution as it stands. */
export interface ExecutionState {
  readonly id: string
  readonly decisionId: string
  readonly action: string
  readonly argsHash: string
  readonly idempotent: boolean
  readonly state: ExecutionRecord['state']
  readonly leaseExpiresAt: string
  readonly outcome: StoredOutcome | null
  /** How often it was claimed. */
  readonly attempt: number
}

/** Finds the execution of an attempt. */
export async function findExecution(
  tx: Tx,
  attempt: { readonly agent: string; readonly idempotencyKey: string },
): Promise<ExecutionState | undefined> {
  const row = await rowOf<{
    readonly id: string
    readonly decision_id: string
    readonly action: string
    readonly args_hash: string
    readonly idempotent: boolean
    readonly state: ExecutionRecord['state']
    readonly lease_expires_at: string
    readonly outcome: StoredOutcome | null
    readonly attempt: number
  }>(
    tx,
    sql`select id, decision_id, action, args_hash, idempotent, state, lease_expires_at, outcome, attempt from executions
        where workspace_id = ${tx.workspace} and agent_id = ${attempt.agent}
          and idempotency_key = ${attempt.idempotencyKey}`,
  )
  if (row === undefined) return undefined
  const { id, action, idempotent, state, outcome, attempt: claims, decision_id: decisionId, args_hash: argsHash } = row
  const leaseExpiresAt = isoOf(row.lease_expires_at)
  return { id, decisionId, action, argsHash, idempotent, state, leaseExpiresAt, outcome, attempt: claims }
}

/** What proves a claim. */
export interface ClaimProof {
  readonly executionId: string
  readonly fence: number
}

/** An execution that was settled. */
export interface SettledRow extends EarningRow {
  readonly proposalId: string | null
  readonly grantId: string | null
  readonly queueEntryId: string | null
}

/** Where the outcome of an execution counts, and from when it is. */
export interface EarningRow {
  /** The capability at which it counts; null where it counts nowhere. */
  readonly earns: string | null
  /** When it was claimed; ISO 8601. */
  readonly claimedAt: string
}

/**
 * Settles a claimed execution under its fence, and notes in the same statement what a run on the agent's own has shown;
 * undefined when the claim was lost.
 */
export async function settleExecution(
  tx: Tx,
  proof: ClaimProof,
  settled: {
    readonly state: 'succeeded' | 'failed' | 'released'
    readonly outcome: StoredOutcome | null
    readonly at: string
    /** Null where it shows nothing. */
    readonly fact: RunFact | null
  },
): Promise<SettledRow | undefined> {
  const outcome = settled.outcome === null ? null : JSON.stringify(settled.outcome)
  const runs = sql`select earns as capability, claimed_at from settled where earns is not null and proposal_id is null`
  const noted = settled.fact === null ? sql`` : sql`, noted as (${insertRunFact(tx, settled.fact, runs)})`
  const row = await rowOf<{
    readonly proposal_id: string | null
    readonly grant_id: string | null
    readonly queue_entry_id: string | null
    readonly earns: string | null
    readonly claimed_at: string
  }>(
    tx,
    sql`with settled as (
          update executions set state = ${settled.state}, outcome = ${outcome}::jsonb, settled_at = ${settled.at}
          where workspace_id = ${tx.workspace} and id = ${proof.executionId} and fence = ${proof.fence}
            and state = 'claimed'
          returning proposal_id, grant_id, queue_entry_id, earns, claimed_at)${noted}
        select proposal_id, grant_id, queue_entry_id, earns, claimed_at from settled`,
  )
  if (row === undefined) return undefined
  const { proposal_id: proposalId, grant_id: grantId, earns, claimed_at: claimedAt } = row
  return { proposalId, grantId, queueEntryId: row.queue_entry_id, earns, claimedAt: isoOf(claimedAt) }
}

/** Records what a person found out about an execution of unknown outcome; undefined when there is none. */
export async function resolveExecution(
  tx: Tx,
  resolved: {
    readonly of: { readonly proposalId: string } | { readonly queueEntryId: string }
    readonly outcome: 'succeeded' | 'failed'
    readonly reason: string
    readonly at: string
  },
): Promise<EarningRow | undefined> {
  const { of, outcome: status, reason: message } = resolved
  const isOf = 'proposalId' in of ? sql`proposal_id = ${of.proposalId}` : sql`queue_entry_id = ${of.queueEntryId}`
  const outcome = status === 'failed' ? { status, message } : { status, value: null, stored: false }
  const row = await rowOf<{ readonly earns: string | null; readonly claimed_at: string }>(
    tx,
    sql`update executions set state = ${status}, outcome = ${JSON.stringify(outcome)}::jsonb, settled_at = ${resolved.at}
        where workspace_id = ${tx.workspace} and ${isOf} and state = 'outcome_unknown'
        returning earns, claimed_at`,
  )
  return row && { earns: row.earns, claimedAt: isoOf(row.claimed_at) }
}

/** Whether a claim was settled under its own fence, and so. */
export async function isSettledBy(
  tx: Tx,
  proof: ClaimProof,
  state: 'succeeded' | 'failed' | 'released',
): Promise<boolean> {
  const row = await rowOf<{ readonly id: string }>(
    tx,
    sql`select id from executions where workspace_id = ${tx.workspace} and id = ${proof.executionId}
          and fence = ${proof.fence} and state = ${state}`,
  )
  return row !== undefined
}

/** Renews the lease of a claim; false when the claim was lost. */
export async function renewExecution(tx: Tx, proof: ClaimProof, leaseExpiresAt: string): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update executions set lease_expires_at = ${leaseExpiresAt}
        where workspace_id = ${tx.workspace} and id = ${proof.executionId} and fence = ${proof.fence}
          and state = 'claimed'`,
  )
  return changed === 1
}

/** A claim whose lease lapsed without an outcome. */
export interface LostExecution {
  readonly id: string
  readonly agent: string
  readonly action: string
  readonly decisionId: string
  readonly sessionId: string | null
  readonly proposalId: string | null
  readonly queueEntryId: string | null
}

/** Marks claims whose lease lapsed as of unknown outcome, at most a batch at once. */
export async function loseExecutions(
  tx: Tx,
  request: { readonly at: string; readonly limit: number },
): Promise<readonly LostExecution[]> {
  const rows = await rowsOf<{
    readonly id: string
    readonly agent_id: string
    readonly action: string
    readonly decision_id: string
    readonly session_id: string | null
    readonly proposal_id: string | null
    readonly queue_entry_id: string | null
  }>(
    tx,
    sql`update executions set state = 'outcome_unknown', fence = fence + 1, settled_at = ${request.at}
        where id in (
          select id from executions where workspace_id = ${tx.workspace} and state = 'claimed'
            and lease_expires_at < ${request.at} order by lease_expires_at limit ${request.limit} for update skip locked
        ) and state = 'claimed'
        returning id, agent_id, action, decision_id, session_id, proposal_id, queue_entry_id`,
  )
  return rows.map((row) => ({
    id: row.id,
    agent: row.agent_id,
    action: row.action,
    decisionId: row.decision_id,
    sessionId: row.session_id,
    proposalId: row.proposal_id,
    queueEntryId: row.queue_entry_id,
  }))
}

/** The claim that a decision made. */
export interface DecidedClaim extends ClaimProof {
  readonly agent: string
  readonly claimant: string
  readonly reported: boolean
  readonly sessionId: string | null
}

/** Finds the claim that a decision made. */
export async function findClaimOf(tx: Tx, decisionId: string): Promise<DecidedClaim | undefined> {
  const row = await rowOf<{
    readonly id: string
    readonly fence: string
    readonly agent_id: string
    readonly claimant: string
    readonly reported: boolean
    readonly session_id: string | null
  }>(
    tx,
    sql`select id, fence, agent_id, claimant, reported, session_id from executions
        where workspace_id = ${tx.workspace} and decision_id = ${decisionId}`,
  )
  if (row === undefined) return undefined
  const { id: executionId, agent_id: agent, claimant, reported, session_id: sessionId } = row
  return { executionId, fence: Number(row.fence), agent, claimant, reported, sessionId }
}

/** Finds the execution of a decision, for readers. */
export async function findExecutionRecord(tx: Tx, decisionId: string): Promise<ExecutionRecord | undefined> {
  const row = await rowOf<{
    readonly id: string
    readonly decision_id: string
    readonly agent_id: string
    readonly action: string
    readonly state: ExecutionRecord['state']
    readonly attempt: number
    readonly claimed_at: string
    readonly settled_at: string | null
  }>(
    tx,
    sql`select id, decision_id, agent_id, action, state, attempt, claimed_at, settled_at from executions
        where workspace_id = ${tx.workspace} and decision_id = ${decisionId}`,
  )
  return (
    row && {
      id: row.id,
      decisionId: row.decision_id,
      agent: row.agent_id,
      action: row.action,
      state: row.state,
      attempt: row.attempt,
      claimedAt: isoOf(row.claimed_at),
      settledAt: isoOf(row.settled_at),
    }
  )
}

/** Whether somebody terminated the run of a session. */
export async function isSessionTerminated(tx: Tx, session: string): Promise<boolean> {
  const row = await rowOf<{ readonly id: string }>(
    tx,
    sql`select id from supervision_sessions where workspace_id = ${tx.workspace} and id = ${session}
          and state = 'terminated'`,
  )
  return row !== undefined
}
