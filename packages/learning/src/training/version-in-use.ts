import type { PlaybookVersion } from '@preceptor/client'
import { activeVersion, type Tx } from '@preceptor/core/plugin'
import type { StoredRun } from './training-store.ts'

/**
 * What runtimes load now where the version of a run is to be deployed: what stands there, else what everybody has; null
 * where there is nothing. It is what the version is made from and tested against.
 */
export async function versionInUse(
  tx: Tx,
  { agentType, deploy }: Pick<StoredRun, 'agentType' | 'deploy'>,
): Promise<PlaybookVersion | null> {
  const everybody = { agentType, tier: 'system', target: null } as const
  if (deploy === null || deploy.tier === 'system') return activeVersion(tx, everybody)
  const there = await activeVersion(tx, { agentType, tier: deploy.tier, target: deploy.target ?? null })
  return there ?? activeVersion(tx, everybody)
}
