import type { ApiKey, ControlScope, CreatedApiKey, Page } from '@preceptor/client'

/** A user that the command line keeps, with the role admin. */
export interface KeptUser {
  readonly id: string
  readonly displayName: string
}

/** Whoever administers a server. */
export const ADMINISTRATOR: KeptUser = { id: 'administrator', displayName: 'Administrator' }

/** Whoever runs "preceptor dev". */
export const DEVELOPER: KeptUser = { id: 'developer', displayName: 'Developer' }

/** When a key is made. */
export interface KeyOptions {
  /** Make one where there is none. */
  readonly first: boolean
  /** Make one in any case; those before are revoked, because whoever asks has lost them. */
  readonly renew: boolean
}

/** Makes a key of a kept user, whose secret is shown this once; undefined when none was made. */
export async function issueKey(
  system: ControlScope,
  { id: userId, displayName }: KeptUser,
  { first, renew }: KeyOptions,
): Promise<CreatedApiKey | undefined> {
  const live = await liveKeys(system, userId)
  if (!renew && (!first || live.length > 0)) return undefined
  await system.members.put(userId, { displayName, roles: ['admin'] })
  for (const { id } of live) await system.keys.revoke(id)
  return system.keys.create({ displayName, principalKind: 'user', principalId: userId, roles: ['admin'] })
}

async function liveKeys(system: ControlScope, userId: string): Promise<readonly ApiKey[]> {
  const live: ApiKey[] = []
  let cursor: string | null = null
  do {
    const page: Page<ApiKey> = await system.keys.list({
      limit: 100,
      ...(cursor === null ? {} : { cursor }),
    })
    live.push(...page.items.filter((key) => isLiveKeyOf(userId, key)))
    cursor = page.next
  } while (cursor !== null)
  return live
}

function isLiveKeyOf(userId: string, { principalId, principalKind, revokedAt, expiresAt }: ApiKey): boolean {
  const isOwn = principalKind === 'user' && principalId === userId
  return isOwn && revokedAt === null && (expiresAt === null || Date.parse(expiresAt) > Date.now())
}
