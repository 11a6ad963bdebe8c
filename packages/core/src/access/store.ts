import type { ApiKey, Membership, PrincipalKind, Role, Workspace } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { TimePlace } from '../kernel/pagination.ts'

interface KeyRow {
  readonly id: string
  readonly display_name: string
  readonly prefix: string
  readonly principal_kind: PrincipalKind
  readonly principal_id: string
  readonly roles: Role[]
  readonly scopes: string[]
  readonly agents: string[] | null
  readonly source: string | null
  readonly created_by: string
  readonly created_at: string
  readonly expires_at: string | null
  readonly revoked_at: string | null
  readonly last_used_at: string | null
  readonly replaced_by: string | null
}

const keyColumns =
  sql.raw(`k.id, k.display_name, k.prefix, k.principal_kind, k.principal_id, k.roles, k.scopes, k.agents,
  k.source, k.created_by, k.created_at, k.expires_at, k.revoked_at, k.last_used_at,
  k.replaced_by`)

/** A key as it is stored. */
export interface NewKey extends ApiKey {
  readonly secretHash: string
}

/** Inserts a key. */
export async function insertKey(tx: Tx, key: NewKey): Promise<void> {
  await countOf(
    tx,
    sql`insert into api_keys (id, workspace_id, display_name, prefix, secret_sha256, principal_kind, principal_id, roles,
          scopes, agents, source, created_by, created_at, expires_at)
        values (${key.id}, ${tx.workspace}, ${key.displayName}, ${key.prefix}, ${key.secretHash}, ${key.principalKind},
          ${key.principalId}, ${sql.param(key.roles)}::text[], ${sql.param(key.scopes)}::text[],
          ${sql.param(key.agents)}::text[], ${key.source}, ${key.createdBy}, ${key.createdAt}, ${key.expiresAt})`,
  )
}

/** Reads a page of keys, newest first, one more than the limit. */
export async function listKeys(
  tx: Tx,
  query: { readonly before: TimePlace | null; readonly limit: number },
): Promise<readonly ApiKey[]> {
  const rows = await rowsOf<KeyRow>(
    tx,
    sql`select ${keyColumns} from api_keys k
        where k.workspace_id = ${tx.workspace}
          and (${query.before?.at ?? null}::timestamptz is null
            or (k.created_at, k.id) < (${query.before?.at ?? null}::timestamptz, ${query.before?.id ?? null}))
        order by k.created_at desc, k.id desc limit ${query.limit + 1}`,
  )
  return rows.map(toApiKey)
}

/** Revokes a key; undefined when there is none that still stands. */
export async function revokeKeyRow(tx: Tx, id: string, at: string): Promise<ApiKey | undefined> {
  const row = await rowOf<KeyRow>(
    tx,
    sql`update api_keys k set revoked_at = ${at}
        where k.workspace_id = ${tx.workspace} and k.id = ${id} and k.revoked_at is null
        returning ${keyColumns}`,
  )
  return row && toApiKey(row)
}

/** Finds a key by id. */
export async function findKey(tx: Tx, id: string): Promise<ApiKey | undefined> {
  const row = await rowOf<KeyRow>(
    tx,
    sql`select ${keyColumns} from api_keys k where k.workspace_id = ${tx.workspace} and k.id = ${id}`,
  )
  return row && toApiKey(row)
}

/** A key that a credential was found to be, with what decides whether it holds. */
export interface FoundKey {
  readonly key: ApiKey
  readonly workspace: string
  readonly secretHash: string
  /** Roles of the user in the workspace; null when the principal is no member. */
  readonly memberRoles: readonly Role[] | null
}

/** Finds a key by its hash, in every workspace, and notes that it was used, at most once a minute. */
export async function findKeyByHash(tx: Tx, secretHash: string, at: string): Promise<FoundKey | undefined> {
  const row = await rowOf<KeyRow & { workspace_id: string; secret_sha256: string; member_roles: Role[] | null }>(
    tx,
    sql`with used as (
          update api_keys set last_used_at = ${at}
          where secret_sha256 = ${secretHash} and revoked_at is null
            and (expires_at is null or expires_at > ${at}::timestamptz)
            and (last_used_at is null or last_used_at <= ${at}::timestamptz - interval '1 minute')
        )
        select ${keyColumns}, k.workspace_id, k.secret_sha256, m.roles as member_roles
        from api_keys k left join memberships m
          on k.principal_kind = 'user' and m.workspace_id = k.workspace_id and m.user_id = k.principal_id
        where k.secret_sha256 = ${secretHash}`,
  )
  if (row === undefined) return undefined
  return {
    key: toApiKey(row),
    workspace: row.workspace_id,
    secretHash: row.secret_sha256,
    memberRoles: row.member_roles,
  }
}

