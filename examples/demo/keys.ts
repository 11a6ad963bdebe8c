import type { ApiKeyRequest, ControlScope, CreatedApiKey } from '@preceptor/client'
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
const ADMINISTRATOR_KEY = 'Demo administrator'
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
  await revokeLive(system, (displayName) => displayName.startsWith(ROUND_KEY))
}

/**
 * Makes the administrator key at the first start that serves. Later starts make one only when they are asked to; the
 * one before then ends, because whoever asks has lost it. Undefined when the key was shown by an earlier start.
 */
export async function issueAdministratorKey(
  system: ControlScope,
  { renew }: { readonly renew: boolean },
): Promise<CreatedApiKey | undefined> {
  const isAdministratorKey = (displayName: string): boolean => displayName === ADMINISTRATOR_KEY
  if (!renew && (await liveKeys(system, isAdministratorKey)).length > 0) return undefined
  await system.members.put(ADMINISTRATOR, { displayName: 'Administrator', roles: ['admin'] })
  await revokeLive(system, isAdministratorKey)
  return system.keys.create({
    displayName: ADMINISTRATOR_KEY,
    principalKind: 'user',
    principalId: ADMINISTRATOR,
    roles: ['admin'],
  })
}

async function revokeLive(system: ControlScope, matches: (displayName: string) => boolean): Promise<void> {
  for (const id of await liveKeys(system, matches)) await system.keys.revoke(id)
}

async function liveKeys(system: ControlScope, matches: (displayName: string) => boolean): Promise<readonly string[]> {
  const live: string[] = []
  let cursor: string | null | undefined
  do {
    const page = await system.keys.list({ limit: 100, ...(cursor ? { cursor } : {}) })
    for (const { id, displayName, revokedAt, expiresAt } of page.items) {
      const expired = expiresAt !== null && Date.parse(expiresAt) <= Date.now()
      if (matches(displayName) && revokedAt === null && !expired) live.push(id)
    }
    cursor = page.next
  } while (cursor !== null)
  return live
}
