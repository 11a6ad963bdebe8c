import type { ApiKey, ApiKeyRequest, ControlScope, CreatedApiKey, Page } from '@preceptor/client'
import { FLEET, PAUSED, PERSON, SUPERVISOR } from './fleet.ts'

/** The credentials of one round; nobody sees them and they end with it. */
export interface RoundKeys {
  readonly agents: ReadonlyMap<string, string>
  readonly supervisor: string
  readonly person: string
  readonly sync: string
}

/** Name of the service that synchronises the stock. */
const SYNC_SERVICE = 'stock-sync'
const ROUND_KEY = 'Demo round: '
const ADMINISTRATOR = 'administrator'
const HOUR_MS = 3_600_000

/** Makes the credentials of a round, after it has revoked those of rounds that were interrupted. */
export async function issueRoundKeys(system: ControlScope): Promise<RoundKeys> {
  await revokeRoundKeys(system)
  const expiresAt = new Date(Date.now() + HOUR_MS).toISOString()
  const issue = async (principalId: string, request: Omit<ApiKeyRequest, 'displayName' | 'principalId'>) => {
    const displayName = `${ROUND_KEY}${principalId}`
    return (await system.keys.create({ displayName, principalId, expiresAt, ...request })).secret
  }
  const agents = new Map<string, string>()
  for (const { id } of [...FLEET, PAUSED]) agents.set(id, await issue(id, { principalKind: 'agent' }))
  return {
    agents,
    supervisor: await issue(SUPERVISOR, { principalKind: 'user', roles: ['supervisor'] }),
    person: await issue(PERSON, { principalKind: 'user', roles: ['admin'] }),
    sync: await issue(SYNC_SERVICE, {
      principalKind: 'service',
      source: 'data_sync',
      scopes: ['triggers.decide', 'decisions.report'],
      agents: FLEET.map(({ id }) => id),
    }),
  }
}

/** Revokes the credentials of rounds. */
export async function revokeRoundKeys(system: ControlScope): Promise<void> {
  const left = await liveKeys(system, ({ displayName }) => displayName.startsWith(ROUND_KEY))
  for (const { id } of left) await system.keys.revoke(id)
}

/**
 * Makes the administrator key at the first start that serves. Later starts make one only when they are asked to; those
 * before then end, because whoever asks has lost them. Undefined when the key was shown by an earlier start.
 */
export async function issueAdministratorKey(
  system: ControlScope,
  { renew }: { readonly renew: boolean },
): Promise<CreatedApiKey | undefined> {
  const live = await liveKeys(system, ({ principalId }) => principalId === ADMINISTRATOR)
  if (!renew && live.length > 0) return undefined
  await system.members.put(ADMINISTRATOR, { displayName: 'Administrator', roles: ['admin'] })
  for (const { id } of live) await system.keys.revoke(id)
  const displayName = 'Administrator'
  return system.keys.create({ displayName, principalKind: 'user', principalId: ADMINISTRATOR, roles: ['admin'] })
}

async function liveKeys(system: ControlScope, matches: (key: ApiKey) => boolean): Promise<readonly ApiKey[]> {
  const live: ApiKey[] = []
  let cursor: string | null = null
  do {
    const page: Page<ApiKey> = await system.keys.list({ limit: 100, ...(cursor === null ? {} : { cursor }) })
    live.push(...page.items.filter((key) => matches(key) && isLive(key)))
    cursor = page.next
  } while (cursor !== null)
  return live
}

function isLive({ revokedAt, expiresAt }: ApiKey): boolean {
  return revokedAt === null && (expiresAt === null || Date.parse(expiresAt) > Date.now())
}
