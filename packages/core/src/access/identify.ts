import { GovernanceError, type Identity, type Role } from '@preceptor/client'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { AccessContext } from './access-context.ts'
import { hashCredential, isApiKey, isSameHash } from './api-key-secret.ts'
import type { JwtVerifier } from './jwt.ts'
import { type FoundKey, findKey, findKeyByHash, findStanding, rolesOf as rolesOfMembers } from './store.ts'

const JWT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/
const MOST_CHARACTERS = 8_192

/**
 * Turns a bearer credential into an identity: an API key by its hash, a JWT by its signature, each with the roles that
 * the database holds now. An identity is used for one second at most before the database is asked again.
 *
 * @throws GovernanceError `CREDENTIAL_INVALID`, `WORKSPACE_UNKNOWN`, or the code of a fault.
 */
export async function authenticate(
  context: AccessContext,
  credential: string,
  verifier?: JwtVerifier,
): Promise<Identity> {
  if (typeof credential !== 'string' || credential.length > MOST_CHARACTERS) throw invalid()
  if (isApiKey(credential)) {
    const secretHash = hashCredential(credential)
    return context.identities.get(secretHash, () => identifyKey(context, secretHash))
  }
  if (verifier === undefined || !JWT.test(credential)) throw invalid()
  // Before the cache is asked: a token may expire within the second.
  await verifier.verify(credential)
  return context.identities.get(hashCredential(credential), () => identifyToken(context, credential, verifier))
}

async function identifyKey(context: AccessContext, secretHash: string): Promise<Identity> {
  const now = context.clock.now()
  const scope = { workspace: '*', role: 'system', deadlineMs: context.settings.deadlineMs } as const
  const found = await inWorkspace(context.database, scope, (tx) => findKeyByHash(tx, secretHash, isoTime(now)))
  if (found === undefined || !isSameHash(found.secretHash, secretHash) || !holds(found, now)) throw invalid()
  return identityOf(found)
}

/**
 * What a key that was verified before stands for now.
 *
 * @throws GovernanceError `CREDENTIAL_INVALID`, or the code of a fault.
 */
export async function identifyKeyById(
  context: AccessContext,
  { workspace, id }: { readonly workspace: string; readonly id: string },
): Promise<Identity> {
  const scope = { workspace, deadlineMs: context.settings.deadlineMs }
  const found = await inWorkspace(context.database, scope, async (tx): Promise<Standing | undefined> => {
    const key = await findKey(tx, id)
    if (key === undefined) return undefined
    const members = key.principalKind === 'user' ? await rolesOfMembers(tx, [key.principalId]) : undefined
    return { key, workspace, memberRoles: members?.get(key.principalId) ?? null }
  })
  if (found === undefined || !holds(found, context.clock.now())) throw invalid()
  return identityOf(found)
}

type Standing = Omit<FoundKey, 'secretHash'>

function identityOf(found: Standing): Identity {
  const { key, workspace } = found
  return {
    workspace,
    principal: {
      kind: key.principalKind,
      id: key.principalId,
      roles: rolesOf(found),
      credential: key.id,
      ...(key.principalKind === 'service' ? { scopes: key.scopes } : {}),
      ...(key.principalKind === 'service' && key.agents !== null ? { agents: key.agents } : {}),
    },
    ...(key.source === null ? {} : { source: key.source }),
  }
}

function holds({ key, memberRoles }: Standing, now: number): boolean {
  if (key.revokedAt !== null) return false
  if (key.expiresAt !== null && Date.parse(key.expiresAt) <= now) return false
  return key.principalKind !== 'user' || memberRoles !== null
}

/** A key never outlives a role: what the user lost, every key of the user lost. */
function rolesOf({ key, memberRoles }: Standing): readonly Role[] {
  return key.principalKind === 'user' ? key.roles.filter((role) => memberRoles?.includes(role) === true) : []
}

async function identifyToken(context: AccessContext, token: string, verifier: JwtVerifier): Promise<Identity> {
  const claims = await verifier.verify(token)
  const { workspace, subject } = claims
  const scope = { workspace: '*', role: 'system', deadlineMs: context.settings.deadlineMs } as const
  const standing = await inWorkspace(context.database, scope, (tx) => findStanding(tx, { workspace, userId: subject }))
  const roles = standing === undefined ? null : (claims.roles ?? standing.roles)
  if (roles === null) throw new GovernanceError('WORKSPACE_UNKNOWN')
  return {
    workspace,
    principal: { kind: 'user', id: subject, roles, credential: `jwt:${claims.id}` },
    source: 'manual',
  }
}

function invalid(): GovernanceError {
  return new GovernanceError('CREDENTIAL_INVALID')
}
