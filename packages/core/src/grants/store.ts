import type { Fingerprint, Grant, GrantMatcher, GrantState, GrantUse } from '@preceptor/client'
import { type SQL, sql } from 'drizzle-orm'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { RecordListQuery } from '../kernel/record-list-query.ts'
import { isGrantInForce } from '../routing/exception-store.ts'

/** A grant, as it is written. */
export interface NewGrant
  extends Pick<
    Grant,
    'id' | 'agent' | 'action' | 'digest' | 'matcher' | 'uses' | 'policyVersion' | 'reason' | 'createdBy' | 'createdAt'
  > {
  readonly expiresAt: string
  readonly epoch: number
  readonly fingerprint: Fingerprint
  /** The key or token by which it was made. */
  readonly credential: string | null
}

/** Writes a grant. */
export async function insertGrant(tx: Tx, grant: NewGrant): Promise<void> {
  await countOf(
    tx,
    sql`insert into grants (id, workspace_id, agent_id, action, digest, matcher, uses, epoch, fingerprint, policy_version,
          reason, created_by, credential, created_at, expires_at)
        values (${grant.id}, ${tx.workspace}, ${grant.agent}, ${grant.action}, ${grant.digest},
          ${JSON.stringify(grant.matcher)}::jsonb, ${grant.uses}, ${grant.epoch},
          ${JSON.stringify(grant.fingerprint)}::jsonb, ${grant.policyVersion}, ${grant.reason}, ${grant.createdBy},
          ${grant.credential}, ${grant.createdAt}, ${grant.expiresAt})`,
  )
}

interface GrantRow {
  readonly id: string
  readonly agent_id: string
  readonly action: string
  readonly digest: string
  readonly matcher: GrantMatcher
  readonly uses: number
  readonly used: number
  readonly grant_state: GrantState
  readonly agent_changed: boolean
  readonly policy_changed: boolean
  readonly policy_version: number
  readonly reason: string
  readonly created_by: string
  readonly created_at: string
  readonly expires_at: string
  readonly revoked_by: string | null
  readonly revoked_at: string | null
  readonly revoke_reason: string | null
}

const selected = (at: string): SQL => sql`select * from (
    select g.*,
      case when g.revoked_at is not null then 'revoked' when g.used >= g.uses then 'used_up'
        when g.expires_at <= ${at} then 'expired' else 'active' end as grant_state,
      g.epoch <> a.epoch as agent_changed,
      g.policy_version <> coalesce((select max(p.version) from policies p where p.workspace_id = g.workspace_id), 0)
        as policy_changed
    from grants g join agents a on a.workspace_id = g.workspace_id and a.id = g.agent_id) g`

/** Finds a grant by id, in its state at a time. */
export async function findGrant(tx: Tx, id: string, at: string): Promise<Grant | undefined> {
  const row = await rowOf<GrantRow>(tx, sql`${selected(at)} where g.workspace_id = ${tx.workspace} and g.id = ${id}`)
  return row && toGrant(row)
}

/** Reads a page of grants in their states at a time, newest first, one more than the limit. */
export async function listGrants(tx: Tx, query: RecordListQuery, at: string): Promise<readonly Grant[]> {
  const rows = await rowsOf<GrantRow>(
    tx,
    sql`${selected(at)} where g.workspace_id = ${tx.workspace}
          and (${query.agent}::text is null or g.agent_id = ${query.agent})
          and (${sql.param(query.only)}::text[] is null or g.agent_id = any(${sql.param(query.only)}::text[]))
          and (${query.state}::text is null or g.grant_state = ${query.state})
          and (${query.before?.at ?? null}::timestamptz is null
            or (g.created_at, g.id) < (${query.before?.at ?? null}::timestamptz, ${query.before?.id ?? null}))
        order by g.created_at desc, g.id desc limit ${query.limit + 1}`,
  )
  return rows.map(toGrant)
}

