import {
  type ApiKey,
  type ApiKeyRequest,
  type CreatedApiKey,
  GovernanceError,
  type Page,
  type PageQuery,
} from '@preceptor/client'
import { z } from 'zod'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { cursorTimePlace, pageOf, parseLimit } from '../kernel/pagination.ts'
import type { AccessContext } from './access-context.ts'
import { type Actor, actorName } from './actor.ts'
import { hashCredential, makeApiKeySecret } from './api-key-secret.ts'
import { authorize } from './authorize.ts'
import { parseInput } from './parse-input.ts'
import { findKey, findMember, insertKey, listKeys, revokeKeyRow } from './store.ts'

/** What a key lives for unless told otherwise. */
export const DEFAULT_LIFE_MS: number = 90 * 24 * 3_600_000

// Room for every operation of the product and of its plugins; which scopes there are is checked one by one.
const MOST_SCOPES = 500

const input = z.strictObject({
  displayName: z.string().min(1).max(200),
  principalKind: z.enum(['user', 'agent', 'service', 'system']),
  principalId: z.string().min(1).max(200),
  roles: z
    .array(z.enum(['admin', 'supervisor', 'viewer']))
    .max(3)
    .default([]),
  scopes: z.array(z.string().max(100)).max(MOST_SCOPES).default([]),
  agents: z.array(z.string().min(1).max(128)).min(1).max(200).optional(),
  source: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,62}$/, 'use 1 to 63 of a to z, 0 to 9 and "_"')
    .optional(),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
})
type Parsed = z.output<typeof input>

/**
 * Creates an API key and shows its secret, once. A key carries no more than its creator could do: only the system makes
 * keys for the system, and the key of a user never has a role that the user does not have in the workspace.
 *
 * @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function createKey(context: AccessContext, actor: Actor, request: ApiKeyRequest): Promise<CreatedApiKey> {
  authorize(actor, 'keys.create')
  const now = context.clock.now()
  const parsed = parseInput(input, request, 'key')
  assertScopes(context, parsed)
  assertFits(parsed, now)
  assertMayIssue(actor, parsed)
  const { secret, prefix } = makeApiKeySecret(context.randomBytes)
  const key: ApiKey = {
    ...parsed,
    id: context.ids.next('key'),
    prefix,
    agents: parsed.agents ?? null,
    source: parsed.source ?? null,
    createdBy: actorName(actor),
    createdAt: isoTime(now),
    expiresAt: isoTime(parsed.expiresAt === undefined ? now + DEFAULT_LIFE_MS : Date.parse(parsed.expiresAt)),
    revokedAt: null,
    lastUsedAt: null,
    replacedBy: null,
  }
  await inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    await assertMemberHasRoles(tx, key)
    await insertKey(tx, { ...key, secretHash: hashCredential(secret) })
    const { id, principalKind, principalId, roles, scopes, agents, source, expiresAt } = key
    await context.journal.append(tx, {
      kind: 'key.created',
      subject: id,
      body: {
        actor: key.createdBy,
        principal: `${principalKind}:${principalId}`,
        roles,
        scopes,
        agents,
        source,
        expiresAt,
      },
    })
  })
  return { key, secret }
}

/** @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readKeys(context: AccessContext, actor: Actor, query: PageQuery): Promise<Page<ApiKey>> {
  authorize(actor, 'keys.list')
  const limit = parseLimit(query.limit)
  const before = cursorTimePlace(query.cursor)
  const keys = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) =>
    listKeys(tx, { before, limit }),
  )
  return pageOf(keys, limit, ({ createdAt, id }) => [createdAt, id])
}

/**
 * Revokes an API key: at once in this process, within a second in every other one. Revoking it again changes nothing.
 *
 * @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function revokeKey(context: AccessContext, actor: Actor, id: string): Promise<ApiKey> {
  authorize(actor, 'keys.revoke')
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const revoked = await revokeKeyRow(tx, id, isoTime(context.clock.now()))
    tx.afterCommit(() => context.identities.forget(id))
    if (revoked === undefined) return getKey(tx, id)
    await context.journal.append(tx, { kind: 'key.revoked', subject: id, body: { actor: actorName(actor) } })
    return revoked
  })
}

/** @throws GovernanceError `NOT_FOUND`. */
export async function getKey(tx: Tx, id: string): Promise<ApiKey> {
  const key = await findKey(tx, id)
  if (key !== undefined) return key
  throw new GovernanceError('NOT_FOUND', { message: 'There is no such key in this workspace.' })
}

/**
 * Whoever is handed the secret of a key can do what the key can.
 *
 * @throws GovernanceError `PERMISSION_DENIED`
 */
export function assertMayIssue(actor: Actor, { principalKind }: Pick<ApiKey, 'principalKind'>): void {
  if (principalKind !== 'system' || actor.principal.kind === 'system') return
  throw new GovernanceError('PERMISSION_DENIED', {
    message: 'Only the system creates a key for the system.',
    hint: 'Create it with the command line on the host.',
  })
}

function assertScopes({ isServiceScope }: AccessContext, { scopes }: Parsed): void {
  const wrong = scopes.findIndex((scope) => !isServiceScope(scope))
  if (wrong === -1) return
  throw new GovernanceError('INPUT_INVALID', {
    message: `key.scopes.${wrong}: no operation that a service can be given.`,
    details: { fields: [`scopes.${wrong}`] },
  })
}

/** What does not act is refused, so that nobody relies on it. */
function assertFits(key: Parsed, now: number): void {
  const is = (kind: Parsed['principalKind']): boolean => key.principalKind === kind
  const problems = [
    key.roles.length > 0 && !is('user') && 'roles: only a user has roles.',
    key.scopes.length > 0 && !is('service') && 'scopes: only a service has scopes.',
    is('service') && key.scopes.length === 0 && 'scopes: a service without a scope can do nothing.',
    key.agents !== undefined && !is('service') && 'agents: only a service acts for agents.',
    key.source === 'manual' && !is('user') && 'source: manual is only for users.',
    key.expiresAt !== undefined && Date.parse(key.expiresAt) <= now && 'expiresAt: this time has passed.',
  ].filter((problem) => problem !== false)
  if (problems.length === 0) return
  throw new GovernanceError('INPUT_INVALID', { message: problems.map((problem) => `key.${problem}`).join(' ') })
}

/**
 * Lets a key be made for a user only who is a member with its roles.
 *
 * @throws GovernanceError `INPUT_INVALID`
 */
export async function assertMemberHasRoles(tx: Tx, key: ApiKey): Promise<void> {
  if (key.principalKind !== 'user') return
  const member = await findMember(tx, key.principalId)
  const missing = key.roles.filter((role) => member?.roles.includes(role) !== true)
  if (member !== undefined && missing.length === 0) return
  const what = member === undefined ? 'is no member of this workspace' : `has not the role ${missing.join(', ')}`
  throw new GovernanceError('INPUT_INVALID', {
    message: `key.principalId: the user ${JSON.stringify(key.principalId)} ${what}.`,
    hint: 'Put the member with these roles first.',
  })
}
