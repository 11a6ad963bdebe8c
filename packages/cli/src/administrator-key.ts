import type { ApiKey, ControlScope, CreatedApiKey, Page } from '@preceptor/client'

const USER = 'administrator'

/** When an administrator key is made. */
export interface AdministratorKeyOptions {
  /** Make one where there is none. */
  readonly first: boolean
  /** Make one in any case; those before are revoked, because whoever asks has lost them. */
  readonly renew: boolean
}

/** Makes the key of the administrator, whose secret is shown this once; undefined when none was made. */
export async function issueAdministratorKey(
  system: ControlScope,
  { first, renew }: AdministratorKeyOptions,
): Promise<CreatedApiKey | undefined> {
  const live = await liveKeys(system)
  if (!renew && (!first || live.length > 0)) return undefined
  await system.members.put(USER, { displayName: 'Administrator', roles: ['admin'] })
  for (const { id } of live) await system.keys.revoke(id)
  const displayName = 'Administrator'
  return system.keys.create({ displayName, principalKind: 'user', principalId: USER, roles: ['admin'] })
}

async function liveKeys(system: ControlScope): Promise<readonly ApiKey[]> {
  const live: ApiKey[] = []
  let cursor: string | null = null
  do {
    const page: Page<ApiKey> = await system.keys.list({
      limit: 100,
      ...(cursor === null ? {} : { cursor }),
    })
    live.push(...page.items.filter(isLive))
    cursor = page.next
  } while (cursor !== null)
  return live
}

function isLive({ principalId, principalKind, revokedAt, expiresAt }: ApiKey): boolean {
  const isAdministrator = principalKind === 'user' && principalId === USER
  return isAdministrator && revokedAt === null && (expiresAt === null || Date.parse(expiresAt) > Date.now())
}
