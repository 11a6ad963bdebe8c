import type { PlaybookTier, PlaybookVersion } from '@preceptor/client'
import type { Tx } from '../database/transaction.ts'
import { listActiveAt } from './deployment-store.ts'
import { getVersion } from './get-version.ts'
import { holdPlaybook } from './playbook-store.ts'

/** The version that is deployed to everybody at one tier and target; null where none is. Holds the playbook. */
export async function activeVersion(
  tx: Tx,
  {
    agentType,
    tier,
    target,
  }: { readonly agentType: string; readonly tier: PlaybookTier; readonly target: string | null },
): Promise<PlaybookVersion | null> {
  const playbook = await holdPlaybook(tx, { agentType })
  if (playbook === undefined) return null
  const active = await listActiveAt(tx, { playbook: playbook.id, tier, target })
  const whole = active.find(({ share }) => share === 1)
  return whole === undefined ? null : getVersion(tx, playbook.id, whole.version)
}