function toApiKey(row: KeyRow): ApiKey {
  return {
    id: row.id,
    displayName: row.display_name,
    prefix: row.prefix,
    principalKind: row.principal_kind,
    principalId: row.principal_id,
    roles: row.roles,
    scopes: row.scopes,
    agents: row.agents,
    source: row.source,
    createdBy: row.created_by,
    createdAt: isoOf(row.created_at),
    expiresAt: isoOf(row.expires_at),
    revokedAt: isoOf(row.revoked_at),
    lastUsedAt: isoOf(row.last_used_at),
    replacedBy: row.replaced_by,
  }
}

interface MemberRow {
  readonly user_id: string
  readonly display_name: string
  readonly roles: Role[]
  readonly created_at: string
}

const toMembership = (row: MemberRow): Membership => ({
  userId: row.user_id,
  displayName: row.display_name,
  roles: row.roles,
  createdAt: isoOf(row.created_at),
})

/** Finds a user of the workspace. */
export async function findMember(tx: Tx, userId: string): Promise<Membership | undefined> {
  const row = await rowOf<MemberRow>(
    tx,
    sql`select user_id, display_name, roles, created_at from memberships
        where workspace_id = ${tx.workspace} and user_id = ${userId}`,
  )
  return row && toMembership(row)
}

/** Roles of some users, by id; users who are no members are missing. */
export async function rolesOf(tx: Tx, users: readonly string[]): Promise<ReadonlyMap<string, readonly Role[]>> {
  const rows = await rowsOf<Pick<MemberRow, 'user_id' | 'roles'>>(
    tx,
    sql`select user_id, roles from memberships
        where workspace_id = ${tx.workspace} and user_id = any(${sql.param(users)}::text[])`,
  )
  return new Map(rows.map(({ user_id: id, roles }) => [id, roles]))
}

/** Whether one of some keys was revoked. */
export async function isAnyRevoked(tx: Tx, keys: readonly string[]): Promise<boolean> {
  const row = await rowOf<{ readonly id: string }>(
    tx,
    sql`select id from api_keys where workspace_id = ${tx.workspace} and id = any(${sql.param(keys)}::text[])
          and revoked_at is not null limit 1`,
  )
  return row !== undefined
}

/** Adds a user to the workspace, or changes name and roles. */
export async function upsertMember(tx: Tx, member: Membership): Promise<Membership> {
  const row = await rowOf<MemberRow>(
    tx,
    sql`insert into memberships (workspace_id, user_id, display_name, roles, created_at)
        values (${tx.workspace}, ${member.userId}, ${member.displayName}, ${sql.param(member.roles)}::text[],
          ${member.createdAt})
        on conflict (workspace_id, user_id) do update set display_name = excluded.display_name, roles = excluded.roles
        returning user_id, display_name, roles, created_at`,
  )
  return row === undefined ? member : toMembership(row)
}

/** Reads a page of users in the order of their ids, one more than the limit. */
export async function listMembers(
  tx: Tx,
  query: { readonly after: string; readonly limit: number },
): Promise<readonly Membership[]> {
  const rows = await rowsOf<MemberRow>(
    tx,
    sql`select user_id, display_name, roles, created_at from memberships
        where workspace_id = ${tx.workspace} and user_id > ${query.after}
        order by user_id limit ${query.limit + 1}`,
  )
  return rows.map(toMembership)
}

/** What the database says of a user in a workspace: whether the workspace exists, and the roles of a member. */
export async function findStanding(
  tx: Tx,
  { workspace, userId }: { readonly workspace: string; readonly userId: string },
): Promise<{ readonly roles: readonly Role[] | null } | undefined> {
  return rowOf<{ roles: Role[] | null }>(
    tx,
    sql`select m.roles from workspaces w
        left join memberships m on m.workspace_id = w.workspace_id and m.user_id = ${userId}
        where w.workspace_id = ${workspace}`,
  )
}

/** Creates the workspace of the transaction; false when it exists. */
export async function insertWorkspace(
  tx: Tx,
  workspace: { readonly displayName: string; readonly at: string },
): Promise<boolean> {
  const inserted = await countOf(
    tx,
    sql`insert into workspaces (workspace_id, display_name, created_at)
        values (${tx.workspace}, ${workspace.displayName}, ${workspace.at}) on conflict do nothing`,
  )
  return inserted === 1
}

/** Reads a page of workspaces in the order of their ids, one more than the limit. */
export async function listWorkspaces(
  tx: Tx,
  query: { readonly after: string; readonly limit: number },
): Promise<readonly Workspace[]> {
  const rows = await rowsOf<{ readonly id: string; readonly name: string; readonly created_at: string }>(
    tx,
    sql`select workspace_id as id, display_name as name, created_at from workspaces
        where workspace_id > ${query.after} order by workspace_id limit ${query.limit + 1}`,
  )
  return rows.map(({ id, name, created_at: createdAt }) => ({ id, displayName: name, createdAt: isoOf(createdAt) }))
}