function toGrant(row: GrantRow): Grant {
  const lapsed = row.agent_changed ? 'agent_changed' : row.policy_changed ? 'policy_changed' : null
  return {
    id: row.id,
    agent: row.agent_id,
    action: row.action,
    digest: row.digest,
    matcher: row.matcher,
    uses: row.uses,
    used: row.used,
    state: row.grant_state,
    lapsed: row.grant_state === 'active' ? lapsed : null,
    policyVersion: row.policy_version,
    reason: row.reason,
    createdBy: row.created_by,
    createdAt: isoOf(row.created_at),
    expiresAt: isoOf(row.expires_at),
    revokedBy: row.revoked_by,
    revokedAt: isoOf(row.revoked_at),
    revokeReason: row.revoke_reason,
  }
}

/** What a grant must be bound to for an attempt. */
export interface GrantBinding {
  readonly agent: string
  readonly action: string
  readonly digest: string
  readonly epoch: number
  readonly policyVersion: number
  readonly at: string
}

/** A grant that lets something run now. */
export interface LiveGrant extends GrantUse {
  readonly matcher: GrantMatcher
  readonly fingerprint: Fingerprint
  readonly createdBy: string
  readonly credential: string | null
}

interface LiveRow {
  readonly id: string
  readonly uses_left: number
  readonly matcher: GrantMatcher
  readonly fingerprint: Fingerprint
  readonly created_by: string
  readonly credential: string | null
}

const MOST_LIVE = 100

/** Lists the live grants that are bound so, the one that expires first before the others. */
export async function listLiveGrants(tx: Tx, binding: GrantBinding): Promise<readonly LiveGrant[]> {
  const rows = await rowsOf<LiveRow>(
    tx,
    sql`select id, uses - used as uses_left, matcher, fingerprint, created_by, credential from grants
        where ${isGrantInForce(tx, binding.at)} and agent_id = ${binding.agent} and action = ${binding.action}
          and digest = ${binding.digest} and epoch = ${binding.epoch} and policy_version = ${binding.policyVersion}
        order by expires_at, id limit ${MOST_LIVE}`,
  )
  return rows.map((row) => ({
    id: row.id,
    usesLeft: row.uses_left,
    matcher: row.matcher,
    fingerprint: row.fingerprint,
    createdBy: row.created_by,
    credential: row.credential,
  }))
}

/** Holds a grant until the transaction ends; false when somebody used the last of it, or ended it, meanwhile. */
export async function holdGrant(tx: Tx, id: string, at: string): Promise<boolean> {
  const row = await rowOf(tx, sql`select id from grants where ${isGrantInForce(tx, at)} and id = ${id} for update`)
  return row !== undefined
}

/** Uses a grant once; undefined when there is no use left. */
export async function takeUse(tx: Tx, id: string): Promise<GrantUse | undefined> {
  const row = await rowOf<{ readonly uses_left: number }>(
    tx,
    sql`update grants set used = used + 1
        where workspace_id = ${tx.workspace} and id = ${id} and used < uses and revoked_at is null
        returning uses - used as uses_left`,
  )
  return row && { id, usesLeft: row.uses_left }
}

/** Gives one use back. */
export async function returnUse(tx: Tx, id: string): Promise<void> {
  await countOf(
    tx,
    sql`update grants set used = used - 1 where workspace_id = ${tx.workspace} and id = ${id} and used > 0`,
  )
}

/** Revokes a grant; false when it was revoked before. */
export async function endGrant(
  tx: Tx,
  end: { readonly id: string; readonly by: string; readonly reason: string; readonly at: string },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update grants set revoked_by = ${end.by}, revoked_at = ${end.at}, revoke_reason = ${end.reason}
        where workspace_id = ${tx.workspace} and id = ${end.id} and revoked_at is null`,
  )
  return changed === 1
}

/** The actions of an agent that a grant lets run now. */
export async function listGrantedActions(tx: Tx, agent: string, at: string): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly action: string }>(
    tx,
    sql`select distinct g.action from (${selected(at)}) g where g.workspace_id = ${tx.workspace}
          and g.agent_id = ${agent} and g.grant_state = 'active' and not g.agent_changed and not g.policy_changed`,
  )
  return rows.map(({ action }) => action)
}
